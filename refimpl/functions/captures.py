"""Captures: the bindings a server function takes with it when it is created.

The rule, in full (SPEC.md §4.5): a server function captures each binding that it uses, that is
bound outside it, and that is outside module scope. Module scope, imports and globals are never
captured: the function reads them where it runs. Its own name is not a capture either: inside,
it means the server function object itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.source import nodes
from refimpl.source.scope import free_references

if TYPE_CHECKING:
    from refimpl.functions.context import FunctionPlace
    from refimpl.source.scope import Binding, Scope

#: Scopes whose bindings live as long as the module does. Clause: capture.module-scope.
MODULE_SCOPES = frozenset({"module", "script"})


def captures(place: FunctionPlace) -> tuple[str, ...]:
    """The names the function captures, in order of first use.

    Clauses: capture.outer, capture.own, capture.innermost, capture.once, capture.unused,
    capture.imports, capture.globals, capture.uses, capture.not-uses, capture.types,
    capture.nested.
    """
    return tuple(
        reference.name
        for reference in free_references(place.function)
        if _is_captured(place, reference.name)
    )


def own_name(place: FunctionPlace) -> str | None:
    """The name that means the server function object itself, bound around the function.

    Clauses: capture.self, capture.self.variable. (A function expression binds its own name
    inside itself.)
    """
    declared = _declaring_identifier(place)
    return declared.name if declared is not None else None


def _is_captured(place: FunctionPlace, name: str) -> bool:
    found = _binding(place.function.scope.parent, name)
    if found is None:
        return False
    scope, binding = found
    return scope.kind not in MODULE_SCOPES and binding.node is not _declaring_identifier(place)


def _binding(scope: Scope | None, name: str) -> tuple[Scope, Binding] | None:
    """The binding that `name` means in `scope`.

    The binding that a class declaration makes for its own body counts as bound where the
    declaration stands. Clause: capture.scope.class.
    """
    found = scope.lookup(name) if scope is not None else None
    while found is not None and isinstance(found[0].node, nodes.ClassDeclaration):
        around = found[0].parent
        found = around.lookup(name) if around is not None else None
    return found


def _declaring_identifier(place: FunctionPlace) -> nodes.Identifier | None:
    """The identifier of the declaration whose value is the function."""
    if isinstance(place.function, nodes.FunctionDeclaration):
        return place.function.id
    match place.parent:
        case nodes.VariableDeclarator(id=nodes.Identifier() as identifier):
            return identifier
    return None
