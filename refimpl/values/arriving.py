"""Promises, streams and asynchronous iterators that arrive: guest values that settle when the model does.

Rules of this module:

* Whoever settles the model does so inside a task of the side that holds the guest value (a message
  is delivered as such a task), so nothing here schedules anything.
* What arrives is made into guest values in the order in which it arrives, asked for or not, and
  is given to the program when it asks.
* What arrives with the message and cannot be made fails the message; what comes later fails what it
  comes in.
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
from refimpl.values.outcome import DecodeError, undecodable

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.promises import PromiseCapability
    from refimpl.values import model
    from refimpl.values.revive import Revival


def promise(revival: Revival, value: model.Promise) -> Value:
    """A promise. Clauses: value.promise, value.promise.rejected."""
    made = new_promise()
    revival.remember(value, made)
    making = _Making(revival, lambda reason: reject_promise(made, reason))

    def settled(settled: model.Promise) -> None:
        settle = fulfill_promise if settled.state == "fulfilled" else reject_promise
        making.attempt(settled.value, lambda content: settle(made, content))

    with making:
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

    Clauses: value.stream, value.stream.bytes, value.stream.error, call.result.left.
    """
    made = readable_stream(is_bytes=value.kind == "bytes")
    revival.remember(value, made)
    controller, arrivals = made.controller, _Arrivals()
    controller.high_water_mark, controller.started = 0.0, True
    controller.pull = arrivals.next
    making = _Making(revival, lambda reason: give(lambda: made.fail(reason)))

    def arrived(chunk: model.Value) -> None:
        if not controller.is_bytes:
            making.attempt(chunk, lambda content: give(lambda: controller.push(content, 1.0)))
        elif chunk.data:
            give(lambda: controller.push(chunk.data, float(len(chunk.data))))

    def ended(source: model.Stream) -> None:
        if source.state == "errored":
            making.attempt(source.error, making.fail)
        else:
            give(controller.request_close)

    def give(deliver: Callable[[], None]) -> None:
        def answer(asked: PromiseCapability) -> None:
            if controller.accepts():
                deliver()
            asked.resolve.call(undefined, [undefined])

        arrivals.put(answer)

    with making:
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

    def give(content: Value, *, done: bool) -> None:
        result = create_iterator_result(content, done)
        arrivals.put(lambda asked: asked.resolve.call(undefined, [result]))

    def fail(reason: Value) -> None:
        arrivals.put(lambda asked: asked.reject.call(undefined, [reason]))
        arrivals.end()

    def ended(source: model.Stream) -> None:
        if source.state == "errored":
            making.attempt(source.error, fail)
        else:
            making.attempt(source.returned, lambda content: give(content, done=True))
            arrivals.end()

    making = _Making(revival, fail)
    with making:
        value.observe(
            lambda chunk: making.attempt(chunk, lambda content: give(content, done=False)), ended
        )


class _Making:
    """Makes what arrives; once something could not be made, `fail` is told and nothing more is.

    Used as a context for what has arrived with the message: there a part that cannot be read is
    an error of the whole.
    """

    def __init__(self, revival: Revival, fail: Callable[[Value], None]) -> None:
        self.revival = revival
        self.fail = fail
        self.has_failed = False
        self.at_once = False

    def __enter__(self) -> None:
        self.at_once = True

    def __exit__(self, *_: object) -> None:
        self.at_once = False

    def attempt(self, content: model.Value, use: Callable[[Value], None]) -> None:
        """Make and use what arrived. Clause: call.result.late."""
        if self.has_failed:
            return
        try:
            made = self.revival.make(content)
        except Throw as thrown:
            self.has_failed = True
            self.fail(thrown.value)
        except DecodeError as error:
            if self.at_once:
                raise
            self.has_failed = True
            self.fail(self.revival.make(undecodable(error)))
        else:
            use(made)


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
