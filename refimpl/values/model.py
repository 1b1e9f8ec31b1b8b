"""Values between two realms: what a message means, apart from how its bytes are written.

Rules of this module:

* A model value belongs to no realm. Codecs turn it into bytes and back; `snapshot` takes it from
  a guest value, `revive` makes a guest value of it.
* Python identity is identity: a list that is met twice is one array met twice. Cycles are cycles.
* The kinds: None (null), UNDEFINED, bool, float (Number), int (BigInt), str (UTF-16 code units),
  list (array), dict (plain object), and the classes below. A value of any other Python type in a
  message is a bug of ours, not of the sender.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Undefined(Enum):
    """The type of `UNDEFINED`, so that a type checker can tell it apart."""

    UNDEFINED = "undefined"


UNDEFINED = Undefined.UNDEFINED

#: A model value. The kinds are listed above; a recursive type would say less than that list.
Value = Any


@dataclass(eq=False, slots=True)
class Date:
    """A Date; `time` is milliseconds since the epoch, NaN when invalid."""

    time: float


@dataclass(eq=False, slots=True)
class Map:
    """A Map; `entries` are pairs in insertion order."""

    entries: list[tuple[Value, Value]] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Set:
    """A Set; `values` are in insertion order."""

    values: list[Value] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Symbol:
    """A symbol of the global registry."""

    key: str


@dataclass(eq=False, slots=True)
class ServerReference:
    """A server function, and the values already bound to it (None: nothing was bound).

    For a client, sealed captures are the first bound value. Among captures, which never leave
    the server unsealed, `captured` are the values themselves and `live` the function object.
    """

    id: str
    bound: list[Value] | None = None
    captured: list[Value] | None = None
    live: Any = None


@dataclass(eq=False, slots=True)
class Unsupported:
    """A captured value outside the contract: good on the server, an error to write.

    `value` is the guest value; `name` is the captured binding.
    """

    value: Any
    name: str
    code: str


@dataclass(eq=False, slots=True)
class ClientReference:
    """An export of a client module, as the server sees it."""

    module: str
    name: str


@dataclass(eq=False, slots=True)
class Element:
    """A JSX element. `type` is a string, a ClientReference, or a Symbol (fragment)."""

    type: Value
    key: str | None
    props: dict[str, Value]
