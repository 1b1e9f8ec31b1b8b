"""Early errors of expressions: literals, object literals, members, calls, templates, JSX."""

from __future__ import annotations

import re

from refimpl.source import nodes as n
from refimpl.source import regexp
from refimpl.source.early_errors.functions import accessor, check_super, function
from refimpl.source.early_errors.walk import Context, Walk, rule

# --- literals ------------------------------------------------------------------------------------

_ESCAPE = re.compile(
    r"""\\(?: (?P<legacy> [1-9] | 0[0-9])
            | (?P<malformed> x(?![0-9a-fA-F]{2})
                           | u(?! [0-9a-fA-F]{4} | \{0*(?:10|[0-9a-fA-F])?[0-9a-fA-F]{1,4}\}))
            | . )""",
    re.DOTALL | re.VERBOSE,
)


@rule(n.Literal)
def _literal(walk: Walk, node: n.Literal, _: Context) -> None:
    raw = node.raw
    if "\\" in raw:
        _check_escapes(walk, raw, node.start)
    elif raw[0] == "0" and raw[1:2].isdigit():
        walk.report(
            "legacy-octal",
            node,
            "a number cannot start with 0 and another digit in strict code",
            f"write 0o{raw[1:]}" if set(raw) <= set("01234567") else f"write {raw.lstrip('0')}",
        )


@rule(n.Directive)
def _directive(walk: Walk, node: n.Directive, _: Context) -> None:
    if "\\" in node.raw:
        _check_escapes(walk, node.raw, node.start + 1)


def _check_escapes(walk: Walk, raw: str, start: int) -> None:
    for escape in _ESCAPE.finditer(raw):
        begin, end = start + escape.start(), start + escape.end()
        if escape["legacy"]:
            message = f"`{escape[0]}` is an octal escape, which strict code does not have"
            walk.report_at("legacy-octal-escape", begin, end, message, "write \\x and two digits")
        elif escape["malformed"]:
            message = (
                "this escape is incomplete: \\x takes two hexadecimal digits, \\u four or braces"
            )
            walk.report_at("malformed-escape", begin, end, message)


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
    """Its texts may have any escape; its tag may not be an optional chain."""
    tag = node.tag
    while isinstance(tag, n.MemberExpression | n.CallExpression | n.ChainExpression):
        if isinstance(tag, n.ChainExpression):
            tag = tag.expression
        elif tag.optional:
            walk.report("template-in-chain", node.quasi, "a template cannot follow `?.`")
            break
        else:
            tag = tag.object if isinstance(tag, n.MemberExpression) else tag.callee
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
    if node.computed or isinstance(node.key, n.Literal):
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


@rule(n.NewExpression)
def _new_expression(walk: Walk, node: n.NewExpression, context: Context) -> None:
    if isinstance(node.callee, n.ChainExpression):
        walk.report("new-of-chain", node.callee, "`new` cannot be followed by an optional chain")
    elif isinstance(node.callee, n.ImportExpression):
        walk.report("new-of-import", node.callee, "`import()` is not a constructor")
    walk.children(walk, node, context)


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


# --- JSX -----------------------------------------------------------------------------------------

_CLOSES_FRAGMENT = re.compile(r"<\s*/\s*>$")


@rule(n.JSXElement)
def _jsx_element(walk: Walk, node: n.JSXElement, context: Context) -> None:
    opened, closed = _jsx_name(node.name), _jsx_name(node.closing)
    ends_as_fragment = _CLOSES_FRAGMENT.search(walk.source.text, node.start, node.end) is not None
    if (closed or ends_as_fragment) and opened != closed:
        walk.report(
            "jsx-closing-tag",
            node.closing or node,
            f"`<{opened}>` is closed by `</{closed}>`",
            f"write `</{opened}>`",
        )
    walk.visit([*node.attributes, *node.content], context)


def _jsx_name(name: n.Node | None) -> str:
    match name:
        case n.JSXIdentifier():
            return name.name
        case n.JSXNamespacedName():
            return f"{name.namespace.name}:{name.name.name}"
        case n.JSXMemberExpression():
            return f"{_jsx_name(name.object)}.{name.property.name}"
        case _:
            return ""


@rule(n.JSXAttribute)
def _jsx_attribute(walk: Walk, node: n.JSXAttribute, context: Context) -> None:
    """A string in quotes has no escapes here."""
    if not isinstance(node.value, n.Literal):
        walk.visit([node.value], context)
