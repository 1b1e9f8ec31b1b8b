"""The walk that fills the scopes: what waits to be visited, and how a name is declared or used.

Rules of this module:

* One walk in source order with an explicit stack, so the depth of a program is no limit here.
* A declaration that clashes is recorded in `ProgramScope.redeclarations`; whether that is an error
  is for `early_errors` to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from refimpl.source import nodes as n
from refimpl.source.scope.model import Binding, ProgramScope, Scope, VariableScope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def bound_names(pattern: n.Node) -> Iterator[n.Identifier]:
    """The Identifiers that a binding pattern declares, in source order."""
    stack = [pattern]
    while stack:
        node = stack.pop()
        if isinstance(node, n.Identifier):
            yield node
        else:
            stack.extend(reversed(_pattern_parts(node)[0]))


def _pattern_parts(node: n.Node) -> tuple[list[n.Node], list[n.Node]]:
    """The parts of a pattern that bind, and the expressions evaluated between them."""
    match node:
        case n.ObjectPattern():
            return list(node.properties), []
        case n.Property():
            return [node.value], [node.key] if node.computed else []
        case n.ArrayPattern():
            return [element for element in node.elements if element is not None], []
        case n.AssignmentPattern():
            return [node.left], [node.right]
        case n.RestElement():
            return [node.argument], []
        case _:
            assert isinstance(node, n.TSParameterProperty)  # the grammar makes no other pattern
            return [node.parameter], []


# --- the walk ------------------------------------------------------------------------------------

Visit: TypeAlias = "Callable[[Analysis, Any, Scope], None]"
V = TypeVar("V", bound=Visit)

#: How each class of node is visited; a class that is not here just has its children visited.
VISITS: dict[type[n.Node], Visit] = {}


def visits(*classes: type[n.Node]) -> Callable[[V], V]:
    """Register how these classes of node are visited."""

    def register(visit: V) -> V:
        VISITS.update(dict.fromkeys(classes, visit))
        return visit

    return register


class Analysis:
    """The walk: a stack of nodes still to visit, each with the scope it stands in."""

    def __init__(self, program: n.Program) -> None:
        self.program = ProgramScope(program)
        program.scope = self.program
        self.stack: list[tuple[n.Node, Scope]] = []
        self.later([*program.body], self.program)

    def run(self) -> None:
        """Visit everything there is."""
        stack, table = self.stack, VISITS
        while stack:
            node, scope = stack.pop()
            visit = table.get(type(node))
            if visit is not None:
                visit(self, node, scope)
            elif node.children:
                self.children_later(node, scope)

    def later(self, some: list[n.Node], scope: Scope) -> None:
        """Visit these next, the first of them first, before anything already waiting."""
        some.reverse()
        self.stack.extend([(node, scope) for node in some])

    def children_later(self, node: n.Node, scope: Scope) -> None:
        """Visit all children next, in source order."""
        push = self.stack.append
        for name in reversed(node.children):
            value = getattr(node, name)
            if value.__class__ is list:
                self.stack.extend([(item, scope) for item in reversed(value) if item is not None])
            elif value is not None:
                push((value, scope))

    # declarations

    def declare(self, scope: Scope, name: str, kind: str, node: n.Node) -> None:
        """Add a lexical binding, or a parameter."""
        previous = scope.bindings.get(name)
        if previous is None or previous.kind in _YIELDING:
            previous = _clash_around(scope, name)
        if previous is None:
            scope.bindings[name] = Binding(name, kind, node)
        elif frozenset((kind, previous.kind)) not in _MERGING:
            self.program.redeclarations.append((node, previous))

    def declare_variable(self, scope: Scope, name: str, kind: str, node: n.Node) -> None:
        """Add a `var` binding, or that of a function at the top of a function, where it belongs."""
        while not isinstance(scope, VariableScope):
            previous = scope.bindings.get(name)
            if previous is not None and not _is_simple_catch(scope):
                self.program.redeclarations.append((node, previous))
            scope.hoisted[name] = node
            assert scope.parent is not None  # the program itself is a VariableScope
            scope = scope.parent
        previous = scope.bindings.get(name)
        scope.var_names[name] = None
        if previous is None or previous.kind in _REPLACED_BY[kind]:
            scope.bindings[name] = Binding(name, kind, node)
        elif not _is_variable(previous, scope):
            self.program.redeclarations.append((node, previous))

    def pattern(self, pattern: n.Node, kind: str, scope: Scope) -> list[n.Node]:
        """Declare the names of a pattern; the expressions in it, to be visited."""
        declare = self.declare_variable if kind == "var" else self.declare
        if isinstance(pattern, n.Identifier):
            declare(scope, pattern.name, kind, pattern)
            return []
        expressions: list[n.Node] = []
        stack = [pattern]
        while stack:
            node = stack.pop()
            if isinstance(node, n.Identifier):
                declare(scope, node.name, kind, node)
            else:
                binding, evaluated = _pattern_parts(node)
                stack.extend(reversed(binding))
                expressions += evaluated
        return sorted(expressions, key=lambda node: node.start)

    # uses

    def use_arguments(self, scope: Scope) -> None:
        """Bind `arguments` where it comes from: in the nearest function that is not an arrow."""
        place: Scope | None = scope
        while place is not None and (place.kind not in _ACTIVATIONS or _is_arrow(place)):
            place = place.parent
        if place is not None and place.kind == "function":
            name = "arguments"
            place.bindings.setdefault(name, Binding(name, name, place.node))


#: Scopes that have, or forbid, an arguments object of their own.
_ACTIVATIONS = frozenset({"function", "static", "field"})

#: Bindings that give way without a clash when the function declares the same name itself.
_YIELDING = frozenset({"function-name", "arguments"})

_REPLACED_BY = {"var": _YIELDING, "function": _YIELDING | {"var"}}

#: TypeScript: two declarations of these kinds with one name are one thing.
_MERGING = frozenset(
    {frozenset({"namespace", kind}) for kind in ("namespace", "enum", "function", "class")}
    | {frozenset({"enum"})}
)


def _clash_around(scope: Scope, name: str) -> Binding | None:
    """What forbids a lexical `name` in this scope although the scope itself does not bind it."""
    if name in scope.hoisted:
        return Binding(name, "var", scope.hoisted[name])
    parent = scope.parent
    # The body of a function with parameter expressions, and that of a catch clause.
    if parent is not None and (
        scope.kind == "body" or (parent.kind == "catch" and scope.kind == "block")
    ):
        outer = parent.bindings.get(name)
        return outer if outer is not None and outer.kind in {"parameter", "catch"} else None
    return None


def _is_arrow(scope: Scope) -> bool:
    return isinstance(scope, VariableScope) and scope.arrow


def _is_variable(binding: Binding, scope: Scope) -> bool:
    """Whether a `var` of this name may share the binding."""
    if binding.kind == "function":
        return scope.kind != "module"
    return binding.kind in {"var", "parameter"}


def _is_simple_catch(scope: Scope) -> bool:
    """Annex B.3.4, which every engine has: `catch (e) { var e }` declares a variable outside."""
    return isinstance(scope.node, n.CatchClause) and isinstance(scope.node.param, n.Identifier)
