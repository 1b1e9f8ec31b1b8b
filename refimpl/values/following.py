"""What takes time: promises, streams and asynchronous iterators, followed into the model.

Rules of this module:

* Following asks the guest through jobs of its own agent: the model is settled inside a task of the
  side that the guest value belongs to, and of no other.
* A value is copied when it comes, by the copying that met the promise or stream: what it shares
  with the rest of the message stays shared.
* A failure is told to `Snapshot.failed`, once, and ends what it happened in and nothing else.
* Who stops listening says so, and then nothing more is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import intrinsic, surrounding
from refimpl.language.builtins.web.streams import ReadableStreamObject, acquire, cancel, read
from refimpl.language.errors import Throw, throw_type_error
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    IteratorRecord,
    get_iterator_direct,
    iterator_close_throwing,
    iterator_complete,
    iterator_value,
)
from refimpl.language.promises import (
    PromiseObject,
    new_promise,
    perform_promise_then,
    promise_resolve,
    promise_resolve_thenable_job,
)
from refimpl.language.values import Value, undefined
from refimpl.values import model
from refimpl.values.contract import UnsupportedValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.values.snapshot import Snapshot


def promise(copying: Snapshot, value: PromiseObject, path: str) -> model.Promise:
    """The model of a promise. Clauses: value.promise, value.promise.rejected."""
    made = model.Promise()

    def fulfilled(result: Value) -> None:
        try:
            made.fulfill(copying.take(result, f"{path}.await"))
        except (UnsupportedValue, Throw) as failure:
            made.reject(copying.failed(failure))

    perform_promise_then(
        value, fulfilled, lambda reason: made.reject(copying.failed(Throw(reason)))
    )
    return made


def thenable(copying: Snapshot, value: JSObject, then: FunctionObject, path: str) -> model.Promise:
    """The model of a thenable: what `await` makes of it. Clause: value.promise.thenable."""
    assimilated = new_promise()
    surrounding.agent.enqueue_job(lambda: promise_resolve_thenable_job(assimilated, value, then))
    return promise(copying, assimilated, path)


def stream(copying: Snapshot, value: ReadableStreamObject, path: str) -> model.Stream:
    """The model of a stream, which is read to its end. Clauses: value.stream, value.stream.bytes."""
    made = model.Stream("bytes" if value.controller.is_bytes else "default")
    reader = acquire(value)

    def stop() -> None:
        cancel(value, undefined)

    copying.pumps.append(Pump(copying, made, path, lambda: read(reader), stop))
    copying.pumps[-1].ask()
    return made


def async_iterable(
    copying: Snapshot, value: JSObject, method: FunctionObject, path: str
) -> model.Stream:
    """The model of an asynchronous iterable or iterator, which is run to its end.

    Clauses: value.async-iterable, value.async-iterator.
    """
    iterator = method.call(value, [])
    if not isinstance(iterator, JSObject):
        throw_type_error("Result of the Symbol.asyncIterator method is not an object")
    made = model.Stream("iterator" if iterator is value else "iterable")
    record = get_iterator_direct(iterator)

    def ask() -> Value:
        if not isinstance(record.next_method, FunctionObject):
            throw_type_error("The iterator has no next method")
        return record.next_method.call(iterator, [])

    def stop() -> None:
        iterator_close_throwing(IteratorRecord(iterator, undefined))

    copying.pumps.append(Pump(copying, made, path, ask, stop))
    copying.pumps[-1].ask()
    return made


class Pump:
    """Asks for one result object after another, and pushes what they hold."""

    def __init__(
        self,
        copying: Snapshot,
        made: model.Stream,
        path: str,
        next_result: Callable[[], Value],
        stop: Callable[[], None],
    ) -> None:
        self.copying = copying
        self.made = made
        self.path = path
        self.next_result = next_result
        self.stop = stop

    def ask(self) -> None:
        """Ask for the next result object."""
        surrounding.agent.charge()
        try:
            result = promise_resolve(intrinsic("%Promise%"), self.next_result())
        except Throw as thrown:
            self.made.fail(self.copying.failed(thrown))
        else:
            perform_promise_then(result, self.arrived, self.broken)

    def abandon(self) -> None:
        """Ask no more: nobody wants what is still to come. Clause: call.cancel.sources."""
        if self.made.state == "open":
            self.made.fail(model.Error("AbortError", "Nobody listens any more", code="cancelled"))
            self.stop()

    def broken(self, reason: Value) -> None:
        """The source failed. Clause: value.stream.error."""
        if self.made.state == "open":
            self.made.fail(self.copying.failed(Throw(reason)))

    def arrived(self, result: Value) -> None:
        """Copy what a result object holds, and go on until it is the last."""
        if self.made.state != "open":
            return
        try:
            if not isinstance(result, JSObject):
                throw_type_error("Iterator result is not an object")
            done = iterator_complete(result)
            path = f"{self.path}[{len(self.made.chunks)}]"
            value = self.copying.take(iterator_value(result), path)
        except (UnsupportedValue, Throw) as failure:
            self.made.fail(self.copying.failed(failure))
            self.stop()
            return
        if done:
            self.made.close(value)
        else:
            self.made.push(value)
            self.ask()
