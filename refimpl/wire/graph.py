"""References between parts or rows: what has arrived, what waits for what, and what leads where.

Both decoders read a message as a graph of chunks (parts of a request, rows of a response). A chunk
is looked at when something needs it, then everything it needs, and so on; all that is entered
on the way, until something finished is met, is one *group*, and is finished together.

Rules of this module:

* A group is finished when everything in it has arrived: then references are followed, containers
  are filled, and those who wait are told. A reference can thus lead anywhere inside its group.
* A path steps only through own elements and members of what this decode has made.
* Nothing recurses, and every chunk, slot and step is visited once: `steps` counts the visits.
"""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING, Any

from refimpl.values import model
from refimpl.values.model import UNDEFINED, Value
from refimpl.wire import tags
from refimpl.wire.errors import malformed

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.wire.limits import Limits


class Chunk:
    """A part of a request or a row of a response, known by number before or after it arrives."""

    __slots__ = (
        "cell",
        "done",
        "failure",
        "group",
        "listeners",
        "needs",
        "number",
        "payload",
        "promise",
        "role",
    )

    def __init__(self, number: int | None) -> None:
        self.number = number
        #: What arrived; None before that.
        self.payload: Any = None
        #: What the first use took it for; None while only paths lead into it.
        self.role: str | None = None
        #: Holds the value, so that the value is in a slot like any other.
        self.cell: list[Value] = [UNDEFINED]
        self.group: Group | None = None
        #: Empty tuples for as long as there are none: most chunks have neither.
        self.needs: list[Chunk] | tuple[()] = ()
        self.done = False
        self.failure: model.Error | None = None
        self.promise: model.Promise | None = None
        self.listeners: list[Callable[[Chunk], None]] | tuple[()] = ()


class Group:
    """Chunks that are finished together."""

    __slots__ = ("chunks", "fills", "merged_into", "missing", "slots")

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        #: How many of them have not arrived.
        self.missing = 0
        #: The slots that hold a reference still to be followed.
        self.slots: list[tuple[Any, Any]] = []
        #: What puts parts into containers, once the references are followed.
        self.fills: list[tuple[Chunk, Callable[[], None]]] = []
        self.merged_into: Group | None = None


class Reference:
    """Stands in a slot for what its path leads to."""

    __slots__ = ("busy", "chunk", "current", "done", "position", "steps")

    def __init__(self, chunk: Chunk, steps: list[str]) -> None:
        self.chunk = chunk
        self.steps = steps
        self.position = 0
        self.current: Value = None
        self.busy = False
        self.done = False


