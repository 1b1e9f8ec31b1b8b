"""The contents of everything in a result that takes time, gathered while the client still runs.

Promises are awaited, streams and iterators are run to their end, and so is what they give. What
never ends is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from refimpl.language.agent import intrinsic, surrounding
from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.set import SetObject
from refimpl.language.builtins.web.streams import ReadableStreamObject, acquire, read
from refimpl.language.errors import Throw
from refimpl.language.exotics import ArrayObject
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject, Property
from refimpl.language.operations import (
    IteratorRecord,
    get_iterator_direct,
    iterator_complete,
    iterator_next,
    iterator_value,
)
from refimpl.language.promises import PromiseObject, perform_promise_then, promise_resolve
from refimpl.language.values import (
    SYMBOL_ASYNC_ITERATOR,
    SYMBOL_ITERATOR,
    Value,
    undefined,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.application import Application

#: How many values of one stream or iterator are looked at.
MOST = 10_000


@dataclass(eq=False)
class Gathered:
    """What a stream or an iterator gave; `kind` is as the notation has it."""

    kind: str
    values: list[Value] = field(default_factory=list)
    returned: Value = undefined
    broken: Throw | None = None


def gather(application: Application, value: Value) -> dict[JSObject, Gathered]:
    """Run the world until everything under `value` has come, or nothing more comes."""
    gathering = _Gathering()
    application.client.run(lambda: gathering.look_at([value]))
    application.world.run(until=lambda: not gathering.pending)
    return gathering.gathered


class _Gathering:
    def __init__(self) -> None:
        self.gathered: dict[JSObject, Gathered] = {}
        self.seen: set[JSObject] = set()
        self.pending = 0

    def look_at(self, values: list[Value]) -> None:
        stack = [*values]
        while stack:
            value = stack.pop()
            if not isinstance(value, JSObject) or value in self.seen:
                continue
            self.seen.add(value)
            match value:
                case PromiseObject():
                    self.pending += 1
                    perform_promise_then(value, self.settled, self.settled)
                case ReadableStreamObject():
                    if value.reader is None:
                        self.stream(value)
                case FunctionObject():
                    pass
                case MapObject() | SetObject():
                    stack.extend(part for entry in value.table for part in (entry.key, entry.value))
                case _:
                    stack.extend(self.parts(value))

    def settled(self, value: Value) -> None:
        self.pending -= 1
        self.look_at([value])

    def parts(self, value: JSObject) -> list[Value]:
        """What an object holds; an iterator is started or run instead."""
        try:
            for symbol, kind in ((SYMBOL_ASYNC_ITERATOR, "async"), (SYMBOL_ITERATOR, "sync")):
                method = value.get(symbol, value)
                if isinstance(method, FunctionObject) and not value.is_array():
                    return self.iterator(value, method, kind)
        except Throw:
            return []
        stored = value.items if isinstance(value, ArrayObject) else [*value.props.values()]
        return [item.value if isinstance(item, Property) else item for item in stored]

    def iterator(self, value: JSObject, method: FunctionObject, kind: str) -> list[Value]:
        iterator = method.call(value, [])
        if kind == "sync":
            return self.run(value, get_iterator_direct(value)) if iterator is value else []
        if isinstance(iterator, JSObject):
            name = "async" if iterator is value else "async-iterable"
            record = get_iterator_direct(iterator)
            found = self.gathered[value] = Gathered(name)
            self.pump(found, lambda: record.next_method.call(iterator, []))
        return []

    def run(self, value: JSObject, record: IteratorRecord) -> list[Value]:
        """The values of a synchronous iterator."""
        found = self.gathered[value] = Gathered("sync")
        while len(found.values) < MOST:
            result = iterator_next(record)
            if iterator_complete(result):
                found.returned = iterator_value(result)
                break
            found.values.append(iterator_value(result))
        return [*found.values, found.returned]

    def stream(self, value: ReadableStreamObject) -> None:
        kind = "bytes" if value.controller.is_bytes else "default"
        found = self.gathered[value] = Gathered(kind)
        reader = acquire(value)
        self.pump(found, lambda: read(reader))

    def pump(self, found: Gathered, ask: Callable[[], Value]) -> None:
        """Ask for result objects until the last."""
        self.pending += 1

        def step() -> None:
            surrounding.agent.charge()
            try:
                promise = promise_resolve(intrinsic("%Promise%"), ask())
            except Throw as thrown:
                broken(thrown.value)
            else:
                perform_promise_then(promise, arrived, broken)

        def arrived(result: Value) -> None:
            done = iterator_complete(result)
            value = iterator_value(result)
            self.look_at([value])
            if done or len(found.values) == MOST:
                found.returned = value
                self.pending -= 1
            else:
                found.values.append(value)
                step()

        def broken(reason: Value) -> None:
            found.broken = Throw(reason)
            self.pending -= 1
            self.look_at([reason])

        step()
