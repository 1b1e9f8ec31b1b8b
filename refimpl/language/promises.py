"""Promise objects, their abstract operations and jobs, and Await (ECMA-262 §27.2.1, §27.2.2, §27.7.5.3).

* `perform_promise_then` takes guest functions and Python callables alike as handlers; the
  interpreter's own reactions (Await, module evaluation) are Python callables of one argument.
* The constructor and the methods of Promise are in `builtins.promise`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import intrinsic, surrounding
from refimpl.language.errors import Throw, make_error, throw_type_error
from refimpl.language.functions import FunctionObject, create_builtin_function
from refimpl.language.objects import JSObject
from refimpl.language.suspension import suspend
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable


class PromiseObject(JSObject):
    """A Promise; `state` is "pending", "fulfilled" or "rejected"."""

    __slots__ = ("fulfill_reactions", "is_handled", "reject_reactions", "result", "state")

    def __init__(self, prototype: JSObject | None) -> None:
        super().__init__(prototype)
        self.state = "pending"
        self.result: Value = undefined
        self.fulfill_reactions: list[Reaction] = []
        self.reject_reactions: list[Reaction] = []
        self.is_handled = False


class PromiseCapability:
    """A PromiseCapability Record."""

    __slots__ = ("promise", "reject", "resolve")

    def __init__(self, promise: Value, resolve: Value, reject: Value) -> None:
        self.promise = promise
        self.resolve = resolve
        self.reject = reject

    def settle_with(self, thunk: Callable[[], Value]) -> Value:
        """Resolve with what `thunk` returns, or reject with what it throws; the promise."""
        try:
            value = thunk()
        except Throw as thrown:
            self.reject.call(undefined, [thrown.value])
        else:
            self.resolve.call(undefined, [value])
        return self.promise


class Reaction:
    """A PromiseReaction Record; `handler` is a guest function, a Python callable, or None for empty."""

    __slots__ = ("capability", "handler", "rejects")

    def __init__(self, capability: PromiseCapability | None, handler: Any, rejects: bool) -> None:
        self.capability = capability
        self.handler = handler
        self.rejects = rejects


def new_promise() -> PromiseObject:
    """A pending promise of the current realm's %Promise%."""
    return PromiseObject(intrinsic("%Promise.prototype%"))


def create_resolving_functions(promise: PromiseObject) -> tuple[FunctionObject, FunctionObject]:
    """CreateResolvingFunctions."""
    already_resolved = False

    def resolve(this: Value, resolution: Value = undefined) -> Value:
        nonlocal already_resolved
        del this
        if not already_resolved:
            already_resolved = True
            resolve_promise(promise, resolution)
        return undefined

    def reject(this: Value, reason: Value = undefined) -> Value:
        nonlocal already_resolved
        del this
        if not already_resolved:
            already_resolved = True
            reject_promise(promise, reason)
        return undefined

    return create_builtin_function(resolve, 1), create_builtin_function(reject, 1)


def resolve_promise(promise: PromiseObject, resolution: Value) -> None:
    """Promise Resolve Functions, steps 7 and following."""
    if resolution is promise:
        reject_promise(promise, make_error("TypeError", "Chaining cycle detected for promise"))
        return
    if not isinstance(resolution, JSObject):
        fulfill_promise(promise, resolution)
        return
    try:
        then = resolution.get("then", resolution)
    except Throw as thrown:
        reject_promise(promise, thrown.value)
        return
    if not isinstance(then, FunctionObject):
        fulfill_promise(promise, resolution)
        return
    surrounding.agent.enqueue_job(lambda: promise_resolve_thenable_job(promise, resolution, then))


def promise_resolve_thenable_job(
    promise: PromiseObject, thenable: JSObject, then: FunctionObject
) -> None:
    """NewPromiseResolveThenableJob."""
    resolve, reject = create_resolving_functions(promise)
    try:
        then.call(thenable, [resolve, reject])
    except Throw as thrown:
        reject.call(undefined, [thrown.value])


def fulfill_promise(promise: PromiseObject, value: Value) -> None:
    """FulfillPromise."""
    _settle(promise, "fulfilled", value, promise.fulfill_reactions)


