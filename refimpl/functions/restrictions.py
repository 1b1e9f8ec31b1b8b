"""What a server function may not be and may not use.

Rules of this module:

* Each fault is one error at the place that is wrong, not at the directive.
* A function that breaks several rules reports each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.source import nodes
from refimpl.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refimpl.functions.context import FunctionPlace
    from refimpl.source.nodes import Function, Node
    from refimpl.source.text import Source

#: Roles that cannot carry the directive: the clause, and the role in words.
REFUSED_ROLES = {
    "getter": ("function.accessor", "a getter"),
    "setter": ("function.accessor", "a setter"),
    "constructor": ("function.constructor", "a constructor"),
    "instance-method": ("function.instance-method", "an instance method"),
    "private-method": ("function.private-method", "a private method"),
}

#: What belongs to the caller of an ordinary function, which a call over the network has not.
CALLER_CONTEXT = {
    "this": "`this`",
    "arguments": "`arguments`",
    "super": "`super`",
    "new-target": "`new.target`",
}


def form_faults(source: Source, place: FunctionPlace) -> Iterator[Diagnostic]:
    """The error of a function whose form cannot carry the directive.

    Clauses: function.sync, function.generator, function.async-generator, function.accessor, function.constructor,
    function.instance-method, function.private-method.
    """
    role, function = place.role, place.function
    if role in REFUSED_ROLES:
        clause, words = REFUSED_ROLES[role]
        yield at(
            source,
            place.parent.start,
            place.parent.end,
            code=f"server-function-kind.{role}",
            message=f"{words} cannot be a server function",
            clause=clause,
            fix="use a function, an object method or a static method",
        )
    elif not function.is_async:
        yield at(
            source,
            function.start,
            function.end,
            code="server-function-not-async",
            message="a server function must be an async function"
            + ("; this one is a generator" if function.generator else ""),
            clause="function.generator" if function.generator else "function.sync",
            fix="write `async` before it",
        )


def context_faults(source: Source, function: Function) -> Iterator[Diagnostic]:
    """One error for each use of what only the caller of an ordinary function has.

    Clauses: function.context.this, function.context.arguments, function.context.super,
    function.context.new-target.
    """
    for name, use in caller_context_uses(function):
        yield at(
            source,
            use.start,
            use.end,
            code=f"server-function-context.{name}",
            message=f"a server function has no {CALLER_CONTEXT[name]}",
            clause=f"function.context.{name}",
            fix="pass what you need as an argument",
        )


def caller_context_uses(function: Function) -> Iterator[tuple[str, Node]]:
    """Uses of `this`, `arguments`, `super` and `new.target` that mean those of `function`.

    Clauses: function.context.arrow, function.context.ordinary, function.context.class,
    function.context.parameters.
    """
    stack: list[Node] = [function.body, *reversed(function.params)]
    while stack:
        current = stack.pop()
        use = _caller_context(current)
        if use is not None:
            yield use, current
        stack.extend(reversed([*_parts_in_same_context(current)]))


def _parts_in_same_context(node: Node) -> Iterator[Node]:
    """The children of `node` in which `this` means what it means around `node`."""
    match node:
        case nodes.FunctionDeclaration() | nodes.FunctionExpression() | nodes.StaticBlock():
            return
        case nodes.PropertyDefinition() | nodes.MethodDefinition():
            if node.computed:
                yield node.key
        case nodes.MemberExpression(computed=False, object=inner):
            yield inner
        case nodes.JSXMemberExpression(object=inner):
            yield inner
        case nodes.JSXAttribute(value=value):
            if value is not None:
                yield value
        case nodes.Property(computed=False, value=value):
            yield value
        case _:
            yield from node.iterate()


def _caller_context(node: Node) -> str | None:
    match node:
        case nodes.ThisExpression() | nodes.JSXIdentifier(name="this"):
            return "this"
        case nodes.Super():
            return "super"
        case nodes.MetaProperty(meta="new"):
            return "new-target"
        case nodes.Identifier(name="arguments"):
            return "arguments"
    return None
