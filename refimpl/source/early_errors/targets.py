"""Early errors of assignment: what may stand on its left, and in the head of `for`-`in` and `-of`."""

from __future__ import annotations

from refimpl.source import nodes as n
from refimpl.source.early_errors.names import RESTRICTED
from refimpl.source.early_errors.walk import Context, Walk, rule


@rule(n.AssignmentExpression)
def _assignment_expression(walk: Walk, node: n.AssignmentExpression, context: Context) -> None:
    if node.operator == "=":
        check_target(walk, node.left)
    else:
        _check_simple(walk, node.left, "the left side of a compound assignment")
    walk.visit([node.left, node.right], context)


@rule(n.UpdateExpression)
def _update_expression(walk: Walk, node: n.UpdateExpression, context: Context) -> None:
    _check_simple(walk, node.argument, f"the operand of `{node.operator}`")
    walk.visit([node.argument], context)


def check_target(walk: Walk, target: n.Node) -> None:
    """Check an assignment target: ECMAScript AssignmentTargetType, and the patterns."""
    stack: list[n.Node | None] = [target]
    while stack:
        node = stack.pop()
        match node:
            case None:
                pass
            case n.ObjectPattern():
                stack += node.properties
            case n.ArrayPattern():
                stack += node.elements
            case n.AssignmentPattern():
                stack.append(node.left)
            case n.RestElement():
                stack.append(node.argument)
            case n.Property():
                stack.append(node.value)
            case _:
                _check_simple(walk, node, "an assignment target")


def _check_simple(walk: Walk, node: n.Node, what: str) -> None:
    target = node
    while isinstance(target, n.ParenthesizedExpression | n.TSAs):
        target = target.expression
    if isinstance(target, n.MemberExpression):
        return
    if not isinstance(target, n.Identifier):
        message = f"{what} must be a variable or a property"
        if isinstance(target, n.ChainExpression):
            message += ", and not one reached by `?.`"
        walk.report("invalid-target", node, message)
    elif target.name in RESTRICTED:
        walk.report("invalid-target", node, f"`{target.name}` cannot be assigned in strict code")


# --- the heads of loops --------------------------------------------------------------------------


@rule(n.VariableDeclaration)
def _variable_declaration(walk: Walk, node: n.VariableDeclaration, context: Context) -> None:
    for declarator in node.declarations:
        if declarator.init is None and (
            node.kind == "const" or not isinstance(declarator.id, n.Identifier)
        ):
            what = "a `const`" if node.kind == "const" else "a destructuring declaration"
            walk.report("missing-initializer", declarator, f"{what} needs an initial value")
    _visit_declarators(walk, node, context)


def _visit_declarators(walk: Walk, node: n.VariableDeclaration, context: Context) -> None:
    for declarator in node.declarations:
        walk.visit([declarator.id, declarator.init], context)


@rule(n.ForStatement)
def _for_statement(walk: Walk, node: n.ForStatement, context: Context) -> None:
    if node.init is not None:
        operator = _bare_in(node.init)
        if operator is not None:
            walk.report(
                "misplaced-in",
                operator,
                "`in` is not allowed in the first part of a `for` head",
                "put the expression in parentheses",
            )
    walk.visit([node.init, node.test, node.update], context)
    walk.visit([node.body], context.inside(in_loop=True))


@rule(n.ForInStatement, n.ForOfStatement)
def _for_in_of(walk: Walk, node: n.ForInStatement | n.ForOfStatement, context: Context) -> None:
    if isinstance(node.left, n.VariableDeclaration):
        _visit_declarators(walk, node.left, context)
    else:
        check_target(walk, node.left)
        walk.visit([node.left], context)
    if isinstance(node, n.ForOfStatement) and node.is_await and not context.awaits:
        walk.report(
            "misplaced-await",
            node,
            "`for await` is only allowed directly inside an async function",
            "make the function around it async",
            end=node.left.start,
        )
    walk.visit([node.right], context)
    walk.visit([node.body], context.inside(in_loop=True))


#: Where an operand is still outside every bracket: the productions that pass on [In].
_OUTSIDE_BRACKETS: dict[type[n.Node], tuple[str, ...]] = {
    n.VariableDeclaration: ("declarations",),
    n.VariableDeclarator: ("init",),
    n.SequenceExpression: ("expressions",),
    n.AssignmentExpression: ("left", "right"),
    n.ConditionalExpression: ("test", "alternate"),
    n.LogicalExpression: ("left", "right"),
    n.BinaryExpression: ("left", "right"),
    n.YieldExpression: ("argument",),
    n.ArrowFunctionExpression: ("body",),
}


def _bare_in(expression: n.Node) -> n.Node | None:
    """An `in` operator outside every bracket of the expression."""
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, n.BinaryExpression) and node.operator == "in":
            return node
        for name in _OUTSIDE_BRACKETS.get(type(node), ()):
            part = getattr(node, name)
            stack += part if isinstance(part, list) else [part]
    return None
