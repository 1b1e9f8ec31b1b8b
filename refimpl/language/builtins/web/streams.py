"""ReadableStream with its readers and controllers (Streams §4): default and byte streams.

Not covered: `pipeTo`, `pipeThrough`, `byobRequest` (a source of bytes enqueues), transfer.

Rules of this module:

* The functions on `ReadableStreamObject` are what the rest of the interpreter uses: `push`, `close`,
  `fail` from the side of the source; `acquire`, `read`, `cancel` from the side of the reader.
* One controller class serves both kinds; a byte stream's queue holds Python `bytes`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

from refimpl.language.agent import intrinsic
from refimpl.language.async_iteration import get_async_iterator
from refimpl.language.builtins.array_buffer import detach_array_buffer
from refimpl.language.builtins.support import callback_argument, charge, receiver
from refimpl.language.builtins.web.common import (
    array_buffer,
    attempt,
    bytes_of,
    dictionary,
    promised,
    require_new,
    uint8_array,
)
from refimpl.language.errors import Throw, make_error
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    create_array_from_list,
    create_iterator_result,
    get_method,
    get_prototype_from_constructor,
    iterator_complete,
    iterator_value,
    null,
    throw_range_error,
    throw_type_error,
    to_boolean,
    to_number,
    to_string,
)
from refimpl.language.promises import (
    PromiseCapability,
    PromiseObject,
    new_promise_capability,
    perform_promise_then,
)
from refimpl.language.realm import Table
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.values import SYMBOL_ASYNC_ITERATOR, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable

stream_prototype = Table("%ReadableStream.prototype%")
stream_constructor = Table("%ReadableStream%")
default_reader_prototype = Table("%ReadableStreamDefaultReader.prototype%")
default_reader_constructor = Table("%ReadableStreamDefaultReader%")
byob_reader_prototype = Table("%ReadableStreamBYOBReader.prototype%")
byob_reader_constructor = Table("%ReadableStreamBYOBReader%")
default_controller_prototype = Table("%ReadableStreamDefaultController.prototype%")
byte_controller_prototype = Table("%ReadableByteStreamController.prototype%")
iterator_prototype = Table(
    "%ReadableStreamAsyncIteratorPrototype%", prototype="%AsyncIteratorPrototype%"
)
for named in (
    *(stream_prototype, default_reader_prototype, byob_reader_prototype),
    *(default_controller_prototype, byte_controller_prototype),
):
    named.to_string_tag(named.name.strip("%").partition(".")[0])


@dataclass(eq=False, slots=True)
class ReadRequest:
    """A `read` that waits; `view` is the BYOB reader's, to be filled."""

    capability: PromiseCapability
    view: TypedArrayObject | None

    def answer(self, value: Value, *, done: bool) -> None:
        """Fulfil the promise of `read`."""
        self.capability.resolve.call(undefined, [create_iterator_result(value, done)])


class ReaderObject(JSObject):
    """A default or a BYOB reader; `stream` is None once it has released its lock."""

    __slots__ = ("closed", "requests", "stream")

    def __init__(self, prototype: JSObject, stream: ReadableStreamObject) -> None:
        super().__init__(prototype)
        if stream.reader is not None:
            throw_type_error("ReadableStream is locked")
        self.stream: ReadableStreamObject | None = stream
        self.requests: deque[ReadRequest] = deque()
        self.closed = new_promise_capability(intrinsic("%Promise%"))
        stream.reader = self
        if stream.state == "closed":
            self.closed.resolve.call(undefined, [undefined])
        elif stream.state == "errored":
            self.reject_closed(stream.stored_error)

    def reject_closed(self, error: Value) -> None:
        """Reject `closed`, which nobody has to handle."""
        self.closed.promise.is_handled = True
        self.closed.reject.call(undefined, [error])


class BYOBReaderObject(ReaderObject):
    """A reader that fills the buffers of its caller."""

    __slots__ = ()