def reject_promise(promise: PromiseObject, reason: Value) -> None:
    """RejectPromise."""
    if not promise.is_handled:
        surrounding.agent.context.realm.host.promise_rejection(promise, "reject")
    _settle(promise, "rejected", reason, promise.reject_reactions)


def _settle(promise: PromiseObject, state: str, result: Value, reactions: list[Reaction]) -> None:
    promise.state = state
    promise.result = result
    promise.fulfill_reactions = []
    promise.reject_reactions = []
    for reaction in reactions:
        surrounding.agent.enqueue_job(
            lambda reaction=reaction: promise_reaction_job(reaction, result)  # type: ignore[misc]
        )


def promise_reaction_job(reaction: Reaction, argument: Value) -> None:
    """NewPromiseReactionJob."""
    capability, handler = reaction.capability, reaction.handler
    try:
        if handler is None:
            if reaction.rejects:
                raise Throw(argument)  # noqa: TRY301 - the completion the missing handler stands for
            result = argument
        elif isinstance(handler, FunctionObject):
            result = handler.call(undefined, [argument])
        else:
            result = handler(argument)
    except Throw as thrown:
        assert capability is not None  # a handler of ours never throws
        capability.reject.call(undefined, [thrown.value])
    else:
        if capability is not None:
            capability.resolve.call(undefined, [result])


def new_promise_capability(constructor: Value) -> PromiseCapability:
    """NewPromiseCapability."""
    if constructor is intrinsic("%Promise%"):
        promise = new_promise()
        return PromiseCapability(promise, *create_resolving_functions(promise))
    if not isinstance(constructor, FunctionObject) or not constructor.is_constructor:
        throw_type_error("The promise constructor is not a constructor")
    capability = PromiseCapability(undefined, undefined, undefined)

    def executor(this: Value, resolve: Value = undefined, reject: Value = undefined) -> Value:
        del this
        if capability.resolve is not undefined or capability.reject is not undefined:
            throw_type_error("Promise executor has already been invoked")
        capability.resolve, capability.reject = resolve, reject
        return undefined

    capability.promise = constructor.construct([create_builtin_function(executor, 2)], constructor)
    if not isinstance(capability.resolve, FunctionObject) or not isinstance(
        capability.reject, FunctionObject
    ):
        throw_type_error("Promise resolve or reject function is not callable")
    return capability


def promise_resolve(constructor: JSObject, value: Value) -> Any:
    """PromiseResolve."""
    if isinstance(value, PromiseObject) and value.get("constructor", value) is constructor:
        return value
    if constructor is intrinsic("%Promise%"):
        promise = new_promise()
        resolve_promise(promise, value)
        return promise
    capability = new_promise_capability(constructor)
    capability.resolve.call(undefined, [value])
    return capability.promise


def perform_promise_then(
    promise: PromiseObject,
    on_fulfilled: Any,
    on_rejected: Any,
    capability: PromiseCapability | None = None,
) -> None:
    """PerformPromiseThen; a handler that is not callable counts as empty."""
    fulfill = Reaction(capability, on_fulfilled if callable_handler(on_fulfilled) else None, False)
    reject = Reaction(capability, on_rejected if callable_handler(on_rejected) else None, True)
    if promise.state == "pending":
        promise.fulfill_reactions.append(fulfill)
        promise.reject_reactions.append(reject)
    else:
        if promise.state == "rejected" and not promise.is_handled:
            surrounding.agent.context.realm.host.promise_rejection(promise, "handle")
        reaction = fulfill if promise.state == "fulfilled" else reject
        result = promise.result
        surrounding.agent.enqueue_job(lambda: promise_reaction_job(reaction, result))
    promise.is_handled = True


def callable_handler(handler: Any) -> bool:
    """Whether `handler` is a guest function or one of the interpreter's own reactions."""
    return isinstance(handler, FunctionObject) or (
        callable(handler) and not isinstance(handler, JSObject)
    )


def await_(value: Value) -> Value:
    """Await: suspend the running activation until the promise of `value` settles."""
    promise = promise_resolve(intrinsic("%Promise%"), value)
    coroutine = surrounding.agent.context.coroutine
    assert coroutine is not None  # the grammar allows `await` only where there is one
    perform_promise_then(
        promise,
        lambda result: coroutine.resume("next", result),
        lambda reason: coroutine.resume("throw", reason),
    )
    return suspend()
