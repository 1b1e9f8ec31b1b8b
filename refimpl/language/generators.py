"""Async functions, generators and async generators (ECMA-262 §27.3 to §27.7).

The methods `next`, `return` and `throw` are in `builtins.generators`; they call `generator_resume`,
`generator_resume_abrupt` and `async_generator_method`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from refimpl.language.agent import intrinsic, surrounding
from refimpl.language.errors import Throw, make_error, throw_type_error
from refimpl.language.objects import JSObject
from refimpl.language.operations import create_iterator_result, get_prototype_from_constructor
from refimpl.language.promises import (
    PromiseCapability,
    await_,
    new_promise,
    new_promise_capability,
    perform_promise_then,
    promise_resolve,
    reject_promise,
    resolve_promise,
)
from refimpl.language.suspension import Coroutine, ReturnCompletion, suspend
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.functions import FunctionObject
    from refimpl.language.promises import PromiseObject


def start_async_function(body: Callable[[], Value]) -> PromiseObject:
    """AsyncFunctionStart; the promise of the call."""
    promise = new_promise()

    def run() -> None:
        try:
            result = body()
        except Throw as thrown:
            reject_promise(promise, thrown.value)
        else:
            resolve_promise(promise, result)

    Coroutine(run).resume()
    return promise


# --- generators ----------------------------------------------------------------------------------


class GeneratorObject(JSObject):
    """A Generator; `state` is "suspended-start", "suspended-yield", "executing" or "completed"."""

    __slots__ = ("coroutine", "state")

    def __init__(self, prototype: JSObject, body: Callable[[], Value]) -> None:
        super().__init__(prototype)
        self.state = "suspended-start"
        self.coroutine = Coroutine(body)


def start_generator(function: FunctionObject, body: Callable[[], Value]) -> GeneratorObject:
    """GeneratorStart, with the creation of the Generator."""

    def run() -> Value:
        try:
            return body()
        except ReturnCompletion as completion:
            return completion.value

    return GeneratorObject(get_prototype_from_constructor(function, "%GeneratorPrototype%"), run)


def generator_validate(value: Value) -> GeneratorObject:
    """GeneratorValidate."""
    if not isinstance(value, GeneratorObject):
        throw_type_error("next method called on incompatible receiver")
    if value.state == "executing":
        throw_type_error("Generator is already running")
    return value


def generator_resume(generator: Value, value: Value) -> JSObject:
    """GeneratorResume."""
    generator = generator_validate(generator)
    if generator.state == "completed":
        return create_iterator_result(undefined, done=True)
    return _continue(generator, "next", value)


def generator_resume_abrupt(generator: Value, kind: str, value: Value) -> JSObject:
    """GeneratorResumeAbrupt; `kind` is "throw" or "return"."""
    generator = generator_validate(generator)
    if generator.state == "suspended-start":
        generator.state = "completed"
        generator.coroutine.discard()
    if generator.state == "completed":
        if kind == "throw":
            raise Throw(value)
        return create_iterator_result(value, done=True)
    return _continue(generator, kind, value)


def _continue(generator: GeneratorObject, kind: str, value: Value) -> JSObject:
    """Run the generator until it yields or ends; its result object."""
    generator.state = "executing"
    try:
        result = generator.coroutine.resume(kind, value)
    except BaseException:
        generator.state = "completed"
        raise
    if generator.coroutine.finished:
        generator.state = "completed"
        return create_iterator_result(result, done=True)
    generator.state = "suspended-yield"
    if isinstance(result, InnerResult):
        return result.result
    return create_iterator_result(result, done=False)


class InnerResult:
    """The result object of an inner iterator, which `yield*` passes on untouched."""

    __slots__ = ("result",)

    def __init__(self, result: JSObject) -> None:
        self.result = result


def in_async_generator() -> AsyncGeneratorObject | None:
    """The async generator that is running, if it is one."""
    owner = surrounding.agent.context.generator
    return owner if isinstance(owner, AsyncGeneratorObject) else None


def yield_(value: Value) -> Value:
    """Yield."""
    generator = in_async_generator()
    if generator is None:
        return suspend(value)
    return async_generator_yield(generator, await_(value))


# --- async generators ---------------------------------------------------------------------------


class AsyncGeneratorObject(JSObject):
    """An AsyncGenerator; adds the states "awaiting-return" and "draining-queue" to a Generator's."""

    __slots__ = ("coroutine", "queue", "state")

    def __init__(self, prototype: JSObject) -> None:
        super().__init__(prototype)
        self.state = "suspended-start"
        #: AsyncGeneratorRequest Records: kind, value, capability.
        self.queue: deque[tuple[str, Value, PromiseCapability]] = deque()
        self.coroutine: Coroutine


