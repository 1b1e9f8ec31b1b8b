"""What a running project is asked to do: the fields that run, exposes and withholds share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance import notation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.written import Written

MODES = ("production", "development")


def _arguments(written: Written) -> list[Any]:
    written.items()
    encoded: list[Any] = notation.encode(written.value())
    return encoded


_READERS: Mapping[str, Callable[[Written], Any]] = {
    "entry": lambda written: written.text_or_null(),
    "args": _arguments,
    "client": lambda written: written.text(),
    "client_file": lambda written: written.text(),
    "mode": lambda written: written.one_of(MODES),
    "schedule": lambda written: [item.integer() for item in written.items()],
    "seed": lambda written: written.integer(),
}

FIELDS = frozenset(_READERS)


def read_program(fields: Mapping[str, Written]) -> dict[str, Any]:
    """Those of `fields` that describe the program, as a request carries them."""
    return {name: read(fields[name]) for name, read in _READERS.items() if name in fields}
