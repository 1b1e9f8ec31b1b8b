"""JSX elements as values, with the semantics of the automatic runtime (JSX has no standard).

* A name that starts in lower case or contains a dash is a String; any other is a reference.
* Text is trimmed line by line, as every JSX compiler does; lines are joined by single spaces.
* One child is `props.children` itself, more are an array; `key` is taken out of the props.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import current_realm, intrinsic, surrounding
from refimpl.language.exotics import create_array_from_list
from refimpl.language.objects import JSObject
from refimpl.language.operations import copy_data_properties, get_v, iterate_to_list, to_string
from refimpl.language.rules.base import evaluates
from refimpl.language.values import Symbol, Value, null, undefined
from refimpl.source import nodes as n
from refimpl.source.scope import is_intrinsic_element

if TYPE_CHECKING:
    from refimpl.language.environment import Environment


@evaluates(n.JSXElement)
def jsx_element(node: n.JSXElement, env: Environment) -> Value:
    """An element: its type, props and key, handed to the host."""
    type_ = symbol_for("react.fragment") if node.name is None else element_type(node.name, env)
    props = JSObject(intrinsic("%Object.prototype%"))
    for attribute in node.attributes:
        if isinstance(attribute, n.JSXSpreadAttribute):
            copy_data_properties(props, attribute.argument.evaluate(env))
        else:
            assert isinstance(attribute, n.JSXAttribute)
            props.props[attribute_name(attribute.name)] = attribute_value(attribute.value, env)
    children = jsx_children(node, env)
    if children:
        props.props["children"] = (
            children[0] if len(children) == 1 else create_array_from_list(children)
        )
    key = props.props.pop("key", undefined)
    surrounding.agent.context.node = node
    made = current_realm().host.create_element(type_, props, key)
    return react_element(type_, props, key) if made is None else made


def element_type(name: n.Node, env: Environment) -> Value:
    """The type an element's name means."""
    if isinstance(name, n.JSXMemberExpression):
        return get_v(component(name.object, env), name.property.name)
    if isinstance(name, n.JSXNamespacedName):
        return attribute_name(name)
    assert isinstance(name, n.JSXIdentifier)
    return name.name if is_intrinsic_element(name.name) else component(name, env)


def component(name: n.Node, env: Environment) -> Value:
    """The value a name refers to, whatever its case."""
    if isinstance(name, n.JSXMemberExpression):
        return get_v(component(name.object, env), name.property.name)
    assert isinstance(name, n.JSXIdentifier)
    if name.name == "this":
        return env.this_environment().get_this_binding()
    return env.lookup(name.name)


def attribute_name(name: n.Node) -> str:
    """An attribute's name, with its namespace."""
    if isinstance(name, n.JSXNamespacedName):
        return f"{name.namespace.name}:{name.name.name}"
    assert isinstance(name, n.JSXIdentifier)
    return name.name


def attribute_value(value: n.Node | None, env: Environment) -> Value:
    """An attribute's value; a bare name is true."""
    return True if value is None else value.evaluate(env)


@evaluates(n.JSXExpressionContainer)
def expression_container(node: n.JSXExpressionContainer, env: Environment) -> Value:
    """`{expression}`."""
    return undefined if node.expression is None else node.expression.evaluate(env)


def jsx_children(node: n.JSXElement, env: Environment) -> list[Value]:
    """The children that count."""
    children: list[Value] = []
    for child in node.content:
        if isinstance(child, n.JSXText):
            text = clean_text(child.value)
            if text:
                children.append(text)
        elif isinstance(child, n.JSXSpreadChild):
            children.extend(iterate_to_list(child.expression.evaluate(env)))
        elif not isinstance(child, n.JSXExpressionContainer) or child.expression is not None:
            children.append(child.evaluate(env))
    return children


def clean_text(text: str) -> str:
    """JSX text without the white space that lays out the source."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    last = len(lines) - 1
    cleaned = []
    for index, line in enumerate(lines):
        line = line.replace("\t", " ")  # noqa: PLW2901 - the same line, cleaned
        if index != 0:
            line = line.lstrip(" ")  # noqa: PLW2901
        if index != last:
            line = line.rstrip(" ")  # noqa: PLW2901
        if line:
            cleaned.append(line)
    return " ".join(cleaned)


def symbol_for(key: str) -> Symbol:
    """Symbol.for."""
    return surrounding.agent.symbol_registry.setdefault(key, Symbol(key))


def react_element(type_: Value, props: JSObject, key: Value) -> JSObject:
    """React's element object; `key` is undefined when none was given."""
    element = JSObject(intrinsic("%Object.prototype%"))
    fields: dict[Any, Value] = {
        "$$typeof": symbol_for("react.transitional.element"),
        "type": type_,
        "key": null if key is undefined else to_string(key),
        "ref": null,
        "props": props,
    }
    element.props.update(fields)
    return element
