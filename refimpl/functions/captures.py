"""Captures: the bindings a server function takes with it when it is created.

The rule, in full (SPEC.md §4.5): a server function captures each binding that it uses, that is
bound outside it, and that is outside module scope. Module scope, imports and globals are never
captured: the function reads them where it runs. Its own name is not a capture either: inside,
it means the server function object itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.source import nodes
from refimpl.source.scope import free_references

if TYPE_CHECKING:
    from refimpl.functions.context import FunctionPlace
    from refimpl.source.scope import Binding, Scope

#: Scopes whose bindings live as long as the module does. Clause: capture.module-scope.
MODULE_SCOPES = frozenset({"module", "script"})


#: Bindings that nothing may assign to. Clause: capture.write.const.
CONSTANT_KINDS = frozenset({"const", "function-name", "class-name"})


@dataclass(frozen=True)
class Capture:
    """One captured binding; nothing may assign to it when it is `constant`."""

    name: str
    constant: bool


def captures(place: FunctionPlace) -> tuple[Capture, ...]:
    """The bindings the function captures, in order of first use.

    Clauses: capture.outer, capture.own, capture.innermost, capture.once, capture.unused,
    capture.whole, capture.imports, capture.globals, capture.uses, capture.not-uses,
    capture.types, capture.nested.
    """
    found = []
    for reference in free_references(place.function):
        binding = _captured_binding(place, reference.name)
        if binding is not None:
            found.append(Capture(binding.name, binding.kind in CONSTANT_KINDS))
    return tuple(found)


def own_names(place: FunctionPlace) -> tuple[Capture, ...]:
    """The names that mean the server function object itself.

    Clauses: capture.self, capture.self.variable.
    """
    names = []
    declared = _declaring_identifier(place)
    if declared is not None:
        found = _binding(place.function.scope.parent, declared.name)
        if found is not None and found[0].kind not in MODULE_SCOPES:
            names.append(Capture(declared.name, found[1].kind in CONSTANT_KINDS))
    if isinstance(place.function, nodes.FunctionExpression) and place.function.id is not None:
        names.append(Capture(place.function.id.name, constant=True))
    return tuple(names)


def _captured_binding(place: FunctionPlace, name: str) -> Binding | None:
    """The binding around the function that `name` means in it; None when there is none to capture.

    Clauses: capture.scope.parameter, capture.scope.lexical, capture.scope.var,
    capture.scope.loop, capture.scope.catch, capture.scope.function, capture.scope.block,
    capture.scope.enum.
    """
    found = _binding(place.function.scope.parent, name)
    if found is None:
        return None
    scope, binding = found
    if scope.kind in MODULE_SCOPES or binding.node is _declaring_identifier(place):
        return None
    return binding


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
