"""Early errors of functions: their parameters, and what only some of them may contain."""

from __future__ import annotations

from refimpl.source import nodes as n
from refimpl.source.early_errors.names import check_await
from refimpl.source.early_errors.walk import Context, Walk, rule


@rule(n.FunctionDeclaration)
def _function_declaration(walk: Walk, node: n.FunctionDeclaration, context: Context) -> None:
    if node.id is not None:
        check_await(walk, node.id, context)
    function(walk, node, context)


@rule(n.FunctionExpression)
def _function_expression(walk: Walk, node: n.FunctionExpression, context: Context) -> None:
    if node.id is not None:
        check_await(walk, node.id, _body_context(node, context))
    function(walk, node, context)


@rule(n.ArrowFunctionExpression)
def _arrow_function(walk: Walk, node: n.ArrowFunctionExpression, context: Context) -> None:
    body = context.inside(
        awaits=node.is_async,
        await_reserved=node.is_async,
        yields=False,
        returns=True,
        parameters=False,
        labels=(),
        in_loop=False,
        in_switch=False,
    )
    reserved = context.await_reserved or node.is_async
    _parameters_and_body(walk, node, body.inside(await_reserved=reserved), body)


def function(
    walk: Walk,
    node: n.Function,
    context: Context,
    *,
    method: bool = False,
    derived_constructor: bool = False,
) -> None:
    """Check a function that has its own `this`."""
    body = _body_context(node, context).inside(
        super_property=method, super_call=derived_constructor
    )
    _parameters_and_body(walk, node, body, body)


def _body_context(node: n.Function, context: Context) -> Context:
    return Context(
        awaits=node.is_async,
        await_reserved=node.is_async,
        yields=node.generator,
        returns=True,
        new_target=True,
        private_names=context.private_names,
    )


def _parameters_and_body(walk: Walk, node: n.Function, parameters: Context, body: Context) -> None:
    """Check what functions share. Only `use strict` minds the parameters.

    Clause: directive.use-strict
    """
    if node.params:
        walk.visit(node.params, parameters.inside(awaits=False, yields=False, parameters=True))
    if not isinstance(node.body, n.FunctionBody):
        walk.visit([node.body], body)
        return
    walk.visit(node.body.body, body)
    if not node.scope.simple_parameters:
        for directive in node.body.directives:
            if directive.raw == "use strict":
                walk.report(
                    "use-strict-parameters",
                    directive,
                    "'use strict' is not allowed in a function whose parameters are not plain names",
                    "remove it: the code is strict anyway",
                )


def accessor(walk: Walk, kind: str, node: n.Function) -> None:
    """Check the number of parameters of a getter or setter."""
    if kind == "get" and node.params:
        walk.report("accessor-parameters", node.params[0], "a getter has no parameters")
    elif kind == "set" and (len(node.params) != 1 or isinstance(node.params[0], n.RestElement)):
        walk.report("accessor-parameters", node, "a setter has exactly one parameter")


@rule(n.AwaitExpression)
def _await_expression(walk: Walk, node: n.AwaitExpression, context: Context) -> None:
    if not context.awaits:
        _misplaced(walk, "await", node, context, "`async`")
    walk.visit([node.argument], context)


@rule(n.YieldExpression)
def _yield_expression(walk: Walk, node: n.YieldExpression, context: Context) -> None:
    if not context.yields:
        _misplaced(walk, "yield", node, context, "`*`")
    walk.visit([node.argument], context)


def _misplaced(walk: Walk, word: str, node: n.Node, context: Context, kind: str) -> None:
    if context.parameters:
        message = f"`{word}` is not allowed in the parameters of a function"
        fix = "move it into the body"
    else:
        message = f"`{word}` is only allowed directly in a function marked {kind}"
        fix = f"mark the function around it {kind}"
    walk.report(f"misplaced-{word}", node, message, fix, end=node.start + len(word))


@rule(n.ReturnStatement)
def _return_statement(walk: Walk, node: n.ReturnStatement, context: Context) -> None:
    if not context.returns:
        walk.report("misplaced-return", node, "`return` is only allowed inside a function")
    walk.visit([node.argument], context)


def check_super(walk: Walk, node: n.MemberExpression | n.CallExpression, context: Context) -> None:
    """Check `super.property` or `super()`."""
    if isinstance(node, n.MemberExpression):
        if not context.super_property:
            walk.report(
                "misplaced-super",
                node,
                "`super` is only allowed inside a method",
                end=node.start + 5,
            )
    elif not context.super_call:
        walk.report(
            "misplaced-super",
            node,
            "`super()` is only allowed in the constructor of a class that extends another",
            end=node.start + 5,
        )


@rule(n.MetaProperty)
def _meta_property(walk: Walk, node: n.MetaProperty, context: Context) -> None:
    if node.meta == "new" and not context.new_target:
        walk.report("misplaced-new-target", node, "`new.target` is only allowed inside a function")
    elif node.meta == "import" and not walk.module:
        walk.report("misplaced-import-meta", node, "`import.meta` is only allowed in a module")
