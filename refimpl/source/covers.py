"""Cover grammars: an expression that turns out to be parameters, or a target of an assignment.

Rules of this module:

* `( … )` and `async( … )` are read once, as what could still be both (`Cover`, `AsyncCall`), and
  become an expression or an arrow function when the next token decides.
* Patterns are made without recursion, each once, so that deep nesting costs neither stack nor
  more than linear time.
* What a parameter or a target can syntactically not be is refused here; whether a target is
  assignable is an early error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from refimpl.source import nodes as n
from refimpl.source.literals import Malformed, malformed


def binding_element(start: int, end: int, target: n.Node, default: Any) -> n.Node:
    """A target with its default value, if it has one."""
    return target if default is None else n.AssignmentPattern(start, end, target, default)


@dataclass(slots=True)
class Cover(n.Node):
    """`( … )` before it is known whether it is an expression or an arrow function's parameters."""

    items: list[Any]
    plain: bool  #: could be a parenthesized expression


@dataclass(slots=True)
class TypedItem(n.Node):
    """`a: T`, `a?` or `a: T = b` inside a cover: only a parameter can be that."""

    target: n.Node
    default: n.Node | None
    spread: bool = False


@dataclass(slots=True)
class AsyncCall(n.Node):
    """`async( … )` before it is known whether it is a call or an async arrow function's head."""

    name: n.Identifier
    items: list[Any]
    trailing_comma: bool = False


def parenthesized(start: int, end: int, covered: Cover) -> n.ParenthesizedExpression:
    """What was covered is an expression."""
    items = covered.items
    if not covered.plain:
        raise Malformed(end, end, "expected `=>` after the parameters of an arrow function")
    _refuse_types(items)
    inner = items[0]
    if len(items) > 1:
        inner = n.SequenceExpression(inner.start, items[-1].end, items)
    return n.ParenthesizedExpression(start, end, inner)


def _refuse_types(items: list[Any]) -> None:
    for item in items:
        if isinstance(item, TypedItem):
            message = "a type annotation stands only after a parameter or a variable"
            raise Malformed(item.target.end, item.end, message)


def call_of_async(start: int, end: int, call: AsyncCall) -> n.CallExpression:
    """What was covered is a call of a function that is named `async`."""
    _refuse_types(call.items)
    return n.CallExpression(start, end, call.name, call.items)


def arrow(
    start: int,
    end: int,
    items: list[Any],
    body: n.Node,
    *,
    is_async: bool = False,
    trailing_comma: bool = False,
) -> n.ArrowFunctionExpression:
    """An arrow function whose parameters were covered by `items`."""
    for position, item in enumerate(items):
        spread = isinstance(item, n.RestElement | n.SpreadElement)
        if spread and (position < len(items) - 1 or trailing_comma):
            malformed(item, "a rest parameter is the last parameter, without a comma after it")
    params = [_arrow_parameter(item) for item in items]
    present = [param for param in params if param is not None]
    return n.ArrowFunctionExpression(start, end, None, present, body, is_async, False)


def _arrow_parameter(item: n.Node) -> n.Node | None:
    if isinstance(item, n.RestElement):
        return item
    if isinstance(item, n.SpreadElement) and isinstance(item.argument, n.AssignmentExpression):
        malformed(item.argument, "a rest parameter has no default")
    if isinstance(item, TypedItem):
        if isinstance(item.target, n.ThisExpression):
            return None
        target = binding_target(item.target)
        if item.spread:
            return n.RestElement(item.start, item.end, target)
        return binding_element(item.start, item.end, target, item.default)
    return binding_target(item)


def binding_target(node: n.Node) -> n.Node:
    """An expression that turns out to be a parameter."""
    return _pattern(node, binding=True)


def assignment_target(node: n.Node) -> n.Node:
    """An expression that turns out to be assigned to."""
    if node.__class__ is n.ObjectExpression or node.__class__ is n.ArrayExpression:
        return _pattern(node, binding=False)
    return node


def _pattern(node: n.Node, *, binding: bool) -> n.Node:
    """The pattern that an expression covers, without recursion.

    The places still to be converted are kept as (list, index) or (node, field name).
    """
    top: list[n.Node] = [node]
    places: list[tuple[Any, Any]] = [(top, 0)]
    while places:
        holder, key = places.pop()
        covered = holder[key] if isinstance(holder, list) else getattr(holder, key)
        made, inner = _one_pattern(covered, binding=binding)
        if isinstance(holder, list):
            holder[key] = made
        else:
            setattr(holder, key, made)
        places += inner
    return top[0]


def _one_pattern(node: Any, *, binding: bool) -> tuple[Any, list[tuple[Any, Any]]]:
    """One level of a pattern, and its places that are still expressions."""
    match node:
        case n.ObjectExpression(properties=items) | n.ArrayExpression(elements=items):
            _check_rest(node, items)
            is_object = isinstance(node, n.ObjectExpression)
            kind: Any = n.ObjectPattern if is_object else n.ArrayPattern
            slots = list(items)
            return kind(node.start, node.end, slots), _places(slots)
        case n.AssignmentExpression(operator="=", left=left, right=right):
            pattern = n.AssignmentPattern(node.start, node.end, left, right)
            return pattern, [(pattern, "left")] if binding else []
        case n.SpreadElement(argument=argument):
            rest = n.RestElement(node.start, node.end, argument)
            return rest, [(rest, "argument")]
        case n.Property(kind="init", method=False, shorthand=shorthand):
            return node, [] if shorthand else [(node, "value")]
        case n.Property():
            malformed(node, "a method or accessor cannot be assigned to")
    if not binding or isinstance(node, n.Identifier | None):
        return node, []
    # An inner `=` has already made this a pattern, of targets that are not all parameters.
    match node:
        case n.ObjectPattern(properties=items) | n.ArrayPattern(elements=items):
            return node, _places(items)
        case n.AssignmentPattern():
            return node, [(node, "left")]
        case n.RestElement():
            return node, [(node, "argument")]
    malformed(node, "a parameter is a name or a pattern")


def _places(items: list[Any]) -> list[tuple[Any, Any]]:
    return [(items, index) for index, item in enumerate(items) if item is not None]


def _check_rest(node: Any, items: list[Any]) -> None:
    """A rest is last, has no comma after it and no default; in an object it is one name."""
    for position, item in enumerate(items):
        if not isinstance(item, n.SpreadElement):
            continue
        if position < len(items) - 1 or node.trailing_comma:
            malformed(item, "a rest element is the last element, without a comma after it")
        if isinstance(item.argument, n.AssignmentExpression):
            malformed(item.argument, "a rest element has no default")
        is_object = isinstance(node, n.ObjectExpression)
        if is_object and isinstance(item.argument, n.ObjectExpression | n.ArrayExpression):
            malformed(item.argument, "the rest of an object goes into one name")
