"""The walk of the early errors: what surrounds a node, what is still to be visited, what was found.

Rules of this module:

* A rule belongs to a class of node, is told the `Context` the node stands in, and says itself
  which children are visited next and in which context.
* Errors are collected, never raised: a program may have several, and the first one in the source
  is not always the first one met.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from refimpl.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from refimpl.source import nodes as n
    from refimpl.source.text import Source

#: The clause of the specification behind every early error.
CLAUSE = "source.syntax"


@dataclass(frozen=True, slots=True)
class Context:
    """What a place in the program permits: the parameters of ECMAScript's productions, and more."""

    #: An `await` expression.
    awaits: bool
    #: `await` is no name in async code and static blocks; in a module the grammar says so.
    await_reserved: bool = False
    yields: bool = False
    returns: bool = False
    #: Inside the parameters of a function, where neither `await` nor `yield` is an expression.
    parameters: bool = False
    super_property: bool = False
    super_call: bool = False
    new_target: bool = False
    #: False in a class field's initializer and in a static block.
    arguments: bool = True
    #: Labels around, innermost last, each with whether it names a loop.
    labels: tuple[tuple[str, bool], ...] = ()
    in_loop: bool = False
    in_switch: bool = False
    #: Private names that the classes around declare.
    private_names: frozenset[str] = frozenset()

    def inside(self, **changes: Any) -> Context:
        """This context with some things changed."""
        return replace(self, **changes)


Rule: TypeAlias = "Callable[[Walk, Any, Context], None]"
R = TypeVar("R", bound=Rule)

#: The rule of each class of node; the children of other nodes are visited in the same context.
RULES: dict[type[n.Node], Rule] = {}


def rule(*classes: type[n.Node]) -> Callable[[R], R]:
    """Register the rule of these classes of node."""

    def register(function: R) -> R:
        RULES.update(dict.fromkeys(classes, function))
        return function

    return register


class Walk:
    """One pass over one program."""

    def __init__(self, program: n.Program, source: Source, goal: str) -> None:
        self.program = program
        self.source = source
        self.module = goal == "module"
        self.found: list[Diagnostic] = []
        self.stack: list[tuple[n.Node, Context]] = []

    def run(self) -> None:
        """Visit everything there is."""
        context = Context(awaits=self.module)
        self.visit(self.program.body, context)
        stack, table, children = self.stack, RULES, self.children
        while stack:
            node, context = stack.pop()
            table.get(type(node), children)(self, node, context)

    def visit(self, some: Iterable[n.Node | None], context: Context) -> None:
        """Visit these later, in this context."""
        self.stack.extend([(node, context) for node in some if node is not None])

    @staticmethod
    def children(walk: Walk, node: n.Node, context: Context) -> None:
        """Visit all children: the rule of every node that has no rule."""
        push = walk.stack.append
        for name in node.children:
            value = getattr(node, name)
            if value.__class__ is list:
                walk.visit(value, context)
            elif value is not None:
                push((value, context))

    def report(
        self,
        code: str,
        node: n.Node,
        message: str,
        fix: str | None = None,
        *,
        end: int | None = None,
    ) -> None:
        """Note the error `syntax.<code>` at a node."""
        self.report_at(code, node.start, node.end if end is None else end, message, fix)

    def report_at(
        self, code: str, start: int, end: int, message: str, fix: str | None = None
    ) -> None:
        """Note the error `syntax.<code>` at a place."""
        self.found.append(
            at(self.source, start, end, f"syntax.{code}", message, clause=CLAUSE, fix=fix)
        )
