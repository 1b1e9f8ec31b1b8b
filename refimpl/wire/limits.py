"""The register of limits (SPEC.md Annex E): what one message may cost its receiver.

Rules of this module:

* Every decoder, buffered or incremental, takes the same `Limits`.
* What goes over a limit is an error with a code of its own, `limit.<name>`, and names the limit.
* A limit is compared with what has arrived, or with what was announced; nothing is allocated
  from an announcement.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from refimpl.values.outcome import DecodeError


@dataclass(frozen=True)
class Limit:
    """One line of the register. Every implementation accepts what is within `floor`."""

    name: str
    default: int
    floor: int
    counts: str

    @property
    def code(self) -> str:
        """The error code of a message over this limit."""
        return f"limit.{self.name}"


#: Clauses: wire.limits, wire.limits.codes, wire.limits.floors.
#: Clauses: security.data.limits, security.data.every-way.
REGISTER = (
    Limit("body", 32_000_000, 1_000_000, "bytes of one message"),
    Limit("parts", 100_000, 10_000, "parts or rows of one message"),
    Limit("slots", 2_000_000, 100_000, "array elements and object members of one message"),
    Limit("depth", 10_000, 500, "arrays and objects inside each other in one part or row"),
    Limit("path", 1_000, 100, "steps to one temporary reference"),
    Limit("string", 16_000_000, 1_000_000, "code units of one string"),
    Limit("bigint", 300, 300, "characters of one bigint, its sign included"),
    Limit("bound", 1_000, 1_000, "arguments bound to one server reference"),
    Limit("header", 16_000, 1_000, "bytes of the header of one multipart part"),
)
BY_NAME = {limit.name: limit for limit in REGISTER}


@dataclass(frozen=True)
class Limits:
    """The limits one decoder keeps to."""

    body: int = BY_NAME["body"].default
    parts: int = BY_NAME["parts"].default
    slots: int = BY_NAME["slots"].default
    depth: int = BY_NAME["depth"].default
    path: int = BY_NAME["path"].default
    string: int = BY_NAME["string"].default
    bigint: int = BY_NAME["bigint"].default
    bound: int = BY_NAME["bound"].default
    header: int = BY_NAME["header"].default

    def check(self, name: str, amount: int) -> None:
        """Raise the limit's own error when `amount` is over it."""
        most: int = getattr(self, name)
        if amount > most:
            limit = BY_NAME[name]
            raise DecodeError(limit.code, f"more than {most} {limit.counts}")


assert [field.name for field in fields(Limits)] == [*BY_NAME], "the register and Limits differ"

DEFAULT = Limits()
#: React's client reads bigints of any length; ours is bounded all the same.
RESULT = Limits(bigint=4_000)
