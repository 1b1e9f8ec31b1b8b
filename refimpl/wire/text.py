"""Text as it stands in messages: UTF-8 outside, UTF-16 code units inside, JSON between.

Rules of this module:

* Nothing is replaced: bytes that are not UTF-8 are an error, lone surrogates are escaped.
* Numbers are what IEEE 754 makes of them; `NaN` and its like are no JSON.
* Depth costs memory, never stack: what Python's parser finds too deep, ours reads.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from refimpl.language.algorithms import json_text
from refimpl.language.algorithms.utf16 import to_code_points, to_units, to_well_formed
from refimpl.wire.errors import malformed

#: Quotes ASCII as JSON.stringify does.
_quote_ascii = json.encoder.encode_basestring


def quote(units: str) -> str:
    """A string as JSON writes it: code points, with lone surrogates escaped.

    Clause: wire.json.strings.
    """
    if units.isascii():
        return _quote_ascii(units)
    return to_code_points(json_text.quote(units))


def decode_utf8(data: bytes) -> str:
    """The code units of UTF-8 bytes. Clause: wire.utf8."""
    try:
        return to_units(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise malformed("utf8", f"at byte {error.start}") from None


def encode_utf8(units: str) -> bytes:
    """The bytes of code units; where no JSON escapes it, a lone surrogate becomes U+FFFD."""
    return to_code_points(to_well_formed(units)).encode("utf-8")


def parse_json(text: str) -> Any:
    """The value of a JSON text: lists, dicts, floats, strings that may hold astral characters.

    Clauses: wire.json, wire.json.duplicate-members.
    """
    try:
        return _DECODER.decode(text)
    except ValueError as error:
        raise malformed("json", str(error)) from None
    except RecursionError:
        return _parse_deep(text)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


_DECODER = json.JSONDecoder(parse_int=float, parse_constant=_refuse)


def _parse_deep(text: str) -> Any:
    try:
        value = json_text.parse(text, _Plain())
    except json_text.JSONTextError as error:
        raise malformed("json", str(error)) from None
    return _unwrapped(value)


class _Plain:
    """Builds plain values; null is a class here, because the parser takes None for "not yet"."""

    def literal(self, value: str | float | bool | None) -> Any:
        """A string, number, boolean or null."""
        return _Plain if value is None else value

    def array(self, items: list[Any]) -> Any:
        """An array."""
        return [_unwrapped(item) for item in items]

    def object(self, members: dict[str, Any]) -> Any:
        """An object."""
        return {name: _unwrapped(item) for name, item in members.items()}


def _unwrapped(value: Any) -> Any:
    return None if value is _Plain else value