def start_async_generator(
    function: FunctionObject, body: Callable[[], Value]
) -> AsyncGeneratorObject:
    """AsyncGeneratorStart, with the creation of the AsyncGenerator."""
    prototype = get_prototype_from_constructor(function, "%AsyncGeneratorPrototype%")
    generator = AsyncGeneratorObject(prototype)

    def run() -> None:
        kind, value = "return", undefined
        try:
            value = body()
        except ReturnCompletion as completion:
            value = completion.value
        except Throw as thrown:
            kind, value = "throw", thrown.value
        generator.state = "draining-queue"
        async_generator_complete_step(generator, kind, value, done=True)
        async_generator_drain_queue(generator)

    generator.coroutine = Coroutine(run)
    generator.coroutine.context.generator = generator
    return generator


def async_generator_method(generator: Value, kind: str, value: Value) -> Value:
    """AsyncGenerator.prototype.next, return and throw; `kind` is "next", "return" or "throw"."""
    capability = new_promise_capability(intrinsic("%Promise%"))
    if not isinstance(generator, AsyncGeneratorObject):
        error = make_error("TypeError", f"{kind} method called on incompatible receiver")
        capability.reject.call(undefined, [error])
        return capability.promise
    if kind != "next" and generator.state == "suspended-start":
        generator.state = "completed"
        generator.coroutine.discard()
    if generator.state == "completed" and kind != "return":
        if kind == "throw":
            capability.reject.call(undefined, [value])
        else:
            capability.resolve.call(undefined, [create_iterator_result(undefined, done=True)])
        return capability.promise
    generator.queue.append((kind, value, capability))
    if generator.state == "completed":
        async_generator_await_return(generator)
    elif generator.state in {"suspended-start", "suspended-yield"}:
        async_generator_resume(generator, kind, value)
    return capability.promise


def async_generator_resume(generator: AsyncGeneratorObject, kind: str, value: Value) -> None:
    """AsyncGeneratorResume."""
    generator.state = "executing"
    generator.coroutine.resume(kind, value)


def async_generator_complete_step(
    generator: AsyncGeneratorObject, kind: str, value: Value, *, done: bool
) -> None:
    """AsyncGeneratorCompleteStep."""
    _, _, capability = generator.queue.popleft()
    if kind == "throw":
        capability.reject.call(undefined, [value])
    else:
        capability.resolve.call(undefined, [create_iterator_result(value, done)])


def async_generator_yield(generator: AsyncGeneratorObject, value: Value) -> Value:
    """AsyncGeneratorYield, for a value already awaited."""
    async_generator_complete_step(generator, "next", value, done=False)
    if generator.queue:
        kind, sent, _ = generator.queue[0]
        return async_generator_unwrap_yield_resumption(kind, sent)
    generator.state = "suspended-yield"
    try:
        return suspend()
    except ReturnCompletion as completion:
        return async_generator_unwrap_yield_resumption("return", completion.value)


def async_generator_unwrap_yield_resumption(kind: str, value: Value) -> Value:
    """AsyncGeneratorUnwrapYieldResumption: a return completion's value is awaited first."""
    if kind == "next":
        return value
    if kind == "throw":
        raise Throw(value)
    raise ReturnCompletion(await_(value))


def async_generator_await_return(generator: AsyncGeneratorObject) -> None:
    """AsyncGeneratorAwaitReturn."""
    generator.state = "awaiting-return"
    value = generator.queue[0][1]

    def settled(kind: str) -> Callable[[Value], None]:
        def complete(result: Value) -> None:
            generator.state = "draining-queue"
            async_generator_complete_step(generator, kind, result, done=True)
            async_generator_drain_queue(generator)

        return complete

    try:
        promise = promise_resolve(intrinsic("%Promise%"), value)
    except Throw as thrown:
        settled("throw")(thrown.value)
    else:
        perform_promise_then(promise, settled("return"), settled("throw"))


def async_generator_drain_queue(generator: AsyncGeneratorObject) -> None:
    """AsyncGeneratorDrainQueue."""
    while generator.queue:
        kind, value, _ = generator.queue[0]
        if kind == "return":
            async_generator_await_return(generator)
            return
        result = undefined if kind == "next" else value
        async_generator_complete_step(generator, kind, result, done=True)
    generator.state = "completed"
