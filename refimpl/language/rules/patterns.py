"""Destructuring, for bindings and for assignments alike (ECMA-262 §8.6.2, §13.15.5, §14.3.3).

One algorithm serves both: what differs is only the Reference Record a leaf of the pattern
evaluates to, and that is a parameter, `Target`. The reference comes first, then the value, then its default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from refimpl.language.errors import Throw
from refimpl.language.exotics import create_array_from_list
from refimpl.language.objects import ABSENT, JSObject
from refimpl.language.operations import (
    copy_data_properties,
    get_iterator,
    get_v,
    intrinsic,
    iterator_close,
    iterator_close_throwing,
    iterator_step_value,
    iterator_to_list,
    require_object_coercible,
    to_property_key,
)
from refimpl.language.rules.base import named_evaluation
from refimpl.language.rules.references import BindingReference, IdentifierReference, reference
from refimpl.language.suspension import ReturnCompletion
from refimpl.language.values import Key, Value, undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.environment import Environment
    from refimpl.language.operations import IteratorRecord

#: What a leaf of the pattern evaluates to: anything with a `set`.
Target: TypeAlias = "Callable[[Any, Environment], Any]"


def initialize_pattern(pattern: n.Node, value: Value, env: Environment) -> None:
    """BindingInitialization with an environment: let, const, parameters, catch."""
    bind_element(pattern, env, BINDING, lambda: value)


def assign_pattern(pattern: n.Node, value: Value, env: Environment) -> None:
    """DestructuringAssignmentEvaluation."""
    destructure(pattern, value, env, reference)


def bind_declaration(target: n.Node, init: n.Node, env: Environment) -> None:
    """`var target = init`."""
    if isinstance(target, n.Identifier):
        place = IdentifierReference(env, target.name)
        place.set(named_evaluation(init, env, target.name))
    else:
        destructure(target, init.evaluate(env), env, VARIABLE)


def bind_element(
    element: n.Node, env: Environment, target: Target, fetch: Callable[[], Value]
) -> None:
    """One property or element: KeyedBindingInitialization and its siblings."""
    node, default = element, None
    if isinstance(element, n.AssignmentPattern):
        node, default = element.left, element.right
    is_pattern = isinstance(node, (n.ObjectPattern, n.ArrayPattern))
    place = None if is_pattern else target(node, env)
    value = fetch()
    if value is undefined and default is not None:
        name = node.name if isinstance(node, n.Identifier) else None
        value = default.evaluate(env) if name is None else named_evaluation(default, env, name)
    if place is None:
        destructure(node, value, env, target)
    else:
        place.set(value)


def destructure(pattern: n.Node, value: Value, env: Environment, target: Target) -> None:
    """Take `value` apart."""
    if isinstance(pattern, n.ObjectPattern):
        object_pattern(pattern, value, env, target)
    else:
        assert isinstance(pattern, n.ArrayPattern)
        array_pattern(pattern, value, env, target)


def object_pattern(
    pattern: n.ObjectPattern, value: Value, env: Environment, target: Target
) -> None:
    """PropertyBindingInitialization, RestBindingInitialization."""
    require_object_coercible(value)
    taken: list[Key] = []
    for item in pattern.properties:
        if isinstance(item, n.RestElement):
            place = target(item.argument, env)
            rest = JSObject(intrinsic("%Object.prototype%"))
            copy_data_properties(rest, value, taken)
            place.set(rest)
        else:
            assert isinstance(item, n.Property)
            key = property_key(item, env)
            taken.append(key)
            bind_element(item.value, env, target, lambda key=key: get_v(value, key))  # type: ignore[misc]


def array_pattern(pattern: n.ArrayPattern, value: Value, env: Environment, target: Target) -> None:
    """IteratorBindingInitialization, with the iterator closed unless it is done."""
    iterator = get_iterator(value)
    try:
        for element in pattern.elements:
            array_element(element, iterator, env, target)
    except Throw:
        if not iterator.done:
            iterator_close_throwing(iterator)
        raise
    except ReturnCompletion:
        if not iterator.done:
            iterator_close(iterator)
        raise
    if not iterator.done:
        iterator_close(iterator)


def array_element(
    element: n.Node | None, iterator: IteratorRecord, env: Environment, target: Target
) -> None:
    """One element of an array pattern: an elision, a rest, or a target."""

    def next_value() -> Value:
        value = ABSENT if iterator.done else iterator_step_value(iterator)
        return undefined if value is ABSENT else value

    if element is None:
        next_value()
    elif isinstance(element, n.RestElement):
        bind_element(
            element.argument,
            env,
            target,
            lambda: create_array_from_list([] if iterator.done else iterator_to_list(iterator)),
        )
    else:
        bind_element(element, env, target, next_value)


def property_key(node: Any, env: Environment) -> Key:
    """The key of a property or class member: §13.2.5.5 Evaluation of PropertyName."""
    key = node.key
    if node.computed:
        return to_property_key(key.evaluate(env))
    return literal_key(key)


def literal_key(key: n.Node) -> Key:
    """The key a name that is not computed stands for."""
    if isinstance(key, n.Identifier):
        return key.name
    if isinstance(key, n.BigIntLiteral):
        return str(key.value)
    assert isinstance(key, n.Literal)
    return to_property_key(key.value)


#: A leaf that initializes its own binding, and one that assigns the variable of its name.
BINDING: Final[Target] = lambda node, env: BindingReference(env, node.name)  # noqa: E731
VARIABLE: Final[Target] = lambda node, env: IdentifierReference(env, node.name)  # noqa: E731
