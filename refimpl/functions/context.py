"""Where a function stands: the place decides whether the directive may mark it.

Rules of this module:

* A function is seen once, together with the nearest node that gives it its role (method, getter,
  constructor …) and the name ECMAScript would give it (NamedEvaluation).
* Nothing here knows the directive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.source import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refimpl.source.nodes import Node, Program

#: Nodes that hand the name they give to an anonymous function through to it.
TRANSPARENT = (nodes.ParenthesizedExpression, nodes.TSAs)


@dataclass(frozen=True)
class FunctionPlace:
    """A function node and the node that gives it a role and a name."""

    function: nodes.Function
    parent: Node
    path: tuple[str, ...]  #: names of the functions, classes and methods around it, outermost first

    @property
    def name(self) -> str | None:
        """The name the function object will have, as far as the text tells; None when computed."""
        if self.function.id is not None:
            return self.function.id.name
        return given_name(self.parent)

    @property
    def role(self) -> str:
        """What kind of function it is to its parent.

        One of function, arrow, object-method, static-method, instance-method, private-method,
        getter, setter, constructor.
        """
        match self.parent:
            case nodes.MethodDefinition(kind="constructor"):
                return "constructor"
            case nodes.MethodDefinition(kind="get") | nodes.Property(kind="get"):
                return "getter"
            case nodes.MethodDefinition(kind="set") | nodes.Property(kind="set"):
                return "setter"
            case nodes.MethodDefinition(key=nodes.PrivateIdentifier()):
                return "private-method"
            case nodes.MethodDefinition(static=static):
                return "static-method" if static else "instance-method"
            case nodes.Property(method=True):
                return "object-method"
        return "arrow" if isinstance(self.function, nodes.ArrowFunctionExpression) else "function"


def function_places(program: Program) -> Iterator[FunctionPlace]:
    """Every function of the program, in source order, outer before inner.

    Clauses: function.form.declaration, function.form.expression, function.form.arrow,
    function.form.method, function.form.static-method, function.form.field,
    function.form.position, directive.bodies.
    """
    stack: list[tuple[Node, Node, tuple[str, ...]]] = [
        (child, program, ()) for child in reversed([*program.iterate()])
    ]
    while stack:
        current, parent, path = stack.pop()
        if isinstance(current, nodes.Function):
            place = FunctionPlace(current, parent, path)
            yield place
            path = (*path, place.name or "")
        elif isinstance(current, nodes.Class):
            path = (*path, current.id.name if current.id else given_name(parent) or "")
        role = parent if isinstance(current, TRANSPARENT) else current
        stack.extend((child, role, path) for child in reversed([*current.iterate()]))


def given_name(parent: Node) -> str | None:
    """The name that a declaration, assignment, property or default export gives its function."""
    match parent:
        case nodes.VariableDeclarator(id=nodes.Identifier(name=name)):
            return name
        case nodes.AssignmentExpression(left=nodes.Identifier(name=name)):
            return name
        case nodes.AssignmentPattern(left=nodes.Identifier(name=name)):
            return name
        case (
            nodes.Property(computed=False, key=key)
            | nodes.MethodDefinition(computed=False, key=key)
            | nodes.PropertyDefinition(computed=False, key=key)
        ):
            return key_text(key)
        case nodes.ExportDefaultDeclaration():
            return "default"
    return None


def key_text(key: Node) -> str | None:
    """The property name a literal key spells."""
    match key:
        case nodes.Identifier(name=name):
            return name
        case nodes.PrivateIdentifier(name=name):
            return f"#{name}"
        case nodes.Literal(value=str() as text):
            return text
    return None
