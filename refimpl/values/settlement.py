"""Waiting for arguments that take time: until everything in them has settled.

Rules of this module:

* Nothing here waits: whoever settles the last promise or stream calls back.
* A rejected promise and a broken stream are settled: whether that ends the message is the
  caller's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def when_complete(root: model.Value, complete: Callable[[], None]) -> None:
    """Call `complete` once all promises and streams under `root` have settled: at once if all have."""
    waiting = _Waiting(complete)
    waiting.look_at([root])
    waiting.one_less()


class _Waiting:
    """Counts what has not settled; one is the call that looks at the root."""

    def __init__(self, complete: Callable[[], None]) -> None:
        self.complete = complete
        self.pending = 1
        #: What was looked at, kept alive so that an id stays one object's.
        self.seen: dict[int, model.Value] = {}

    def one_less(self) -> None:
        self.pending -= 1
        if self.pending == 0:
            self.complete()

    def look_at(self, values: Iterable[model.Value]) -> None:
        """Subscribe to everything asynchronous under `values` that was not met before."""
        stack = [*values]
        while stack:
            value = stack.pop()
            if isinstance(value, str | float | int | None) or id(value) in self.seen:
                continue
            self.seen[id(value)] = value
            if isinstance(value, model.Promise):
                self.pending += 1
                value.when_settled(self.settled)
            elif isinstance(value, model.Stream):
                self.pending += 1
                value.observe(lambda chunk: self.look_at([chunk]), self.ended)
            else:
                stack.extend(parts(value))

    def settled(self, promise: model.Promise) -> None:
        self.look_at([promise.value])
        self.one_less()

    def ended(self, stream: model.Stream) -> None:
        self.look_at([stream.returned])
        self.one_less()


def parts(value: model.Value) -> Iterable[model.Value]:
    """The values that a value holds directly, those of promises and streams excepted."""
    match value:
        case list():
            return value
        case dict():
            return value.values()
        case model.Map(entries=entries):
            return [part for entry in entries for part in entry]
        case model.Set(values=values) | model.Iterator(values=values):
            return values
        case model.ServerReference(bound=bound):
            return bound or ()
    return ()
