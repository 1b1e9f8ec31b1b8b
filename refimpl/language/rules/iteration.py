"""for-in, for-of and for-await-of (ECMA-262 §14.7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import surrounding
from refimpl.language.async_iteration import (
    async_iterator_close,
    async_iterator_close_throwing,
    get_async_iterator,
)
from refimpl.language.environment import Environment, block_environment
from refimpl.language.errors import Throw, describe, throw_type_error
from refimpl.language.functions import call
from refimpl.language.objects import ABSENT, JSObject
from refimpl.language.operations import (
    IteratorRecord,
    get_iterator,
    iterator_close,
    iterator_close_throwing,
    iterator_complete,
    iterator_step_value,
    to_object,
)
from refimpl.language.promises import await_
from refimpl.language.rules.base import Completion, evaluates, loop_continues, loop_result
from refimpl.language.rules.patterns import (
    VARIABLE,
    assign_pattern,
    bind_element,
    initialize_pattern,
)
from refimpl.language.rules.references import reference
from refimpl.language.suspension import ReturnCompletion
from refimpl.language.values import Key, Value, null, undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from collections.abc import Sequence


@evaluates(n.ForInStatement)
def for_in_statement(
    node: n.ForInStatement, env: Environment, labels: Sequence[str] = ()
) -> Completion | None:
    """§14.7.5.5: ForIn/OfHeadEvaluation with ENUMERATE and ForIn/OfBodyEvaluation."""
    subject = node.right.evaluate(block_environment(node.scope, env))
    if subject is undefined or subject is null:
        return None
    names = ForInIterator(to_object(subject))
    while (name := names.next()) is not None:
        surrounding.agent.charge()
        completion = node.body.evaluate(bind_head(node, name, env))
        if not loop_continues(completion, labels):
            return loop_result(completion)
    return None


class ForInIterator:
    """EnumerateObjectProperties as §14.7.5.10 defines it: no name twice, none that was deleted."""

    def __init__(self, obj: JSObject) -> None:
        self.obj: JSObject | None = obj
        self.visited: set[Key] = set()
        self.remaining: list[Key] | None = None

    def next(self) -> str | None:
        """The next property name, or None."""
        while self.obj is not None:
            if self.remaining is None:
                self.remaining = [key for key in self.obj.own_property_keys() if type(key) is str]
                self.remaining.reverse()
            while self.remaining:
                key = self.remaining.pop()
                if key not in self.visited and (found := self.obj.get_own_property(key)):
                    self.visited.add(key)
                    if found.enumerable:
                        return str(key)
            self.obj, self.remaining = self.obj.get_prototype_of(), None
        return None


@evaluates(n.ForOfStatement)
def for_of_statement(
    node: n.ForOfStatement, env: Environment, labels: Sequence[str] = ()
) -> Completion | None:
    """§14.7.5.5: ForIn/OfHeadEvaluation with ITERATE or ASYNC-ITERATE and its body."""
    subject = node.right.evaluate(block_environment(node.scope, env))
    iterator = get_async_iterator(subject) if node.is_await else get_iterator(subject)
    while True:
        value = async_step_value(iterator) if node.is_await else iterator_step_value(iterator)
        if value is ABSENT:
            return None
        completion = one_iteration(node, value, iterator, env)
        if not loop_continues(completion, labels):
            if node.is_await:
                async_iterator_close(iterator)
            else:
                iterator_close(iterator)
            return loop_result(completion)


def async_step_value(iterator: IteratorRecord) -> Value:
    """The next value of an async iterator, or the Python object ABSENT."""
    surrounding.agent.charge()
    result = await_(call(iterator.next_method, iterator.iterator, []))
    if not isinstance(result, JSObject):
        throw_type_error(f"Iterator result {describe(result)} is not an object")
    return ABSENT if iterator_complete(result) else result.get("value", result)


def one_iteration(
    node: n.ForOfStatement, value: Value, iterator: IteratorRecord, env: Environment
) -> Completion | None:
    """Bind the value and evaluate the body; an abrupt way out closes the iterator."""
    try:
        completion: Completion | None = node.body.evaluate(bind_head(node, value, env))
    except Throw:
        if node.is_await:
            async_iterator_close_throwing(iterator)
        else:
            iterator_close_throwing(iterator)
        raise
    except ReturnCompletion:
        if node.is_await:
            async_iterator_close(iterator)
        else:
            iterator_close(iterator)
        raise
    return completion


def bind_head(
    node: n.ForInStatement | n.ForOfStatement, value: Value, env: Environment
) -> Environment:
    """Give the value to what stands left; the environment of this iteration."""
    left: Any = node.left
    if isinstance(left, n.VariableDeclaration):
        target = left.declarations[0].id
        if left.kind == "var":
            bind_element(target, env, VARIABLE, lambda: value)
            return env
        scope = block_environment(node.scope, env)
        initialize_pattern(target, value, scope)
        return scope
    if isinstance(left, (n.ObjectPattern, n.ArrayPattern)):
        assign_pattern(left, value, env)
    else:
        reference(left, env).set(value)
    return env