class ReadableStreamObject(JSObject):
    """A ReadableStream."""

    __slots__ = ("controller", "disturbed", "reader", "state", "stored_error")

    def __init__(self, prototype: JSObject) -> None:
        super().__init__(prototype)
        self.state: Literal["readable", "closed", "errored"] = "readable"
        self.stored_error: Value = undefined
        self.reader: ReaderObject | None = None
        self.disturbed = False
        self.controller: ControllerObject

    def close(self) -> None:
        """ReadableStreamClose, when nothing is queued any more."""
        self.state = "closed"
        self.controller.clear()
        reader = self.reader
        if reader is not None:
            reader.closed.resolve.call(undefined, [undefined])
            while reader.requests:
                request = reader.requests.popleft()
                rest = undefined if request.view is None else filled(request.view, b"")
                request.answer(rest, done=True)

    def fail(self, error: Value) -> None:
        """ReadableStreamError; a stream that has ended stays as it is."""
        if self.state != "readable":
            return
        self.state, self.stored_error = "errored", error
        self.controller.clear()
        reader = self.reader
        if reader is not None:
            reader.reject_closed(error)
            while reader.requests:
                reader.requests.popleft().capability.reject.call(undefined, [error])


class ControllerObject(JSObject):
    """The controller of a stream, and what its source does when it is asked for more.

    `pull` and `cancel` are the source's algorithms; they may throw.
    """

    __slots__ = (
        *("cancel", "close_requested", "high_water_mark", "is_bytes", "pull", "pull_again"),
        *("pulling", "queue", "size", "started", "stream", "total"),
    )

    def __init__(self, stream: ReadableStreamObject, *, is_bytes: bool) -> None:
        kind = "Byte" if is_bytes else ""
        name = f"%Readable{kind}Stream{'' if is_bytes else 'Default'}Controller.prototype%"
        super().__init__(intrinsic(name))
        self.stream = stream
        stream.controller = self
        self.is_bytes = is_bytes
        self.queue: deque[tuple[Any, float]] = deque()
        self.total = 0.0
        self.high_water_mark = 0.0 if is_bytes else 1.0
        self.size: Value = undefined
        self.pull: Callable[[], Value] = lambda: undefined
        self.cancel: Callable[[Value], Value] = lambda reason: undefined
        self.started = self.pulling = self.pull_again = self.close_requested = False

    def clear(self) -> None:
        """ResetQueue, and forget the source."""
        self.queue.clear()
        self.total = 0.0
        self.pull = lambda: undefined

    def waiting(self) -> bool:
        """Whether somebody waits for a chunk."""
        return self.stream.reader is not None and bool(self.stream.reader.requests)

    def desired_size(self) -> Value:
        """GetDesiredSize."""
        if self.stream.state == "errored":
            return null
        return 0.0 if self.stream.state == "closed" else self.high_water_mark - self.total

    def accepts(self) -> bool:
        """CanCloseOrEnqueue."""
        return not self.close_requested and self.stream.state == "readable"

    def push(self, chunk: Any, size: float = 1.0) -> None:
        """Queue a chunk (`bytes` in a byte stream) and answer those who wait."""
        self.queue.append((chunk, size))
        self.total += size
        self.serve()
        self.pull_if_needed()

    def request_close(self) -> None:
        """Close once the queue is empty."""
        self.close_requested = True
        if not self.queue:
            self.stream.close()

    def serve(self) -> None:
        """Answer reads from the queue, and close behind the last chunk."""
        reader = self.stream.reader
        while reader is not None and reader.requests and self.queue:
            request = reader.requests.popleft()
            if request.view is not None:
                request.answer(filled(request.view, self.take(request.view)), done=False)
                continue
            chunk, size = self.queue.popleft()
            self.total -= size
            request.answer(uint8_array(chunk) if self.is_bytes else chunk, done=False)
        if self.close_requested and not self.queue and self.stream.state == "readable":
            self.stream.close()

    def take(self, view: TypedArrayObject) -> bytes:
        """As many queued bytes as the view has room for."""
        room = view.checked_length() * view.element.size
        taken = b""
        while self.queue and len(taken) < room:
            chunk, _ = self.queue.popleft()
            part = chunk[: room - len(taken)]
            if len(part) < len(chunk):
                self.queue.appendleft((chunk[len(part) :], float(len(chunk) - len(part))))
            taken += part
        self.total -= len(taken)
        return taken

    def pull_if_needed(self) -> None:
        """CallPullIfNeeded."""
        if not self.started or not self.accepts():
            return
        if not self.waiting() and self.high_water_mark - self.total <= 0:
            return
        if self.pulling:
            self.pull_again = True
            return
        self.pulling = True
        charge(1)

        def pulled(value: Value) -> None:
            del value
            self.pulling = False
            if self.pull_again:
                self.pull_again = False
                self.pull_if_needed()

        perform_promise_then(promised(self.pull), pulled, self.stream.fail)

    def start(self, result: Value) -> None:
        """SetUpReadableStream…Controller, after `start` returned `result`."""

        def started(value: Value) -> None:
            del value
            self.started = True
            self.pull_if_needed()

        perform_promise_then(promised(lambda: result), started, self.stream.fail)


