"""`await`, `yield` and `yield*` (ECMA-262 §15.5.5, §15.8.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import surrounding
from refimpl.language.async_iteration import async_iterator_close, get_async_iterator
from refimpl.language.errors import Throw, describe, throw_type_error
from refimpl.language.functions import call
from refimpl.language.generators import (
    AsyncGeneratorObject,
    InnerResult,
    async_generator_yield,
    in_async_generator,
    yield_,
)
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    IteratorRecord,
    get_iterator,
    get_method,
    iterator_close,
    iterator_complete,
    iterator_value,
)
from refimpl.language.promises import await_
from refimpl.language.rules.base import evaluates
from refimpl.language.suspension import ReturnCompletion, suspend
from refimpl.language.values import Value, undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from refimpl.language.environment import Environment


@evaluates(n.AwaitExpression)
def await_expression(node: n.AwaitExpression, env: Environment) -> Value:
    """§15.8.5 AwaitExpression."""
    return await_(node.argument.evaluate(env))


@evaluates(n.YieldExpression)
def yield_expression(node: n.YieldExpression, env: Environment) -> Value:
    """§15.5.5 YieldExpression."""
    value = undefined if node.argument is None else node.argument.evaluate(env)
    return yield_delegate(value) if node.delegate else yield_(value)


def yield_delegate(value: Value) -> Value:
    """`yield* value`: pass every completion on to the inner iterator, and its results out."""
    outer = in_async_generator()
    iterator = get_iterator(value) if outer is None else get_async_iterator(value)
    received, sent = "next", undefined
    while True:
        surrounding.agent.charge()
        result = delegate(iterator, received, sent, is_async=outer is not None)
        if iterator_complete(result):
            if received == "return":
                raise ReturnCompletion(iterator_value(result))
            return iterator_value(result)
        received, sent = yield_inner_result(outer, result)


def yield_inner_result(outer: AsyncGeneratorObject | None, result: JSObject) -> tuple[str, Value]:
    """Yield what the inner iterator yielded; the completion the generator is resumed with."""
    value = undefined if outer is None else iterator_value(result)
    try:
        if outer is None:
            return "next", suspend(InnerResult(result))
        return "next", async_generator_yield(outer, value)
    except Throw as thrown:
        return "throw", thrown.value
    except ReturnCompletion as completion:
        return "return", completion.value


def delegate(iterator: IteratorRecord, received: str, sent: Value, *, is_async: bool) -> JSObject:
    """Pass one completion on to the inner iterator; its result object."""
    if received == "next":
        result = call(iterator.next_method, iterator.iterator, [sent])
    else:
        method = get_method(iterator.iterator, received)
        if method is undefined:
            without_method(iterator, received, sent, is_async=is_async)
        result = method.call(iterator.iterator, [sent])
    if is_async:
        result = await_(result)
    if not isinstance(result, JSObject):
        throw_type_error(f"Iterator result {describe(result)} is not an object")
    return result


def without_method(iterator: IteratorRecord, received: str, sent: Value, *, is_async: bool) -> Any:
    """The inner iterator has no `return` or `throw` to pass the completion on to."""
    if received == "return":
        raise ReturnCompletion(await_(sent) if is_async else sent)
    if is_async:
        async_iterator_close(iterator)
    else:
        iterator_close(iterator)
    throw_type_error("The iterator does not provide a 'throw' method")
