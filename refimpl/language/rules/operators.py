"""Unary, binary, logical, conditional and assignment operators (ECMA-262 §13.4 to §13.16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from refimpl.language.arithmetic import BINARY
from refimpl.language.conversions import (
    to_boolean,
    to_int32,
    to_number,
    to_numeric,
    to_property_key,
)
from refimpl.language.errors import throw_reference_error, throw_type_error
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    delete_property_or_throw,
    to_object,
)
from refimpl.language.private import has_private_element
from refimpl.language.rules.base import evaluates, named_evaluation
from refimpl.language.rules.patterns import assign_pattern
from refimpl.language.rules.references import (
    ShortCircuit,
    reference,
    resolve_private_identifier,
)
from refimpl.language.values import BigInt, Symbol, Undefined, Value, null, undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.environment import Environment

# --- unary ---------------------------------------------------------------------------------------


@evaluates(n.UnaryExpression)
def unary_expression(node: n.UnaryExpression, env: Environment) -> Value:
    """§13.5 Unary Operators."""
    if node.operator == "typeof":
        return type_of(evaluate_typeof_operand(node.argument, env))
    if node.operator == "delete":
        return delete(node.argument, env)
    return UNARY[node.operator](node.argument.evaluate(env))


def evaluate_typeof_operand(node: n.Node, env: Environment) -> Value:
    """The operand of typeof: an unresolvable name is undefined."""
    target = node
    while isinstance(target, n.ParenthesizedExpression):
        target = target.expression
    if isinstance(target, n.Identifier) and env.resolve(target.name) is None:
        return undefined
    return target.evaluate(env)


def type_of(value: Value) -> str:
    """§13.5.3 The typeof Operator."""
    if isinstance(value, JSObject):
        return "function" if isinstance(value, FunctionObject) else "object"
    return TYPE_NAMES[type(value)]


TYPE_NAMES: Final = {
    str: "string",
    float: "number",
    bool: "boolean",
    Undefined: "undefined",
    type(null): "object",
    Symbol: "symbol",
    BigInt: "bigint",
}


def delete(node: n.Node, env: Environment) -> bool:
    """§13.5.1 The delete Operator."""
    while isinstance(node, (n.ParenthesizedExpression, n.ChainExpression, n.TSAs)):
        node = node.expression
    if not isinstance(node, n.MemberExpression):
        node.evaluate(env)
        return True
    try:
        target = reference(node, env)
    except ShortCircuit:
        return True
    if isinstance(node.object, n.Super):
        throw_reference_error("Cannot delete a super property")
    obj = to_object(target.base)
    delete_property_or_throw(obj, to_property_key(target.key))
    return True


def negate(value: Value) -> Value:
    """§13.5.5 Unary - Operator."""
    number = to_numeric(value)
    return BigInt(-number.n) if type(number) is BigInt else -number  # type: ignore[operator]


def bitwise_not(value: Value) -> Value:
    """§13.5.6 Bitwise NOT Operator."""
    number = to_numeric(value)
    return BigInt(~number.n) if type(number) is BigInt else float(~to_int32(number))


UNARY: Final[dict[str, Callable[[Value], Value]]] = {
    "!": lambda value: not to_boolean(value),
    "-": negate,
    "+": to_number,
    "~": bitwise_not,
    "void": lambda _: undefined,
}


@evaluates(n.UpdateExpression)
def update_expression(node: n.UpdateExpression, env: Environment) -> Value:
    """§13.4 Update Expressions."""
    target = reference(node.argument, env)
    old = target.get()
    if type(old) is not float:
        old = to_numeric(old)
    step = 1 if node.operator == "++" else -1
    new = BigInt(old.n + step) if type(old) is BigInt else old + step
    target.set(new)
    return new if node.prefix else old


# --- binary --------------------------------------------------------------------------------------


@evaluates(n.BinaryExpression)
def binary_expression(node: n.BinaryExpression, env: Environment) -> Value:
    """§13.6 to §13.12: evaluate both operands, then apply the operator."""
    if type(node.left) is n.PrivateIdentifier:
        return private_in(node, env)
    left = node.left.evaluate(env)
    return BINARY[node.operator](left, node.right.evaluate(env))


def private_in(node: n.BinaryExpression, env: Environment) -> bool:
    """`#x in object`."""
    value = node.right.evaluate(env)
    if not isinstance(value, JSObject):
        throw_type_error("Cannot use 'in' operator on a value that is not an object")
    return has_private_element(value, resolve_private_identifier(node.left, env))


# --- logic, conditions, assignment ---------------------------------------------------------------


@evaluates(n.LogicalExpression)
def logical_expression(node: n.LogicalExpression, env: Environment) -> Value:
    """§13.13 Binary Logical Operators."""
    left = node.left.evaluate(env)
    return left if decides(node.operator, left) else node.right.evaluate(env)


def decides(operator_: str, left: Value) -> bool:
    """Whether `left` alone decides the result of && || ??."""
    if operator_ == "&&":
        return not to_boolean(left)
    if operator_ == "||":
        return to_boolean(left)
    return left is not undefined and left is not null


@evaluates(n.ConditionalExpression)
def conditional_expression(node: n.ConditionalExpression, env: Environment) -> Value:
    """§13.14 Conditional Operator."""
    chosen = node.consequent if to_boolean(node.test.evaluate(env)) else node.alternate
    return chosen.evaluate(env)


@evaluates(n.SequenceExpression)
def sequence_expression(node: n.SequenceExpression, env: Environment) -> Value:
    """§13.16 Comma Operator."""
    for expression in node.expressions[:-1]:
        expression.evaluate(env)
    return node.expressions[-1].evaluate(env)


@evaluates(n.AssignmentExpression)
def assignment_expression(node: n.AssignmentExpression, env: Environment) -> Value:
    """§13.15 Assignment Operators."""
    if node.operator == "=":
        return simple_assignment(node, env)
    target = reference(node.left, env)
    left = target.get()
    operator_ = node.operator[:-1]
    if operator_ in {"&&", "||", "??"}:
        if decides(operator_, left):
            return left
        value = assigned_value(node, env)
    else:
        value = BINARY[operator_](left, node.right.evaluate(env))
    target.set(value)
    return value


def simple_assignment(node: n.AssignmentExpression, env: Environment) -> Value:
    """`target = value`."""
    if isinstance(node.left, (n.ObjectPattern, n.ArrayPattern)):
        value = node.right.evaluate(env)
        assign_pattern(node.left, value, env)
        return value
    target = reference(node.left, env)
    value = assigned_value(node, env)
    target.set(value)
    return value


def assigned_value(node: n.AssignmentExpression, env: Environment) -> Value:
    """The right side, which gives an anonymous function the name left of it."""
    if type(node.left) is n.Identifier:
        return named_evaluation(node.right, env, node.left.name)
    return node.right.evaluate(env)
