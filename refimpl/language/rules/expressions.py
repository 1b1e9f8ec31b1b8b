"""Calls, `new`, `super()`, arguments and `import()` (ECMA-262 §13.3.5 to §13.3.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import surrounding
from refimpl.language.errors import throw_type_error
from refimpl.language.functions import FunctionObject
from refimpl.language.operations import iterate_to_list
from refimpl.language.rules.base import evaluates
from refimpl.language.rules.functions import (
    ECMAScriptFunction,
    assign_parameter_properties,
    initialize_instance_elements,
)
from refimpl.language.rules.literals import get_template_object
from refimpl.language.rules.references import PropertyReference, ShortCircuit, reference
from refimpl.language.values import Value, null, undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from refimpl.language.environment import Environment


@evaluates(n.CallExpression)
def call_expression(node: n.CallExpression, env: Environment) -> Value:
    """§13.3.6 Function Calls."""
    callee = node.callee
    this: Value = undefined
    if type(callee) is n.Identifier:
        function = callee.evaluate(env)
    elif type(callee) is n.Super:
        return super_call(node, env)
    else:
        function, this = function_and_this(callee, env)
    if node.optional and (function is undefined or function is null):
        raise ShortCircuit
    arguments = argument_list(node.arguments, env)
    context = surrounding.agent.context
    context.node = node
    if not isinstance(function, FunctionObject):
        throw_type_error(f"{source_text(callee)} is not a function")
    return function.call(this, arguments)


def function_and_this(callee: n.Node, env: Environment) -> tuple[Value, Value]:
    """The function a callee evaluates to, and the `this` its reference gives (EvaluateCall)."""
    if isinstance(callee, (n.ParenthesizedExpression, n.TSAs)):
        return function_and_this(callee.expression, env)
    if isinstance(callee, n.ChainExpression):
        try:
            return function_and_this(callee.expression, env)
        except ShortCircuit:
            return undefined, undefined
    if not isinstance(callee, n.MemberExpression):
        return callee.evaluate(env), undefined
    target = reference(callee, env)
    this = target.this if isinstance(target, PropertyReference) else target.base
    return target.get(), this


def source_text(node: n.Node) -> str:
    """What the program wrote for `node`, shortened, for messages."""
    source = surrounding.agent.context.source
    text = "expression" if source is None else " ".join(source.text[node.start : node.end].split())
    return text if len(text) <= 60 else f"{text[:60]}…"


def argument_list(nodes: list[n.Node], env: Environment) -> list[Value]:
    """§13.3.8 ArgumentListEvaluation."""
    arguments: list[Value] = []
    for node in nodes:
        if type(node) is n.SpreadElement:
            arguments.extend(iterate_to_list(node.argument.evaluate(env)))
        else:
            arguments.append(node.evaluate(env))
    return arguments


@evaluates(n.NewExpression)
def new_expression(node: n.NewExpression, env: Environment) -> Value:
    """§13.3.5 The new Operator."""
    constructor = node.callee.evaluate(env)
    arguments = argument_list(node.arguments, env)
    surrounding.agent.context.node = node
    if not isinstance(constructor, FunctionObject) or not constructor.is_constructor:
        throw_type_error(f"{source_text(node.callee)} is not a constructor")
    return constructor.construct(arguments, constructor)


def super_call(node: n.CallExpression, env: Environment) -> Value:
    """§13.3.7 SuperCall."""
    environment = env.this_environment()
    active = environment.function
    parent = active.get_prototype_of()
    arguments = argument_list(node.arguments, env)
    surrounding.agent.context.node = node
    if not isinstance(parent, FunctionObject) or not parent.is_constructor:
        throw_type_error("Super constructor is not a constructor")
    result: Any = parent.construct(arguments, environment.new_target)
    environment.bind_this_value(result)
    initialize_instance_elements(result, active)
    if isinstance(active, ECMAScriptFunction) and active.plan.parameter_properties:
        assign_parameter_properties(result, active, environment)
    return result


@evaluates(n.TaggedTemplateExpression)
def tagged_template(node: n.TaggedTemplateExpression, env: Environment) -> Value:
    """§13.3.11 Tagged Templates."""
    function, this = function_and_this(node.tag, env)
    template = get_template_object(node.quasi)
    arguments = [template, *argument_list(node.quasi.expressions, env)]
    surrounding.agent.context.node = node
    if not isinstance(function, FunctionObject):
        throw_type_error(f"{source_text(node.tag)} is not a function")
    return function.call(this, arguments)


@evaluates(n.ImportExpression)
def import_call(node: n.ImportExpression, env: Environment) -> Value:
    """§13.3.10 Import Calls."""
    from refimpl.language.modules import dynamic_import  # noqa: PLC0415 - modules evaluate with rules

    specifier = node.source.evaluate(env)
    options = undefined if node.options is None else node.options.evaluate(env)
    return dynamic_import(specifier, options, env.module())
