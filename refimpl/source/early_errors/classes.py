"""Early errors of classes: constructors, private names, fields and static blocks."""

from __future__ import annotations

from refimpl.source import nodes as n
from refimpl.source.early_errors.functions import accessor, function
from refimpl.source.early_errors.names import check_await
from refimpl.source.early_errors.walk import Context, Walk, rule


@rule(n.ClassDeclaration, n.ClassExpression)
def _class(walk: Walk, node: n.Class, context: Context) -> None:
    if node.id is not None:
        check_await(walk, node.id, context)
    walk.visit([*node.decorators, node.super_class], context)
    inside = context.inside(
        private_names=context.private_names | _private_bound_names(walk, node.body)
    )
    _check_constructors(walk, node.body)
    for member in node.body.body:
        if isinstance(member, n.MethodDefinition):
            _method(walk, member, inside, derived=node.super_class is not None)
        elif isinstance(member, n.PropertyDefinition):
            _field(walk, member, inside)
        else:
            walk.visit([member], inside)


def _private_bound_names(walk: Walk, body: n.ClassBody) -> set[str]:
    """ECMAScript PrivateBoundIdentifiers; only a getter and a setter may share a name."""
    declared: dict[str, set[tuple[str, bool]]] = {}
    for member in body.body:
        if not isinstance(member, n.MethodDefinition | n.PropertyDefinition):
            continue
        key = member.key
        if not isinstance(key, n.PrivateIdentifier):
            continue
        kind = member.kind if isinstance(member, n.MethodDefinition) else "field"
        others = declared.setdefault(key.name, set())
        partner = {("set" if kind == "get" else "get", member.static)}
        if key.name == "constructor":
            walk.report("private-constructor", key, "a private name cannot be `#constructor`")
        elif others and not (kind in {"get", "set"} and others == partner):
            walk.report(
                "duplicate-private-name",
                key,
                f"`#{key.name}` is declared twice in this class",
                "rename one of the two",
            )
        others.add((kind, member.static))
    return set(declared)


def _check_constructors(walk: Walk, body: n.ClassBody) -> None:
    first: n.MethodDefinition | None = None
    for member in body.body:
        if not isinstance(member, n.MethodDefinition) or member.static:
            continue
        if _plain_name(member) != "constructor":
            continue
        special = member.value.is_async or member.value.generator or member.kind in {"get", "set"}
        if special:
            walk.report(
                "special-constructor",
                member.key,
                "a constructor cannot be an accessor, async or a generator",
            )
        elif first is not None:
            walk.report("duplicate-constructor", member.key, "a class has only one constructor")
        else:
            first = member


def _plain_name(member: n.MethodDefinition | n.PropertyDefinition) -> str | None:
    """ECMAScript PropName: the name of a member when it is written literally."""
    if member.computed:
        return None
    if isinstance(member.key, n.Identifier):
        return member.key.name
    if isinstance(member.key, n.Literal) and isinstance(member.key.value, str):
        return member.key.value
    return None


def _method(walk: Walk, member: n.MethodDefinition, context: Context, *, derived: bool) -> None:
    name = _plain_name(member)
    if member.static and name == "prototype":
        walk.report("static-prototype", member.key, "a static member cannot be named `prototype`")
    walk.visit(member.decorators, context)
    if member.computed:
        walk.visit([member.key], context)
    accessor(walk, member.kind, member.value)
    constructor = name == "constructor" and not member.static
    function(walk, member.value, context, method=True, derived_constructor=constructor and derived)


def _field(walk: Walk, member: n.PropertyDefinition, context: Context) -> None:
    name = _plain_name(member)
    if name == "constructor" or (member.static and name == "prototype"):
        walk.report("field-name", member.key, f"a class field cannot be named `{name}`")
    walk.visit(member.decorators, context)
    if member.computed:
        walk.visit([member.key], context)
    walk.visit([member.value], _initializer_context(context))


@rule(n.StaticBlock)
def _static_block(walk: Walk, node: n.StaticBlock, context: Context) -> None:
    walk.visit(node.body, _initializer_context(context).inside(await_reserved=True))


def _initializer_context(context: Context) -> Context:
    """Fields and static blocks run as methods without parameters, and without `arguments`."""
    return Context(
        awaits=False,
        super_property=True,
        new_target=True,
        arguments=False,
        private_names=context.private_names,
    )


@rule(n.PrivateIdentifier)
def _private_identifier(walk: Walk, node: n.PrivateIdentifier, context: Context) -> None:
    if node.name not in context.private_names:
        walk.report(
            "undeclared-private-name",
            node,
            f"`#{node.name}` is not declared by a class around it",
            f"declare `#{node.name};` in the class",
        )
