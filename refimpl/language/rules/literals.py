"""Literals, templates, array and object initializers (ECMA-262 §13.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import intrinsic, surrounding
from refimpl.language.arithmetic import concatenate
from refimpl.language.exotics import HOLE, ArrayObject, create_array_from_list
from refimpl.language.functions import function_name
from refimpl.language.objects import JSObject, Property
from refimpl.language.operations import (
    construct,
    copy_data_properties,
    define_property_or_throw,
    iterate_to_list,
    to_string,
)
from refimpl.language.rules.base import evaluates, named_evaluation
from refimpl.language.rules.functions import define_method
from refimpl.language.rules.patterns import property_key
from refimpl.language.values import BigInt, Key, Value, null, undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from refimpl.language.environment import Environment


@evaluates(n.Literal)
def literal(node: n.Literal, env: Environment) -> Value:
    """§13.2.3 Literals."""
    del env
    value = node.value
    return null if value is None else value


@evaluates(n.BigIntLiteral)
def big_int_literal(node: n.BigIntLiteral, env: Environment) -> Value:
    """§13.2.3 Literals: a BigInt."""
    del env
    return BigInt(node.value)


@evaluates(n.RegExpLiteral)
def regular_expression_literal(node: n.RegExpLiteral, env: Environment) -> Value:
    """§13.2.7 Regular Expression Literals: a new object at each evaluation."""
    del env
    return construct(intrinsic("%RegExp%"), [node.pattern, node.flags])


@evaluates(n.TemplateLiteral)
def template_literal(node: n.TemplateLiteral, env: Environment) -> Value:
    """§13.2.8 Template Literals."""
    text = node.quasis[0].cooked or ""
    for expression, quasi in zip(node.expressions, node.quasis[1:], strict=True):
        text = concatenate(text, to_string(expression.evaluate(env)) + (quasi.cooked or ""))
    return text


def get_template_object(node: n.TemplateLiteral) -> JSObject:
    """GetTemplateObject: one frozen array per site and realm."""
    realm = surrounding.agent.context.realm
    template = realm.template_map.get(node)
    if template is None:
        cooked = [undefined if q.cooked is None else q.cooked for q in node.quasis]
        template = frozen_array(cooked)
        template.props["raw"] = Property(
            frozen_array([quasi.raw for quasi in node.quasis]),
            writable=False,
            enumerable=False,
            configurable=False,
        )
        realm.template_map[node] = template
    return template


def frozen_array(strings: list[Value]) -> ArrayObject:
    """A frozen array, as template objects are."""
    items = [
        Property(value, writable=False, enumerable=True, configurable=False) for value in strings
    ]
    array = create_array_from_list(items)
    array.length_writable = False
    array.extensible = False
    return array


@evaluates(n.ArrayExpression)
def array_literal(node: n.ArrayExpression, env: Environment) -> Value:
    """§13.2.4 Array Initializer."""
    items: list[Value] = []
    for element in node.elements:
        if element is None:
            items.append(HOLE)
        elif type(element) is n.SpreadElement:
            items.extend(iterate_to_list(element.argument.evaluate(env)))
        else:
            items.append(element.evaluate(env))
    return create_array_from_list(items)


# --- objects -------------------------------------------------------------------------------------


@evaluates(n.ObjectExpression)
def object_literal(node: n.ObjectExpression, env: Environment) -> Value:
    """§13.2.5 Object Initializer."""
    obj = JSObject(intrinsic("%Object.prototype%"))
    for item in node.properties:
        if type(item) is n.SpreadElement:
            copy_data_properties(obj, item.argument.evaluate(env))
        else:
            assert isinstance(item, n.Property)
            property_definition(item, obj, env)
    return obj


def property_definition(node: n.Property, obj: JSObject, env: Environment) -> None:
    """PropertyDefinitionEvaluation."""
    key = property_key(node, env)
    if node.kind != "init":
        define_accessor(node, key, obj, env, enumerable=True)
    elif node.method:
        put(obj, key, define_method(node, obj, env, function_name(key)))
    elif key == "__proto__" and not node.computed and not node.shorthand:
        prototype = node.value.evaluate(env)
        if isinstance(prototype, JSObject):
            obj.set_prototype_of(prototype)
        elif prototype is null:
            obj.set_prototype_of(None)
    else:
        put(obj, key, named_evaluation(node.value, env, key))


def put(obj: JSObject, key: Key, value: Value) -> None:
    """CreateDataPropertyOrThrow on an object that is still extensible and all configurable."""
    obj.props[key] = value


def define_accessor(
    definition: n.Property | n.MethodDefinition,
    key: Key,
    obj: JSObject,
    env: Environment,
    *,
    enumerable: bool,
) -> None:
    """MethodDefinitionEvaluation of a getter or setter."""
    function = define_method(definition, obj, env, function_name(key, definition.kind))
    descriptor = Property(enumerable=enumerable, configurable=True)
    setattr(descriptor, definition.kind, function)
    define_property_or_throw(obj, key, descriptor)
