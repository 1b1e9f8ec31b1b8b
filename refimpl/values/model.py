"""Values between two realms: what a message means, apart from how its bytes are written.

Rules of this module:

* A model value belongs to no realm. Codecs turn it into bytes and back; `snapshot` takes it from
  a guest value, `revive` makes a guest value of it.
* Python identity is identity: a list that is met twice is one array met twice. Cycles are cycles.
* The kinds: None (null), UNDEFINED, bool, float (Number), int (BigInt), str (UTF-16 code units),
  list (array), dict (plain object), and the classes below. A value of any other Python type in a
  message is a bug of ours, not of the sender.
* A promise and a stream are pushed to and push on; nothing here waits or runs guest code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable


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


class ArrayHole(Enum):
    """The type of `HOLE`."""

    HOLE = "hole"


#: What an array has where it has no element. Every codec writes undefined for it.
HOLE = ArrayHole.HOLE

#: The kinds of binary values, and the size of one element in bytes.
ELEMENT_SIZES = {
    "ArrayBuffer": 1,
    "DataView": 1,
    "Int8Array": 1,
    "Uint8Array": 1,
    "Uint8ClampedArray": 1,
    "Int16Array": 2,
    "Uint16Array": 2,
    "Int32Array": 4,
    "Uint32Array": 4,
    "Float32Array": 4,
    "Float64Array": 8,
    "BigInt64Array": 8,
    "BigUint64Array": 8,
}


@dataclass(eq=False, slots=True)
class Bytes:
    """An ArrayBuffer or a view; `kind` is a key of `ELEMENT_SIZES`, elements are little-endian."""

    kind: str
    data: bytes


@dataclass(eq=False, slots=True)
class Blob:
    """A Blob, or a File when it has a name; `last_modified` is milliseconds since the epoch."""

    type: str
    data: bytes
    name: str | None = None
    last_modified: float | None = None


@dataclass(eq=False, slots=True)
class FormData:
    """A FormData; `entries` in order, names repeated as they are."""

    entries: list[tuple[str, str | Blob]] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Iterator:
    """A synchronous iterator, drained; what it returned at its end is not kept."""

    values: list[Value] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Error:
    """An error; a redacted one has lost everything but its digest.

    `cause` and `errors` are UNDEFINED where the error has none. `phase` and `code` tell a throw
    from what the machinery refused.
    """

    name: str = "Error"
    message: str = ""
    digest: str | None = None
    redacted: bool = False
    cause: Value = UNDEFINED
    errors: Value = UNDEFINED
    phase: str = "call"
    code: str = "thrown"


@dataclass(eq=False, slots=True)
class TemporaryReference:
    """A value that stayed with the peer; `path` is where it was in the peer's message."""

    path: str


class Promise:
    """A promise: settled once, by whoever holds it."""

    __slots__ = ("_waiting", "state", "value")

    def __init__(self) -> None:
        self.state: Literal["pending", "fulfilled", "rejected"] = "pending"
        self.value: Value = UNDEFINED
        self._waiting: list[Callable[[Promise], None]] = []

    def fulfill(self, value: Value) -> None:
        """Settle with a value; a promise that is settled stays as it is."""
        self._settle("fulfilled", value)

    def reject(self, error: Value) -> None:
        """Settle with an error; a promise that is settled stays as it is."""
        self._settle("rejected", error)

    def when_settled(self, callback: Callable[[Promise], None]) -> None:
        """Call `callback` with this promise once it is settled: at once when it is already."""
        if self.state == "pending":
            self._waiting.append(callback)
        else:
            callback(self)

    def _settle(self, state: Literal["fulfilled", "rejected"], value: Value) -> None:
        if self.state != "pending":
            return
        self.state, self.value = state, value
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback(self)


class Stream:
    """A ReadableStream ("default", "bytes") or what an async iterable or iterator gives."""

    __slots__ = ("_observers", "chunks", "error", "kind", "returned", "state")

    def __init__(self, kind: Literal["default", "bytes", "iterable", "iterator"]) -> None:
        self.kind = kind
        self.chunks: list[Value] = []
        self.state: Literal["open", "closed", "errored"] = "open"
        self.returned: Value = UNDEFINED
        self.error: Value = UNDEFINED
        self._observers: list[tuple[Callable[[Value], None], Callable[[Stream], None]]] = []

    def push(self, value: Value) -> None:
        """Add a chunk; a stream that has ended stays as it is."""
        if self.state == "open":
            self.chunks.append(value)
            for on_chunk, _ in self._observers:
                on_chunk(value)

    def close(self, returned: Value = UNDEFINED) -> None:
        """End the stream, with what its iterator returned."""
        if self.state == "open":
            self.state, self.returned = "closed", returned
            self._end()

    def fail(self, error: Value) -> None:
        """End the stream with an error."""
        if self.state == "open":
            self.state, self.error = "errored", error
            self._end()

    def observe(self, on_chunk: Callable[[Value], None], on_end: Callable[[Stream], None]) -> None:
        """Call back for every chunk, those that came before included, and once at the end."""
        for chunk in self.chunks:
            on_chunk(chunk)
        if self.state == "open":
            self._observers.append((on_chunk, on_end))
        else:
            on_end(self)

    def _end(self) -> None:
        observers, self._observers = self._observers, []
        for _, on_end in observers:
            on_end(self)
