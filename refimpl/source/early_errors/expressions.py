"""Early errors of expressions: literals, object literals, members, calls, templates."""

from __future__ import annotations

from refimpl.source import nodes as n
from refimpl.source import regexp
from refimpl.source.early_errors.functions import accessor, check_super, function
from refimpl.source.early_errors.walk import Context, Walk, rule

# --- literals ------------------------------------------------------------------------------------


@rule(n.RegExpLiteral)
def _regexp_literal(walk: Walk, node: n.RegExpLiteral, _: Context) -> None:
    problem = regexp.check(node.pattern, node.flags)
    if problem is not None:
        place = node.start + 1 + problem.offset
        walk.report_at(f"regexp.{problem.code}", place, place + 1, problem.message)


@rule(n.TemplateLiteral)
def _template_literal(walk: Walk, node: n.TemplateLiteral, context: Context) -> None:
    for quasi in node.quasis:
        if quasi.cooked is None:
            walk.report(
                "malformed-escape", quasi, "this template has an escape that means no character"
            )
    walk.visit(node.expressions, context)


@rule(n.TaggedTemplateExpression)
def _tagged_template(walk: Walk, node: n.TaggedTemplateExpression, context: Context) -> None:
    """Its texts may have any escape."""
    walk.visit([node.tag, *node.quasi.expressions], context)


# --- objects -------------------------------------------------------------------------------------


@rule(n.ObjectExpression)
def _object_expression(walk: Walk, node: n.ObjectExpression, context: Context) -> None:
    has_prototype = False
    for member in node.properties:
        if not isinstance(member, n.Property):
            continue
        if isinstance(member.value, n.AssignmentPattern):
            walk.report(
                "shorthand-initializer",
                member,
                "`=` after a property name belongs to destructuring, not to an object",
                "write `:`",
            )
        if _sets_prototype(member):
            if has_prototype:
                walk.report("duplicate-proto", member.key, "`__proto__` is set twice")
            has_prototype = True
    walk.visit(node.properties, context)


def _sets_prototype(member: n.Property) -> bool:
    if member.computed or member.shorthand or member.method or member.kind != "init":
        return False
    key = member.key
    return (isinstance(key, n.Identifier) and key.name == "__proto__") or (
        isinstance(key, n.Literal) and key.value == "__proto__"
    )


@rule(n.Property)
def _property(walk: Walk, node: n.Property, context: Context) -> None:
    if node.computed:
        walk.visit([node.key], context)
    if isinstance(node.value, n.FunctionExpression) and (node.method or node.kind != "init"):
        accessor(walk, node.kind, node.value)
        function(walk, node.value, context, method=True)
    else:
        walk.visit([node.value], context)


# --- members, calls, operators -------------------------------------------------------------------


@rule(n.MemberExpression)
def _member_expression(walk: Walk, node: n.MemberExpression, context: Context) -> None:
    if isinstance(node.object, n.Super):
        check_super(walk, node, context)
    else:
        walk.stack.append((node.object, context))
    if node.computed or not isinstance(node.property, n.Identifier):
        walk.stack.append((node.property, context))


@rule(n.CallExpression)
def _call_expression(walk: Walk, node: n.CallExpression, context: Context) -> None:
    if isinstance(node.callee, n.Super):
        check_super(walk, node, context)
    else:
        walk.stack.append((node.callee, context))
    walk.visit(node.arguments, context)


@rule(n.UnaryExpression)
def _unary_expression(walk: Walk, node: n.UnaryExpression, context: Context) -> None:
    if node.operator == "delete":
        operand = node.argument
        while isinstance(operand, n.ParenthesizedExpression | n.ChainExpression | n.TSAs):
            operand = operand.expression
        if isinstance(operand, n.Identifier):
            walk.report(
                "delete-name", node, "a variable cannot be deleted; `delete` removes a property"
            )
        elif isinstance(operand, n.MemberExpression) and isinstance(
            operand.property, n.PrivateIdentifier
        ):
            walk.report("delete-private-name", node, "a private name cannot be deleted")
    walk.visit([node.argument], context)
