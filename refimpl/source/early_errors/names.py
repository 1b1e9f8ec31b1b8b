"""Early errors of names: reserved words, `eval` and `arguments`, bindings declared twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.source import nodes as n
from refimpl.source.early_errors.walk import Context, Walk, rule

if TYPE_CHECKING:
    from refimpl.source.scope import Binding

#: ReservedWord, and what strict code adds to it, without `await`.
RESERVED = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends "  # noqa: SIM905 -- a list of quoted words is harder to compare with the standard's
    "false finally for function if import in instanceof new null return super switch this throw "
    "true try typeof var void while with yield "
    "implements interface let package private protected public static".split()
)

#: Names that strict code cannot bind or assign to.
RESTRICTED = frozenset({"eval", "arguments"})

_SUSPECT = RESERVED | {"await", "arguments"}


@rule(n.Identifier)
def _identifier(walk: Walk, node: n.Identifier, context: Context) -> None:
    if node.name not in _SUSPECT:
        return
    if node.name != "arguments":
        check_reserved(walk, node, context)
    elif not context.arguments:
        walk.report(
            "misplaced-arguments",
            node,
            "`arguments` is not allowed in a class field's initializer or a static block",
        )


def check_reserved(walk: Walk, node: n.Identifier, context: Context) -> None:
    """Check a name that is bound, read, or used as a label."""
    if node.name in RESERVED or (node.name == "await" and context.await_reserved):
        walk.report(
            "reserved-word", node, f"`{node.name}` is a reserved word here", "choose another name"
        )


def check_bindings(walk: Walk) -> None:
    """Check what the analysis of scopes has recorded."""
    for scope in walk.program.scope.walk():
        for name in RESTRICTED & scope.bindings.keys():
            binding = scope.bindings[name]
            if binding.kind != "arguments":
                walk.report(
                    "restricted-name",
                    binding.node,
                    f"`{name}` cannot be declared in strict code",
                    "choose another name",
                )
    for node, previous in walk.program.scope.redeclarations:
        if previous.name != "*default*":  # also a duplicate export, which says it better
            _redeclaration(walk, node, previous)


def _redeclaration(walk: Walk, node: n.Node, previous: Binding) -> None:
    later, earlier = sorted((node, previous.node), key=lambda place: place.start, reverse=True)
    line, _ = walk.source.position(earlier.start)
    what = "parameter" if previous.kind == "parameter" else "name"
    walk.report(
        "duplicate-binding",
        later,
        f"`{previous.name}` is declared twice: the first {what} is in line {line}",
        "rename one of the two",
    )
