"""From JSON to the model: what the strings that begin with `$` stand for, in both directions.

Rules of this module:

* The lists and dicts that JSON gives become the arrays and objects of the message, in place.
* The first use of a part or row decides what it is. Only plain values, promises and server
  references may be used again; everything else that is shared is shared by path.
* A member whose value is undefined is absent, as is one called `__proto__`; a member `then` is
  never a function.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar

from refimpl.language.algorithms.utf16 import to_units
from refimpl.values import model
from refimpl.values.model import UNDEFINED, Value
from refimpl.values.outcome import undecodable
from refimpl.wire import tags
from refimpl.wire.errors import malformed
from refimpl.wire.graph import Chunk, Graph, Reference, is_callable
from refimpl.wire.text import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from refimpl.values.outcome import DecodeError
    from refimpl.wire.limits import Limits

#: What is left of a text that has been read: whether it was an array, and not a reference to one.
AN_ARRAY, NO_ARRAY = "[]", "-"
#: A use that may be repeated.
SHAREABLE = frozenset({"model", "reference"})
#: A use that reads the part in its own way, so that nothing may have read it before.
FIRST_USE_ONLY = frozenset({"reference", "error"})


class Place:
    """Where a container is: a key in the place around it. Only `$T` asks for the whole path."""

    __slots__ = ("around", "depth", "key")

    def __init__(self, around: Place | None, key: Any) -> None:
        self.around = around
        self.key = key
        self.depth: int = 0 if around is None else around.depth + 1

    def path(self, last: Any) -> str:
        """The path of the slot `last` in this place."""
        keys, place = [str(last)], self
        while place.around is not None:
            keys.append(str(place.key))
            place = place.around
        return ":".join([f"{place.key:x}", *reversed(keys)])


class Feed:
    """Passes the chunks of a stream on in order, each when all it needs is there."""

    def __init__(self, stream: model.Stream) -> None:
        self.stream = stream
        self.waiting: deque[Chunk] = deque()
        self.taken = 0
        self.last: Chunk | None = None

    def take(self, chunk: Chunk) -> None:
        """Another chunk, in the order of the stream."""
        self.waiting.append(chunk)
        self.taken += 1

    def deliver(self, _: Chunk | None = None) -> None:
        """Pass on what can be. Clause: wire.tags.stream.order."""
        while self.waiting and self.waiting[0].done:
            chunk = self.waiting.popleft()
            if chunk.failure is not None:
                self.stream.fail(chunk.failure)
            elif chunk is self.last:
                self.stream.close(chunk.cell[0])
            else:
                self.pass_on(chunk.cell[0])

    def pass_on(self, value: Value) -> None:
        """Push one chunk. Clauses: wire.tags.stream.bytes, wire.tags.stream.bytes.empty."""
        if self.stream.kind == "bytes":
            if not isinstance(value, model.Bytes) or value.kind != "Uint8Array":
                raise malformed("kind", "a chunk of a byte stream is not bytes")
            if not value.data:
                return
        self.stream.push(value)


class Reviver(Graph):
    """Walks the JSON of chunks; a subclass has the tags of one direction."""

    makers: ClassVar[Mapping[str, Callable[[Any, Chunk, str], Value]]]
    #: Whether an array that begins with `$` is a JSX element.
    elements: ClassVar[bool]

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.root = model.Promise()
        self.slots = 0
        self.failed: DecodeError | None = None
        self.feeds: dict[int, Feed] = {}
        #: Promises by identity, each with the promise it was settled with, if it was.
        self.promises: list[model.Promise] = []
        self.adopted: dict[int, model.Promise] = {}

    # --- the walk --------------------------------------------------------------------------------

    def revive(self, chunk: Chunk, text: str) -> None:
        """Make the value of a model chunk in its cell."""
        raw = parse_json(text)
        chunk.payload = AN_ARRAY if type(raw) is list else NO_ARRAY
        units = "\\u" in text
        self.walk(chunk, raw, units=units, places=units or '"$T' in text)

    def walk(self, chunk: Chunk, raw: Any, *, units: bool, places: bool = False) -> None:
        """Replace what strings stand for.

        `units` tells that astral characters may be there, `places` that paths may be asked for.
        """
        chunk.cell[0] = raw
        slots: list[tuple[Any, Any]] = []
        longest = 0 if units else self.limits.string
        pending: list[tuple[Any, Place | None, int]] = [(chunk.cell, None, 0)]
        while pending:
            container, place, depth = pending.pop()
            self.enter_container(container, depth)
            if type(container) is dict:
                if units:
                    rename(container)
                container.pop("__proto__", None)
                items: Any = list(container.items())
            else:
                items = enumerate(container)
            for key, item in items:
                kind = type(item)
                if kind is str:
                    if item[:1] != "$" and len(item) <= longest:
                        continue
                    value = self.string(chunk, item, place, key, units=units)
                    if value is item:
                        continue
                    container[key] = value
                    if type(value) is Reference:
                        slots.append((container, key))
                    elif type(container) is dict:
                        settle_member(container, key, value)
                elif kind is list or kind is dict:
                    inner = None
                    if places:
                        inner = Place(place, chunk.number if place is None else key)
                    if kind is list and self.elements and item[:1] == ["$"]:
                        container[key] = self.element(chunk, item)
                    pending.append((item, inner, depth + 1))
        self.group_of(chunk).slots.extend(slots)

    def enter_container(self, container: Any, depth: int) -> None:
        """Count what is about to be visited. Clauses: wire.limits.slots, wire.limits.depth."""
        self.steps += 1 + len(container)
        if depth:  # the cell that holds a whole part is no slot of the message
            self.slots += len(container)
        if self.slots > self.limits.slots:
            self.limits.check("slots", self.slots)
        if depth > self.limits.depth:
            self.limits.check("depth", depth)

    def string(
        self, chunk: Chunk, text: str, place: Place | None, key: Any, *, units: bool
    ) -> Value:
        """What a string stands for; most strings stand for themselves. Clause: wire.tags."""
        if units:
            text = to_units(text)
        if len(text) > self.limits.string:
            self.limits.check("string", len(text))
        if not text.startswith("$"):
            return text
        if text in tags.WORDS:
            return tags.WORDS[text]
        letter = text[1:2]
        if letter == "$":
            return text[1:]
        if letter == "T":
            return self.temporary(chunk, text[2:], place, key)
        make = self.makers.get(letter)
        return self.reference(chunk, text[1:]) if make is None else make(self, chunk, text[2:])

    def element(self, chunk: Chunk, raw: list[Any]) -> model.Element:
        """A JSX element for its tuple. Clause: wire.elements."""
        if len(raw) < 4:
            raise malformed("kind", "an element has a type, a key and props")
        element = model.Element(None, None, {})
        del raw[4:]
        raw[0] = None
        self.tuples[id(element)] = raw
        self.fill(chunk, lambda: fill_element(element, raw))
        return element

    def temporary(self, chunk: Chunk, rest: str, place: Place | None, key: Any) -> Value:
        """The `$T` tag, whose payload differs by direction. Clause: wire.tags.temporary."""
        raise NotImplementedError

    # --- parts and rows --------------------------------------------------------------------------

    def use(self, number: int, role: str) -> Chunk:
        """The chunk a tag names, used as `role`. Clause: wire.references.once."""
        chunk = self.chunk(number)
        taken = chunk.done or chunk.group is not None
        if chunk.role is None:
            again = taken and role in FIRST_USE_ONLY
        else:
            again = chunk.role != role or role not in SHAREABLE
        if again:
            raise malformed("reused", f"number {number} is {chunk.role}, then {role}")
        chunk.role = role
        return chunk

    def fill(self, chunk: Chunk, action: Callable[[], None]) -> None:
        """Do `action` when the group of `chunk` is finished, or now: a path may have led into it."""
        if not chunk.done:
            self.group_of(chunk).fills.append((chunk, action))
        elif chunk.failure is None:
            action()

    def reference(self, chunk: Chunk, text: str) -> Value:
        """A plain reference. Clauses: wire.references, wire.references.path."""
        number, *steps = text.split(":")
        needed = self.chunk(tags.parse_number(number))
        self.need(chunk, needed)
        return Reference(needed, steps)

    def array_of(self, chunk: Chunk) -> list[Value]:
        """The array that is the whole of a part or row. Clause: wire.references.kinds."""
        value = chunk.cell[0]
        if type(value) is list and chunk.payload == AN_ARRAY:
            return value
        raise malformed("kind", f"a part used as {chunk.role} is not an array")

    def make_map(self, chunk: Chunk, text: str) -> Value:
        """`$Q`: the part is an array of pairs. Clause: wire.tags.map."""
        made, part = model.Map(), self.use(tags.parse_number(text), "map")
        self.need(chunk, part)

        def fill() -> None:
            pairs = self.array_of(part)
            if not all(type(pair) is list and len(pair) == 2 for pair in pairs):
                raise malformed("kind", "an entry of a Map is not a pair")
            made.entries = [(pair[0], pair[1]) for pair in pairs]

        self.fill(part, fill)
        return made

    def make_set(self, chunk: Chunk, text: str) -> Value:
        """`$W`: the part is an array of values. Clause: wire.tags.set."""
        made, part = model.Set(), self.use(tags.parse_number(text), "set")
        self.need(chunk, part)

        def fill() -> None:
            made.values = self.array_of(part)

        self.fill(part, fill)
        return made

    def make_iterator(self, chunk: Chunk, text: str) -> Value:
        """`$i`: the part is an array of values. Clause: wire.tags.iterator."""
        made, part = model.Iterator(), self.use(tags.parse_number(text), "iterator")
        self.need(chunk, part)

        def fill() -> None:
            made.values = self.array_of(part)

        self.fill(part, fill)
        return made

    def make_server_reference(self, chunk: Chunk, text: str) -> Value:
        """`$h`: the part has the id and what was bound. Clause: wire.tags.server-reference."""
        part = self.use(tags.parse_number(text), "reference")
        if part.cell[0] is UNDEFINED:
            part.cell[0] = model.ServerReference("")
        self.need(chunk, part)
        return part.cell[0]

    def read_reference(self, chunk: Chunk, text: str) -> None:
        """Fill the server reference of a part. Clause: wire.tags.server-reference.bound."""
        reference = chunk.cell[0]
        match parse_json(text):
            case {"id": str(identifier), "bound": None}:
                reference.id = to_units(identifier)
            case {"id": str(identifier), "bound": str(tag)} if tag.startswith("$@"):
                reference.id = to_units(identifier)
                bound = self.use(tags.parse_number(tag[2:]), "bound")
                self.need(chunk, bound)
                self.fill(bound, lambda: self.bind(reference, bound))
            case _:
                raise malformed("kind", "a server reference has an id and what is bound to it")

    def bind(self, reference: model.ServerReference, bound: Chunk) -> None:
        """Give a reference its bound arguments. Clause: wire.limits.bound."""
        values = self.array_of(bound)
        self.limits.check("bound", len(values))
        reference.bound = values

    def make_date(self, _: Chunk, text: str) -> Value:
        """`$D`. Clause: wire.tags.date."""
        return tags.parse_date(text)

    def make_bigint(self, _: Chunk, text: str) -> Value:
        """`$n`. Clauses: wire.tags.bigint, wire.limits.bigint."""
        self.limits.check("bigint", len(text))
        if not tags.is_bigint(text):
            raise malformed("tag", f"{text[:20]!r} is no bigint")
        return int(text)

    def make_symbol(self, _: Chunk, text: str) -> Value:
        """A symbol of the global registry."""
        return model.Symbol(text)

    def make_promise(self, _: Chunk, text: str) -> Value:
        """`$@`: a promise for the part. Clause: wire.tags.promise."""
        part = self.use(tags.parse_number(text), "model")
        if part.promise is None:
            promise = part.promise = model.Promise()
            self.promises.append(promise)
            self.want(part, lambda done: self.settle(promise, done))
        return part.promise

    def settle(self, promise: model.Promise, chunk: Chunk) -> None:
        """Settle a promise with its part; one that waits for itself is an error.

        Clause: wire.tags.promise.cycle.
        """
        if chunk.failure is not None:
            promise.reject(chunk.failure)
            return
        value = chunk.cell[0]
        if isinstance(value, model.Promise):
            if self.last_adopted(value) is promise:
                raise malformed("cycle", "a promise that waits for itself")
            self.adopted[id(promise)] = value
        promise.fulfill(value)

    def last_adopted(self, promise: model.Promise) -> model.Promise:
        """The promise at the end of a chain of promises; the chain is halved on the way."""
        while (following := self.adopted.get(id(promise))) is not None:
            self.steps += 1
            further = self.adopted.get(id(following))
            if further is not None:
                self.adopted[id(promise)] = further
            promise = following
        return promise

    # --- the end ---------------------------------------------------------------------------------

    def fail(
        self, error: DecodeError, reason: model.Error | model.Unsupported | None = None
    ) -> None:
        """Reject everything that is pending, for the error or for another reason.

        Clause: wire.errors.contained.
        """
        self.failed = error
        reason = reason or undecodable(error)
        self.root.reject(error)
        for promise in self.promises:
            promise.reject(reason)
        for feed in self.feeds.values():
            feed.stream.fail(reason)

    def complete(self) -> bool:
        """Whether everything that was promised has come."""
        settled = all(promise.state != "pending" for promise in self.promises)
        ended = all(feed.stream.state != "open" for feed in self.feeds.values())
        return self.root.state != "pending" and settled and ended


def rename(container: dict[str, Any]) -> None:
    """Make code units of the keys."""
    if not all(key.isascii() for key in container):
        renamed = {to_units(key): item for key, item in container.items()}
        container.clear()
        container.update(renamed)


def settle_member(container: dict[str, Any], key: str, value: Value) -> None:
    """Drop a member that is undefined, and a `then` that is a function.

    Clauses: wire.members.undefined, wire.members.then.
    """
    if value is UNDEFINED:
        del container[key]
    elif key == "then" and is_callable(value):
        container[key] = None


def fill_element(element: model.Element, raw: list[Any]) -> None:
    """Give an element what its tuple holds. Clause: wire.elements."""
    _, kind, key, props = raw
    known = isinstance(kind, str | model.ClientReference | model.Symbol)
    if not known or not isinstance(key, str | None) or type(props) is not dict:
        raise malformed("kind", "the type, key or props of an element")
    element.type, element.key, element.props = kind, key, props
