"""Observation point `exposes`: the exact set of functions that a client can call."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.observations.observation import (
    Mismatch,
    Observation,
    expect,
    unexpected_rejection,
)
from conformance.observations.program import FIELDS, read_program
from conformance.protocol import Ok

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.protocol import Hello, Rejected, Request
    from conformance.written import Written


@dataclass(frozen=True, slots=True)
class Exposes(Observation):
    """The functions that are callable, sorted; no others are."""

    name: ClassVar[str] = "exposes"

    program: Mapping[str, Any]
    functions: tuple[str, ...]

    @classmethod
    def read(cls, written: Written) -> Exposes:
        """A list of `path#name`, or `{functions: […], entry, …}`."""
        if written.is_list:
            return cls({}, _names(written))
        fields = written.fields(FIELDS | {"functions"}, required=("functions",))
        return cls(read_program(fields), _names(fields["functions"]))

    def named_places(self) -> Iterator[tuple[str, int | None]]:
        """The modules of the entry and of the functions."""
        yield from Observation.named_places(self)
        yield from ((name.partition("#")[0], None) for name in self.functions)

    def request(self, files: Mapping[str, str]) -> Request:
        """Say which functions can be called."""
        return {"op": "exposes", "files": dict(files), **self.program}

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | None:  # noqa: ARG002  (the same for everybody)
        """Compare the sets; a function more is worse than a function less, so it has its own code."""
        expected = "\n".join(self.functions) or "(none)"
        if not isinstance(reply, Ok):
            return unexpected_rejection(reply, expected)
        seen = _seen_functions(reply)
        more = sorted((Counter(seen) - Counter(self.functions)).elements())
        fewer = sorted((Counter(self.functions) - Counter(seen)).elements())
        if not more and not fewer:
            return None
        parts = [f"{', '.join(more)} can be called and must not"] if more else []
        parts += [f"{', '.join(fewer)} cannot be called and must"] if fewer else []
        code = "exposes-more" if more else "exposes-less"
        return Mismatch(code, "; ".join(parts), expected, "\n".join(seen) or "(none)")


def _names(written: Written) -> tuple[str, ...]:
    for item in written.items():
        if "#" not in item.text():
            item.refuse("invalid-value", f"{item.text()!r} is not of the form path#name")
    return tuple(sorted(item.text() for item in written.items()))


def _seen_functions(reply: Ok) -> list[str]:
    shape = 'the ok of exposes is {"functions": ["path#name", …]}'
    expect(isinstance(reply.value, dict), shape)
    functions = reply.value.get("functions")
    expect(isinstance(functions, list), shape)
    expect(all(isinstance(name, str) for name in functions), shape)
    return sorted(functions)
