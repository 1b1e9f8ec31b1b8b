"""Early errors of names: `await`, `eval` and `arguments`, bindings declared twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.source import nodes as n
from refimpl.source.early_errors.walk import Context, Walk, rule

if TYPE_CHECKING:
    from refimpl.source.scope import Binding

#: Names that strict code cannot bind or assign to.
RESTRICTED = frozenset({"eval", "arguments"})


@rule(n.Identifier)
def _identifier(walk: Walk, node: n.Identifier, context: Context) -> None:
    if node.name == "await":
        check_await(walk, node, context)
    elif node.name == "arguments" and not context.arguments:
        walk.report(
            "misplaced-arguments",
            node,
            "`arguments` is not allowed in a class field's initializer or a static block",
        )


def check_await(walk: Walk, node: n.Identifier, context: Context) -> None:
    """Check a name that is bound, read, or used as a label: the one word only context reserves."""
    if node.name == "await" and context.await_reserved:
        walk.report("reserved-word", node, "`await` is a reserved word here", "choose another name")


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
    walk.report(
        "duplicate-binding",
        later,
        f"`{previous.name}` is declared already, in line {line}",
        "rename one of the two",
    )
