"""Promises, streams and asynchronous iterators that arrive: guest values that settle when the model does.

Rules of this module:

* Whoever settles the model does so inside a task of the side that holds the guest value (a message
  is delivered as such a task), so nothing here schedules anything.
* What arrives is made into guest values in the order in which it arrives, asked for or not, and
  is given to the program when it asks.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from refimpl.language.agent import intrinsic
from refimpl.language.builtins.web.streams import readable_stream
from refimpl.language.errors import Throw
from refimpl.language.functions import create_builtin_function
from refimpl.language.objects import JSObject, hidden
from refimpl.language.operations import create_iterator_result
from refimpl.language.promises import (
    fulfill_promise,
    new_promise,
    new_promise_capability,
    reject_promise,
)
from refimpl.language.values import SYMBOL_ASYNC_ITERATOR, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.promises import PromiseCapability
    from refimpl.values import model
    from refimpl.values.revive import Revival


def promise(revival: Revival, value: model.Promise) -> Value:
    """A promise. Clauses: value.promise, value.promise.rejected."""
    made = new_promise()
    revival.remember(value, made)

    def settled(settled: model.Promise) -> None:
        try:
            content = revival.make(settled.value)
        except Throw as thrown:
            reject_promise(made, thrown.value)
            return
        if settled.state == "fulfilled":
            fulfill_promise(made, content)
        else:
            reject_promise(made, content)

    value.when_settled(settled)
    return made


def stream(revival: Revival, value: model.Stream) -> Value:
    """A ReadableStream, an async iterable or an async iterator."""
    if value.kind in {"default", "bytes"}:
        return readable(revival, value)
    made = JSObject(intrinsic("%Object.prototype%"))
    revival.remember(value, made)
    if value.kind == "iterable":

        def start(this: Value) -> Value:  # noqa: ARG001 - the receiver of a built-in
            return iterator(revival, value)

        method = create_builtin_function(start, 0, SYMBOL_ASYNC_ITERATOR)
        made.props[SYMBOL_ASYNC_ITERATOR] = hidden(method)
    else:
        begin(revival, value, made)
    return made


def readable(revival: Revival, value: model.Stream) -> Value:
    """A ReadableStream, which gives what arrived when it is asked: so a failure comes after the chunks.

    Clauses: value.stream, value.stream.bytes, value.stream.error.
    """
    made = readable_stream(is_bytes=value.kind == "bytes")
    revival.remember(value, made)
    controller, arrivals = made.controller, _Arrivals()
    controller.high_water_mark, controller.started = 0.0, True
    controller.pull = arrivals.next

    def arrived(chunk: model.Value) -> None:
        content = chunk.data if controller.is_bytes else revival.make(chunk)
        size = float(len(content)) if controller.is_bytes else 1.0
        if size:
            give(lambda: controller.push(content, size))

    def ended(source: model.Stream) -> None:
        if source.state == "errored":
            error = revival.make(source.error)
            give(lambda: made.fail(error))
        else:
            give(controller.request_close)

    def give(deliver: Callable[[], None]) -> None:
        def answer(asked: PromiseCapability) -> None:
            if controller.accepts():
                deliver()
            asked.resolve.call(undefined, [undefined])

        arrivals.put(answer)

    value.observe(arrived, ended)
    return made


def iterator(revival: Revival, value: model.Stream) -> JSObject:
    """A new iterator over what an iterable gives. Clause: value.async-iterable."""
    made = JSObject(intrinsic("%AsyncIteratorPrototype%"))
    begin(revival, value, made)
    return made


def begin(revival: Revival, value: model.Stream, made: JSObject) -> None:
    """Make `made` an async iterator over what arrives. Clause: value.async-iterator."""
    made.prototype = intrinsic("%AsyncIteratorPrototype%")
    arrivals = _Arrivals()

    def next_(this: Value) -> Value:  # noqa: ARG001 - the receiver of a built-in
        return arrivals.next()

    made.props["next"] = hidden(create_builtin_function(next_, 0, "next"))

    def arrived(chunk: model.Value) -> None:
        result = create_iterator_result(revival.make(chunk), False)
        arrivals.put(lambda asked: asked.resolve.call(undefined, [result]))

    def ended(source: model.Stream) -> None:
        if source.state == "errored":
            error = revival.make(source.error)
            arrivals.put(lambda asked: asked.reject.call(undefined, [error]))
        else:
            result = create_iterator_result(revival.make(source.returned), True)
            arrivals.put(lambda asked: asked.resolve.call(undefined, [result]))
        arrivals.end()

    value.observe(arrived, ended)


class _Arrivals:
    """Answers that nobody asked for yet, or questions without an answer yet: never both."""

    def __init__(self) -> None:
        self.answers: deque[Callable[[PromiseCapability], object]] = deque()
        self.asked: deque[PromiseCapability] = deque()
        self.ended = False

    def next(self) -> Value:
        """The promise of the next result object."""
        capability = new_promise_capability(intrinsic("%Promise%"))
        if self.answers:
            self.answers.popleft()(capability)
        elif self.ended:
            capability.resolve.call(undefined, [create_iterator_result(undefined, True)])
        else:
            self.asked.append(capability)
        return capability.promise

    def put(self, answer: Callable[[PromiseCapability], object]) -> None:
        """Answer the question that waits longest, or keep the answer."""
        if self.asked:
            answer(self.asked.popleft())
        else:
            self.answers.append(answer)

    def end(self) -> None:
        """There are no more answers."""
        self.ended = True
        for capability in self.asked:
            capability.resolve.call(undefined, [create_iterator_result(undefined, True)])
        self.asked.clear()
