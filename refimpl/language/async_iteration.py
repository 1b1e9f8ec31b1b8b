"""Async iterators, and sync iterators seen as async ones (ECMA-262 §7.4.3, §27.1.6).

%AsyncFromSyncIteratorPrototype% is never seen by guest code, so the wrapper has its methods itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import intrinsic
from refimpl.language.errors import Throw, describe, throw_type_error
from refimpl.language.functions import call, create_builtin_function
from refimpl.language.objects import JSObject, hidden
from refimpl.language.operations import (
    IteratorRecord,
    create_iterator_result,
    get_iterator,
    get_iterator_direct,
    get_method,
    iterator_close,
    iterator_close_throwing,
    iterator_complete,
    iterator_value,
)
from refimpl.language.promises import (
    PromiseCapability,
    await_,
    new_promise_capability,
    perform_promise_then,
    promise_resolve,
)
from refimpl.language.values import SYMBOL_ASYNC_ITERATOR, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable


def get_async_iterator(value: Value) -> IteratorRecord:
    """GetIterator with kind async."""
    method = get_method(value, SYMBOL_ASYNC_ITERATOR)
    if method is undefined:
        return create_async_from_sync_iterator(get_iterator(value))
    iterator = method.call(value, [])
    if not isinstance(iterator, JSObject):
        throw_type_error("Result of the Symbol.asyncIterator method is not an object")
    return get_iterator_direct(iterator)


def async_iterator_close(record: IteratorRecord) -> None:
    """AsyncIteratorClose after a completion that is not a throw."""
    method = get_method(record.iterator, "return")
    if method is undefined:
        return
    result = await_(method.call(record.iterator, []))
    if not isinstance(result, JSObject):
        throw_type_error(f"{describe(result)} is not an object")


def async_iterator_close_throwing(record: IteratorRecord) -> None:
    """AsyncIteratorClose after a throw completion, which wins whatever `return` does."""
    try:
        method = get_method(record.iterator, "return")
        if method is not undefined:
            await_(method.call(record.iterator, []))
    except Throw:
        pass


def create_async_from_sync_iterator(sync: IteratorRecord) -> IteratorRecord:
    """CreateAsyncFromSyncIterator."""
    iterator = JSObject(None)
    for name, behaviour in (("next", _next), ("return", _return), ("throw", _throw)):
        iterator.props[name] = hidden(create_builtin_function(_settling(behaviour, sync), 1, name))
    return get_iterator_direct(iterator)


def _settling(
    behaviour: Callable[[IteratorRecord, PromiseCapability, list[Value]], None],
    sync: IteratorRecord,
) -> Callable[..., Value]:
    """A method that answers with a promise, whatever happens."""

    def method(this: Value, *arguments: Value) -> Value:
        del this
        capability = new_promise_capability(intrinsic("%Promise%"))
        try:
            behaviour(sync, capability, [*arguments])
        except Throw as thrown:
            capability.reject.call(undefined, [thrown.value])
        return capability.promise

    return method


def _next(sync: IteratorRecord, capability: PromiseCapability, arguments: list[Value]) -> None:
    """%AsyncFromSyncIteratorPrototype%.next."""
    result = _object(call(sync.next_method, sync.iterator, arguments))
    async_from_sync_iterator_continuation(result, capability, sync, close=True)


def _return(sync: IteratorRecord, capability: PromiseCapability, arguments: list[Value]) -> None:
    """%AsyncFromSyncIteratorPrototype%.return."""
    method = get_method(sync.iterator, "return")
    if method is undefined:
        value = arguments[0] if arguments else undefined
        capability.resolve.call(undefined, [create_iterator_result(value, done=True)])
        return
    result = _object(method.call(sync.iterator, arguments))
    async_from_sync_iterator_continuation(result, capability, sync, close=False)


def _throw(sync: IteratorRecord, capability: PromiseCapability, arguments: list[Value]) -> None:
    """%AsyncFromSyncIteratorPrototype%.throw."""
    method = get_method(sync.iterator, "throw")
    if method is undefined:
        iterator_close(sync)
        throw_type_error("The iterator does not provide a 'throw' method")
    result = _object(method.call(sync.iterator, arguments))
    async_from_sync_iterator_continuation(result, capability, sync, close=True)


def _object(result: Value) -> JSObject:
    if not isinstance(result, JSObject):
        throw_type_error(f"Iterator result {describe(result)} is not an object")
    return result


def async_from_sync_iterator_continuation(
    result: JSObject, capability: PromiseCapability, sync: IteratorRecord, *, close: bool
) -> None:
    """AsyncFromSyncIteratorContinuation."""
    done = iterator_complete(result)
    value = iterator_value(result)

    def unwrap(settled: Value) -> Value:
        return create_iterator_result(settled, done)

    def close_iterator(error: Value) -> Any:
        iterator_close_throwing(sync)
        raise Throw(error)

    try:
        wrapper = promise_resolve(intrinsic("%Promise%"), value)
    except Throw:
        if not done and close:
            iterator_close_throwing(sync)
        raise
    rejected = close_iterator if close and not done else undefined
    perform_promise_then(wrapper, unwrap, rejected, capability)
