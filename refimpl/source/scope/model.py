"""What the analysis of scopes finds: scopes, bindings, references, and the questions about them.

A name is looked up when somebody asks, because a binding may be declared after its use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from refimpl.source import nodes as n

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A use of a name: `Foo` in an expression, or in `<Foo />` and `<Foo.Bar />`.
Reference: TypeAlias = n.Identifier | n.JSXIdentifier


@dataclass(slots=True, eq=False)
class Binding:
    """A name and what declared it; `node` is the declaring Identifier where there is one.

    `kind` is "var" "let" "const" "class" "function" "parameter" "catch" "import" "function-name"
    "class-name" "enum" "namespace", or "arguments" for the arguments object of a function that
    uses it.
    """

    name: str
    kind: str
    node: n.Node


class Scope:
    """A region of the source with bindings of its own.

    `kind` is "module" "script" "function" "body" "block" "catch" "class" "for" "switch" "static"
    "field" or "namespace". `references` are the uses of names written directly in it.
    """

    __slots__ = (
        "bindings",
        "children",
        "functions_to_initialize",
        "hoisted",
        "kind",
        "node",
        "parent",
        "plan",
        "references",
    )

    def __init__(self, kind: str, node: n.Node, parent: Scope | None) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.children: list[Scope] = []
        self.bindings: dict[str, Binding] = {}
        self.references: list[Reference] = []
        #: Function declarations directly in it, which are initialized when it is entered.
        self.functions_to_initialize: list[n.FunctionDeclaration] = []
        #: `var` declarations written inside that belong to a scope further out.
        self.hoisted: dict[str, n.Node] = {}
        #: What the evaluator worked out about entering the scope, once.
        self.plan: Any = None
        if parent is not None:
            parent.children.append(self)

    def lookup(self, name: str) -> tuple[Scope, Binding] | None:
        """The innermost binding of `name` seen from here, or None for a global."""
        scope: Scope | None = self
        while scope is not None:
            binding = scope.bindings.get(name)
            if binding is not None:
                return scope, binding
            scope = scope.parent
        return None

    def walk(self) -> Iterator[Scope]:
        """This scope and every scope inside it."""
        stack = [self]
        while stack:
            scope = stack.pop()
            yield scope
            stack.extend(reversed(scope.children))


class VariableScope(Scope):
    """A scope where `var` declarations stop, and what entering it has to know.

    `body` is the scope of a function body's own declarations when a parameter has an expression
    in it, because then the parameters are a scope apart; both share `var_names` and
    `functions_to_initialize`.
    """

    __slots__ = ("arrow", "body", "simple_parameters", "var_names")

    def __init__(
        self, kind: str, node: n.Node, parent: Scope | None, *, arrow: bool = False
    ) -> None:
        super().__init__(kind, node, parent)
        self.arrow = arrow
        self.body: VariableScope | None = None
        #: ECMAScript IsSimpleParameterList: nothing but names.
        self.simple_parameters = True
        #: ECMAScript VarDeclaredNames, function declarations included, each once.
        self.var_names: dict[str, None] = {}


class ProgramScope(VariableScope):
    """The outermost scope, and what the whole program has only one of."""

    __slots__ = ("redeclarations",)

    def __init__(self, program: n.Program) -> None:
        super().__init__(program.source_type, program, None)
        #: Each declaring node that clashes, with the binding that was there before.
        self.redeclarations: list[tuple[n.Node, Binding]] = []


def free_references(function: n.Function) -> list[Reference]:
    """The first use of each name that the function uses but does not bind, in source order."""
    first: dict[str, Reference] = {}
    for scope in function.scope.walk():
        for reference in scope.references:
            known = first.get(reference.name)
            if (known is None or reference.start < known.start) and not _bound_between(
                reference.name, scope, function.scope
            ):
                first[reference.name] = reference
    return sorted(first.values(), key=lambda reference: reference.start)


def _bound_between(name: str, inner: Scope, outer: Scope) -> bool:
    """Whether some scope from `inner` out to `outer`, both included, binds `name`."""
    scope: Scope | None = inner
    while scope is not None and scope is not outer.parent:
        if name in scope.bindings:
            return True
        scope = scope.parent
    return False