class Graph:
    """The chunks of one message. A decoder extends it with `read`, which walks one chunk."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.steps = 0
        self.chunks: dict[int, Chunk] = {}
        #: Element tuples by the identity of their element, for paths that step into one.
        self.tuples: dict[int, list[Value]] = {}
        self._unread: deque[Chunk] = deque()
        self._wanted: deque[Chunk] = deque()

    def read(self, chunk: Chunk, group: Group) -> None:
        """Make the value of a chunk that has arrived."""
        raise NotImplementedError

    # --- arriving and wanting --------------------------------------------------------------------

    def chunk(self, number: int) -> Chunk:
        """The chunk with this number."""
        found = self.chunks.get(number)
        if found is None:
            found = self.chunks[number] = Chunk(number)
            self.limits.check("parts", len(self.chunks))
        return found

    def arrive(self, chunk: Chunk, payload: Any) -> None:
        """Take what has arrived for a chunk. Clause: wire.duplicates."""
        if chunk.payload is not None:
            raise malformed("duplicate", f"number {chunk.number}")
        chunk.payload = payload
        if chunk.group is not None:
            self.group_of(chunk).missing -= 1
            self._unread.append(chunk)
        self.run()

    def want(self, chunk: Chunk, listener: Callable[[Chunk], None]) -> None:
        """Call `listener` when the chunk, and all it needs, is finished."""
        if chunk.done:
            listener(chunk)
            return
        chunk.listeners = [*chunk.listeners, listener]
        if chunk.group is None:
            self._wanted.append(chunk)

    def run(self) -> None:
        """Do what can be done with what has arrived."""
        while self._unread or self._wanted:
            if self._unread:
                chunk = self._unread.popleft()
                self.read(chunk, self.group_of(chunk))
                if not self._unread:
                    self.finish_if_complete(chunk)
            else:
                chunk = self._wanted.popleft()
                if chunk.group is None and not chunk.done:
                    self.enter(chunk, Group())

    def enter(self, chunk: Chunk, group: Group) -> None:
        """Make a chunk part of a group."""
        chunk.group = group
        group.chunks.append(chunk)
        if chunk.payload is None:
            group.missing += 1
        else:
            self._unread.append(chunk)

    def need(self, chunk: Chunk, needed: Chunk) -> None:
        """Note that `chunk` is not finished before `needed` is."""
        self.steps += 1
        if needed is chunk:
            return
        if type(chunk.needs) is list:
            chunk.needs.append(needed)
        else:
            chunk.needs = [needed]
        if needed.done:
            return
        if needed.group is None:
            self.enter(needed, self.group_of(chunk))
        else:
            merge(self.group_of(chunk), self.group_of(needed))

    def group_of(self, chunk: Chunk) -> Group:
        """The group a chunk is in by now."""
        group = chunk.group
        assert group is not None
        while group.merged_into is not None:
            if group.merged_into.merged_into is not None:
                group.merged_into = group.merged_into.merged_into
            group = group.merged_into
            self.steps += 1
        chunk.group = group
        return group

    # --- finishing -------------------------------------------------------------------------------

    def finish_if_complete(self, chunk: Chunk) -> None:
        """Finish the group of `chunk` when all of it has arrived and been read."""
        group = self.group_of(chunk)
        if group.missing:
            return
        self.spread_failures(group)
        for container, key in group.slots:
            self.put(container, key)
        for source, fill in group.fills:
            if source.failure is None:
                fill()
        for member in group.chunks:
            member.done, member.group, member.needs = True, None, ()
        for member in group.chunks:
            listeners, member.listeners = member.listeners, ()
            for listener in listeners:
                listener(member)

    def spread_failures(self, group: Group) -> None:
        """What needs a failed chunk has failed too. Clause: wire.rows.error.spreads."""
        if not any(chunk.failure or any(n.failure for n in chunk.needs) for chunk in group.chunks):
            return
        users: dict[int, list[Chunk]] = {}
        failed = {}
        for chunk in group.chunks:
            self.steps += 1 + len(chunk.needs)
            for needed in chunk.needs:
                users.setdefault(id(needed), []).append(chunk)
            for source in (chunk, *chunk.needs):
                if source.failure is not None:
                    failed[id(source)] = source
        pending = list(failed.values())
        while pending:
            source = pending.pop()
            for user in users.get(id(source), ()):
                if user.failure is None:
                    user.failure = source.failure
                    pending.append(user)

    def put(self, container: Any, key: Any) -> None:
        """Replace the reference in a slot by what it leads to."""
        reference = container[key]
        value = self.follow(reference)
        if type(container) is dict:
            if value is UNDEFINED:
                del container[key]
                return
            if key == "then" and is_callable(value):
                value = None
        container[key] = value

    def follow(self, reference: Reference) -> Value:
        """What a reference leads to. Clauses: wire.references.path, wire.references.cycle."""
        pending = [reference]
        while pending:
            top = pending[-1]
            obstacle = self.advance(top)
            if obstacle is None:
                pending.pop()
            elif obstacle.busy:
                raise malformed("cycle", "a reference that leads to itself")
            else:
                pending.append(obstacle)
        return reference.current

    def advance(self, reference: Reference) -> Reference | None:
        """Step along a path, to its end or to another reference that has to be followed first."""
        if reference.done:
            return None
        if not reference.busy:
            reference.busy = True
            reference.current = self.start(reference)
        while True:
            self.steps += 1
            current = reference.current
            if type(current) is Reference:
                if not current.done:
                    return current
                current = reference.current = current.current
            if reference.position == len(reference.steps):
                break
            reference.current = self.step(current, reference.steps[reference.position])
            reference.position += 1
        reference.done = True
        return None

    def start(self, reference: Reference) -> Value:
        """Where a path begins: the value of the chunk, or the raw list behind a container."""
        chunk, length = reference.chunk, len(reference.steps)
        if chunk.failure is not None:
            reference.position = length
            return UNDEFINED
        shortest = SHORTEST.get(chunk.role, TOO_LONG)
        if length < shortest:
            raise malformed("kind", f"a plain reference to a part used as {chunk.role}")
        if chunk.role is None and not reference.steps:
            chunk.role = "model"
        return chunk.cell[0]

    def step(self, value: Value, key: str) -> Value:
        """One step of a path: an own element or member. Clause: wire.references.own."""
        if type(value) is list:
            index = tags.parse_index(key)
            if index is not None and index < len(value):
                return value[index]
        elif type(value) is dict:
            if key in value:
                return value[key]
        elif type(value) is model.Element and key in ELEMENT_STEPS:
            return self.tuples[id(value)][ELEMENT_STEPS[key]]
        raise malformed("path", f"there is no own {key[:40]!r} there")


#: How many steps a path has at least, by what the part is used as: the arrays behind containers are
#: no values. Other parts have none.
SHORTEST = {None: 0, "model": 0, "map": 2, "set": 1, "iterator": 1, "bound": 1}
TOO_LONG = sys.maxsize
#: How paths name the parts of an element, and where its tuple has them.
ELEMENT_STEPS = {"type": 1, "key": 2, "props": 3}


def is_callable(value: Value) -> bool:
    """Whether a revived value is a function: such a `then` is dropped. Clause: wire.members.then."""
    return isinstance(value, model.ServerReference | model.TemporaryReference)


def merge(first: Group, second: Group) -> None:
    """Make two groups one; the smaller moves."""
    if first is second:
        return
    if len(first.chunks) + len(first.slots) < len(second.chunks) + len(second.slots):
        first, second = second, first
    first.chunks.extend(second.chunks)
    first.slots.extend(second.slots)
    first.fills.extend(second.fills)
    first.missing += second.missing
    second.merged_into = first