def filled(view: TypedArrayObject, data: bytes) -> TypedArrayObject:
    """The view's buffer taken over, with `data` at the beginning of the view."""
    old = view.viewed_buffer
    buffer = array_buffer(bytes(old.bytes()))
    detach_array_buffer(old)
    offset, size = view.byte_offset, view.element.size
    buffer.bytes()[offset : offset + len(data)] = data
    return TypedArrayObject(view.prototype, view.element, buffer, offset, len(data) // size)


def readable_stream(*, is_bytes: bool) -> ReadableStreamObject:
    """A stream of the current realm that is fed by `controller.push` and nobody is asked."""
    stream = ReadableStreamObject(intrinsic("%ReadableStream.prototype%"))
    ControllerObject(stream, is_bytes=is_bytes)
    return stream


def acquire(stream: ReadableStreamObject) -> ReaderObject:
    """AcquireReadableStreamDefaultReader."""
    return ReaderObject(intrinsic("%ReadableStreamDefaultReader.prototype%"), stream)


def read(reader: ReaderObject, view: TypedArrayObject | None = None) -> PromiseObject:
    """ReadableStreamDefaultReaderRead and ReadableStreamBYOBReaderRead."""
    capability = new_promise_capability(intrinsic("%Promise%"))
    request, stream = ReadRequest(capability, view), reader.stream
    if stream is None:
        capability.reject.call(undefined, [make_error("TypeError", "The reader was released")])
        return capability.promise  # type: ignore[no-any-return]  # a Value
    stream.disturbed = True
    if stream.state == "closed":
        request.answer(undefined if view is None else filled(view, b""), done=True)
    elif stream.state == "errored":
        capability.reject.call(undefined, [stream.stored_error])
    else:
        reader.requests.append(request)
        stream.controller.serve()
        stream.controller.pull_if_needed()
    return capability.promise  # type: ignore[no-any-return]  # a Value


def cancel(stream: ReadableStreamObject, reason: Value) -> PromiseObject:
    """ReadableStreamCancel."""
    stream.disturbed = True
    if stream.state == "errored":
        return promised(lambda: rethrow(stream.stored_error))
    if stream.state == "closed":
        return promised(lambda: undefined)
    stream.close()
    capability = new_promise_capability(intrinsic("%Promise%"))
    cancelled = promised(lambda: stream.controller.cancel(reason))
    perform_promise_then(cancelled, lambda value: undefined, None, capability)
    return capability.promise  # type: ignore[no-any-return]  # a Value


def rethrow(error: Value) -> Value:
    """Throw, as an expression."""
    raise Throw(error)


def release(reader: ReaderObject) -> None:
    """ReadableStreamReaderGenericRelease, with the reads that wait."""
    stream = reader.stream
    if stream is None:
        return
    error = make_error("TypeError", "The reader was released")
    if stream.state != "readable":
        reader.closed = new_promise_capability(intrinsic("%Promise%"))
    reader.reject_closed(error)
    while reader.requests:
        reader.requests.popleft().capability.reject.call(undefined, [error])
    stream.reader = reader.stream = None


# --- ReadableStream ------------------------------------------------------------------------------


@stream_constructor.constructor(length=0)
def construct_stream(new_target: Value, source: Value, strategy: Value) -> Value:
    require_new(new_target, "ReadableStream")
    member = dictionary(null if source is undefined else source)
    cancel_, pull, start, kind = (member(name) for name in ("cancel", "pull", "start", "type"))
    if kind is not undefined and to_string(kind) != "bytes":
        throw_type_error("The type of a ReadableStream is 'bytes' or undefined")
    prototype = get_prototype_from_constructor(new_target, "%ReadableStream.prototype%")
    stream = ReadableStreamObject(prototype)
    controller = ControllerObject(stream, is_bytes=kind is not undefined)
    apply_strategy(controller, dictionary(strategy))
    if pull is not undefined:
        callback_argument(pull)
        controller.pull = lambda: pull.call(source, [controller])
    if cancel_ is not undefined:
        callback_argument(cancel_)
        controller.cancel = lambda reason: cancel_.call(source, [reason])
    result = undefined
    if start is not undefined:
        result = callback_argument(start).call(source, [controller])
    controller.start(result)
    return stream


def apply_strategy(controller: ControllerObject, member: Callable[[str], Value]) -> None:
    """ExtractHighWaterMark and ExtractSizeAlgorithm."""
    mark, size = member("highWaterMark"), member("size")
    if size is not undefined:
        if controller.is_bytes:
            throw_range_error("A byte stream has no size function")
        controller.size = callback_argument(size)
    if mark is not undefined:
        controller.high_water_mark = to_number(mark)
        if isnan(controller.high_water_mark) or controller.high_water_mark < 0:
            throw_range_error("Invalid highWaterMark")


@stream_constructor.method("from", length=1)
def from_(this: Value, iterable: Value) -> Value:
    record = get_async_iterator(iterable)
    stream = readable_stream(is_bytes=False)
    controller = stream.controller
    controller.high_water_mark = 0.0

    def pull() -> Value:
        next_result = promised(lambda: record.next_method.call(record.iterator, []))
        capability = new_promise_capability(intrinsic("%Promise%"))
        perform_promise_then(next_result, stepped, None, capability)
        return capability.promise

    def stepped(result: Value) -> Value:
        if not isinstance(result, JSObject):
            throw_type_error("The result of next is not an object")
        if iterator_complete(result):
            controller.request_close()
        else:
            controller.push(iterator_value(result))
        return undefined

    def stop(reason: Value) -> Value:
        method = get_method(record.iterator, "return")
        return undefined if method is undefined else method.call(record.iterator, [reason])

    controller.pull, controller.cancel = pull, stop
    controller.start(undefined)
    return stream


def this_stream(this: Value, method: str) -> ReadableStreamObject:
    """The receiver."""
    return receiver(this, ReadableStreamObject, f"ReadableStream.prototype.{method}")


@stream_prototype.getter("locked")
def locked(this: Value) -> Value:
    return this_stream(this, "locked").reader is not None


@stream_prototype.method("cancel", length=0)
def cancel_method(this: Value, reason: Value) -> Value:
    def steps() -> Value:
        stream = this_stream(this, "cancel")
        if stream.reader is not None:
            throw_type_error("ReadableStream is locked")
        return cancel(stream, reason)

    return promised(steps)


@stream_prototype.method("getReader", length=0)
def get_reader(this: Value, options: Value) -> Value:
    stream, mode = this_stream(this, "getReader"), dictionary(options)("mode")
    if mode is undefined:
        return acquire(stream)
    if to_string(mode) != "byob":
        throw_type_error("The mode of a reader is 'byob' or undefined")
    return byob_reader(intrinsic("%ReadableStreamBYOBReader.prototype%"), stream)


def byob_reader(prototype: JSObject, stream: ReadableStreamObject) -> ReaderObject:
    """SetUpReadableStreamBYOBReader."""
    if not stream.controller.is_bytes:
        throw_type_error("A BYOB reader needs a byte stream")
    return BYOBReaderObject(prototype, stream)


@stream_prototype.method("tee", length=0)
def tee(this: Value) -> Value:
    """ReadableStreamDefaultTee, for byte streams too: each branch gets a copy of the bytes."""
    source = this_stream(this, "tee")
    reader, is_bytes = acquire(source), source.controller.is_bytes
    branches = [readable_stream(is_bytes=is_bytes) for _ in range(2)]
    cancelled = new_promise_capability(intrinsic("%Promise%"))
    reasons: dict[int, Value] = {}
    reading = False

    def pull() -> Value:
        nonlocal reading
        if not reading:
            reading = True
            perform_promise_then(read(reader), arrived, failed)
        return undefined

    def arrived(result: Value) -> None:
        nonlocal reading
        reading = False
        for branch in branches:
            controller = branch.controller
            if not controller.accepts():
                continue
            if iterator_complete(result):
                controller.request_close()
            elif is_bytes:
                data = bytes_of(iterator_value(result))
                controller.push(data, float(len(data)))
            else:
                controller.push(iterator_value(result))

    def failed(error: Value) -> None:
        for branch in branches:
            branch.fail(error)

    def stop(index: int, reason: Value) -> Value:
        reasons[index] = reason
        if len(reasons) == len(branches):
            both = create_array_from_list([reasons[0], reasons[1]])
            cancelled.resolve.call(undefined, [cancel(source, both)])
        return cancelled.promise

    for index, branch in enumerate(branches):
        branch.controller.pull = pull
        branch.controller.cancel = lambda reason, index=index: stop(index, reason)  # type: ignore[misc]
        branch.controller.start(undefined)
    return create_array_from_list([*branches])


# --- asynchronous iteration ----------------------------------------------------------------------


class StreamIterator(JSObject):
    """What `values` returns; `ongoing` is the promise of the last `next` or `return`."""

    __slots__ = ("finished", "ongoing", "prevent_cancel", "reader")

    def __init__(self, reader: ReaderObject, *, prevent_cancel: bool) -> None:
        super().__init__(intrinsic("%ReadableStreamAsyncIteratorPrototype%"))
        self.reader = reader
        self.prevent_cancel = prevent_cancel
        self.ongoing: PromiseObject | None = None
        self.finished = False

    def after_ongoing(self, steps: Callable[[], Value]) -> PromiseObject:
        """Run `steps` when the calls made before have ended; the promise of their value."""
        if self.ongoing is None:
            self.ongoing = promised(steps)
            return self.ongoing
        capability = new_promise_capability(intrinsic("%Promise%"))
        perform_promise_then(
            self.ongoing, lambda value: steps(), lambda reason: steps(), capability
        )
        self.ongoing = capability.promise
        return capability.promise  # type: ignore[no-any-return]  # a Value

    def next(self) -> Value:
        """The promise of the next result object."""
        if self.finished:
            return create_iterator_result(undefined, True)
        capability = new_promise_capability(intrinsic("%Promise%"))
        perform_promise_then(read(self.reader), self.arrived, self.failed, capability)
        return capability.promise

    def arrived(self, result: Value) -> Value:
        """Release the stream at its end."""
        if iterator_complete(result):
            self.finished = True
            release(self.reader)
        return result

    def failed(self, error: Value) -> Value:
        """Release the stream when it breaks."""
        self.finished = True
        release(self.reader)
        raise Throw(error)

    def end(self, value: Value) -> Value:
        """What `return` does."""
        stream = self.reader.stream
        result = create_iterator_result(value, True)
        if self.finished or stream is None:
            return result
        self.finished = True
        ended = promised(lambda: undefined)
        if not self.prevent_cancel:
            ended = cancel(stream, value)
        release(self.reader)
        capability = new_promise_capability(intrinsic("%Promise%"))
        perform_promise_then(ended, lambda _: result, None, capability)
        return capability.promise


@stream_prototype.method("values", length=0)
def values(this: Value, options: Value) -> Value:
    stream = this_stream(this, "values")
    prevent_cancel = to_boolean(dictionary(options)("preventCancel"))
    return StreamIterator(acquire(stream), prevent_cancel=prevent_cancel)


stream_prototype.alias(SYMBOL_ASYNC_ITERATOR, "values")


@iterator_prototype.method("next", length=0)
def iterator_next(this: Value) -> Value:
    iterator = receiver(this, StreamIterator, "ReadableStreamAsyncIterator.next")
    return iterator.after_ongoing(iterator.next)


@iterator_prototype.method("return", length=1)
def iterator_return(this: Value, value: Value) -> Value:
    iterator = receiver(this, StreamIterator, "ReadableStreamAsyncIterator.return")
    return iterator.after_ongoing(lambda: iterator.end(value))


# --- readers -------------------------------------------------------------------------------------


@default_reader_constructor.constructor(length=1)
def construct_default_reader(new_target: Value, stream: Value) -> Value:
    require_new(new_target, "ReadableStreamDefaultReader")
    prototype = get_prototype_from_constructor(
        new_target, "%ReadableStreamDefaultReader.prototype%"
    )
    return ReaderObject(prototype, this_stream(stream, "getReader"))


@byob_reader_constructor.constructor(length=1)
def construct_byob_reader(new_target: Value, stream: Value) -> Value:
    require_new(new_target, "ReadableStreamBYOBReader")
    prototype = get_prototype_from_constructor(new_target, "%ReadableStreamBYOBReader.prototype%")
    return byob_reader(prototype, this_stream(stream, "getReader"))


@default_reader_prototype.method("read", length=0)
def read_default(this: Value) -> Value:
    return promised(lambda: read(receiver(this, ReaderObject, "read")))


@byob_reader_prototype.method("read", length=1)
def read_into(this: Value, view: Value) -> Value:
    def steps() -> Value:
        reader = receiver(this, BYOBReaderObject, "read")
        target = receiver(view, TypedArrayObject, "read")
        if not target.checked_length():
            throw_type_error("The view has no room")
        return read(reader, target)

    return promised(steps)


def release_lock(this: Value) -> Value:
    """The method `releaseLock` of both readers."""
    release(receiver(this, ReaderObject, "releaseLock"))
    return undefined


def cancel_reader(this: Value, reason: Value) -> Value:
    """The method `cancel` of both readers."""

    def steps() -> Value:
        stream = receiver(this, ReaderObject, "cancel").stream
        if stream is None:
            throw_type_error("The reader was released")
        return cancel(stream, reason)

    return promised(steps)


def reader_closed(this: Value) -> Value:
    """The attribute `closed` of both readers."""
    return receiver(this, ReaderObject, "closed").closed.promise


for reading in (default_reader_prototype, byob_reader_prototype):
    reading.method("releaseLock", length=0)(release_lock)
    reading.method("cancel", length=0)(cancel_reader)
    reading.getter("closed")(reader_closed)

# --- controllers ---------------------------------------------------------------------------------


def this_controller(this: Value, method: str) -> ControllerObject:
    """The receiver."""
    return receiver(this, ControllerObject, f"ReadableStreamController.prototype.{method}")


def enqueue(this: Value, chunk: Value) -> Value:
    """The method `enqueue` of both controllers."""
    controller = this_controller(this, "enqueue")
    if not controller.accepts():
        throw_type_error("The stream is closed")
    if controller.is_bytes:
        viewed = getattr(chunk, "viewed_buffer", None)
        if viewed is None:
            throw_type_error("A chunk of a byte stream is a view of an ArrayBuffer")
        data = bytes_of(chunk)
        if not data:
            throw_type_error("A chunk of a byte stream is not empty")
        detach_array_buffer(viewed)
        controller.push(data, float(len(data)))
        return undefined
    size = 1.0
    if controller.size is not undefined and not controller.waiting():
        fail = controller.stream.fail
        size = attempt(lambda: to_number(controller.size.call(undefined, [chunk])), fail)
        if isnan(size) or size < 0:
            error = make_error("RangeError", "The size of a chunk is not a number")
            fail(error)
            raise Throw(error)
    controller.push(chunk, size)
    return undefined


def close(this: Value) -> Value:
    """The method `close` of both controllers."""
    controller = this_controller(this, "close")
    if not controller.accepts():
        throw_type_error("The stream is closed")
    controller.request_close()
    return undefined


def error_method(this: Value, error: Value) -> Value:
    """The method `error` of both controllers."""
    this_controller(this, "error").stream.fail(error)
    return undefined


def desired_size(this: Value) -> Value:
    """The attribute `desiredSize` of both controllers."""
    return this_controller(this, "desiredSize").desired_size()


for controlling in (default_controller_prototype, byte_controller_prototype):
    controlling.method("enqueue", length=1)(enqueue)
    controlling.method("close", length=0)(close)
    controlling.method("error", length=0)(error_method)
    controlling.getter("desiredSize")(desired_size)

TABLES = (
    *(stream_prototype, stream_constructor, iterator_prototype),
    *(default_reader_prototype, default_reader_constructor),
    *(byob_reader_prototype, byob_reader_constructor),
    *(default_controller_prototype, byte_controller_prototype),
)
