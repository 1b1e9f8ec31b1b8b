"""What a server module exports, as far as its text tells.

Rules of this module:

* Every export is listed once under each of its names; type-only exports are nothing.
* An export is *evidently* not an async function when the text of its own module says so: then it
  is an error of the text. Everything else is decided by its value at the end of evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.language.requests import name_of
from refimpl.source import nodes
from refimpl.source.diagnostics import Diagnostic, at
from refimpl.source.scope import bound_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refimpl.source.nodes import Node, Program
    from refimpl.source.text import Source

#: Expressions whose value is never a function, whatever the program does. Clause: export.evident.
NEVER_A_FUNCTION = (
    nodes.Literal,
    nodes.BigIntLiteral,
    nodes.RegExpLiteral,
    nodes.TemplateLiteral,
    nodes.ObjectExpression,
    nodes.ArrayExpression,
    nodes.UnaryExpression,
    nodes.UpdateExpression,
    nodes.BinaryExpression,
    nodes.JSXElement,
)


@dataclass(frozen=True)
class Export:
    """One name under which a module exports a value."""

    name: str
    place: Node  #: where the source names the export
    value: Node | None  #: what it is evident to be: a declaration or an expression
    source: str | None = None  #: the module it is re-exported from


class ModuleExports:
    """The exports of one program, and what is evident about each."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.declared = _sole_declarations(program)
        self.assigned = set(_assigned_names(program))

    def __iter__(self) -> Iterator[Export]:
        """Every named export once, in source order; `export *` has no names of its own.

        Clauses: export.all, export.declaration, export.variable, export.list, export.default,
        export.destructured, export.computed, export.imported, export.string-name,
        export.two-names, export.re-export, export.types.
        """
        named: set[str] = set()
        for export in self._written():
            if export.name not in named:
                named.add(export.name)
                yield export

    def _written(self) -> Iterator[Export]:
        """Every export as it is written; a namespace may add to what has the same name."""
        for statement in self.program.body:
            match statement:
                case nodes.ExportDefaultDeclaration(declaration=value):
                    yield Export("default", statement, self.evident_value(value))
                case nodes.ExportNamedDeclaration(declaration=None):
                    for specifier in statement.specifiers:
                        yield self._listed(specifier, statement.source)
                case nodes.ExportNamedDeclaration(declaration=nodes.Node() as declaration):
                    for identifier in declared_names(declaration):
                        evident = self.evident_value(identifier)
                        yield Export(identifier.name, identifier, evident)
                case nodes.ExportAllDeclaration(exported=exported) if exported is not None:
                    yield Export(name_of(exported), exported, statement, statement.source.value)

    def _listed(self, specifier: nodes.ExportSpecifier, source: nodes.Literal | None) -> Export:
        name = name_of(specifier.exported)
        if source is not None:
            return Export(name, specifier.exported, None, source.value)
        return Export(name, specifier.exported, self.evident_value(specifier.local))

    def stars(self) -> list[nodes.ExportAllDeclaration]:
        """The `export * from` declarations without a name."""
        return [
            statement
            for statement in self.program.body
            if isinstance(statement, nodes.ExportAllDeclaration) and statement.exported is None
        ]

    def evident_value(self, node: Node | None) -> Node | None:
        """What `node` is certain to evaluate to, as far as the text of its module tells.

        Looks through parentheses, erased types, and names that nothing assigns to.
        """
        followed: set[str] = set()
        while True:
            match node:
                case nodes.ParenthesizedExpression(expression=inner) | nodes.TSAs(expression=inner):
                    node = inner
                case nodes.Identifier(name=name):
                    if name in followed or name in self.assigned or name not in self.declared:
                        return None
                    followed.add(name)
                    node = self.declared[name]
                case _:
                    return node


def evident_fault(value: Node | None) -> str | None:
    """Why `value` can never be an async function, in words; None when it may be one.

    Clauses: export.evident, export.async, export.function, export.namespace.
    """
    match value:
        case nodes.Class():
            return "a class"
        case nodes.Function(is_async=True):
            return None
        case nodes.Function(generator=True):
            return "a generator function"
        case nodes.Function():
            return "a function that is not async"
        case nodes.TSEnumDeclaration():
            return "an enum"
        case (
            nodes.TSModuleDeclaration()
            | nodes.ImportNamespaceSpecifier()
            | nodes.ExportAllDeclaration()
        ):
            return "a namespace"
        case nodes.VariableDeclarator():
            return "a variable that is never given a value"
        case _ if isinstance(value, NEVER_A_FUNCTION):
            return "not a function"
        case _:
            return None


def export_faults(source: Source, exports: ModuleExports) -> Iterator[Diagnostic]:
    """One error for each export of a server module that can never be an async function.

    Clauses: export.evident, export.named-error.
    """
    for export in exports:
        fault = evident_fault(export.value)
        if fault is not None:
            yield at(
                source,
                export.place.start,
                export.place.end,
                code="export-not-async",
                message=f"the export {export.name!r} of a server module is {fault}",
                clause="export.evident",
                fix="export an async function, or move this export to a module without the directive",
            )


def declared_names(declaration: Node) -> Iterator[nodes.Identifier]:
    """The names a declaration binds, in source order."""
    match declaration:
        case nodes.VariableDeclaration(declarations=declarators):
            for declarator in declarators:
                yield from bound_names(declarator.id)
        case nodes.TSModuleDeclaration(id=[first, *_]):
            yield first
        case nodes.Function() | nodes.Class() | nodes.TSEnumDeclaration():
            if declaration.id is not None:
                yield declaration.id


def _sole_declarations(program: Program) -> dict[str, Node]:
    """What each name of the module is declared to be, if it is declared once.

    A namespace only adds to what has the same name.
    """
    found: dict[str, list[Node]] = {}
    for name, declaration in _declarations(program):
        found.setdefault(name, []).append(declaration)
    sole: dict[str, Node] = {}
    for name, declarations in found.items():
        first, *others = sorted(
            declarations, key=lambda d: isinstance(d, nodes.TSModuleDeclaration)
        )
        if all(
            isinstance(other, nodes.TSModuleDeclaration | nodes.TSEnumDeclaration)
            for other in others
        ):
            sole[name] = first
    return sole


def _declarations(program: Program) -> Iterator[tuple[str, Node]]:
    """What each name of the module is declared to be; names from patterns and imports are left out.

    A variable without an initial value stands for itself: the declarator.
    """
    for statement in program.body:
        match statement:
            case nodes.ExportNamedDeclaration(declaration=declaration) if declaration:
                yield from _declared(declaration)
            case nodes.ExportDefaultDeclaration(declaration=declaration):
                yield from _declared(declaration)
            case nodes.ImportDeclaration(specifiers=specifiers):
                for specifier in specifiers:
                    if isinstance(specifier, nodes.ImportNamespaceSpecifier):
                        yield specifier.local.name, specifier
            case _:
                yield from _declared(statement)


def _declared(declaration: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(declaration, nodes.VariableDeclaration):
        for declarator in declaration.declarations:
            if isinstance(declarator.id, nodes.Identifier):
                yield declarator.id.name, declarator.init or declarator
    else:
        for identifier in declared_names(declaration):
            yield identifier.name, declaration


def _assigned_names(program: Program) -> Iterator[str]:
    """The names of module scope that something assigns to after their declaration."""
    targets = {
        identifier
        for node in program.walk()
        for target in _targets(node)
        for identifier in _assigned_identifiers(target)
    }
    for scope in program.scope.walk():
        for reference in scope.references:
            if reference in targets:
                found = scope.lookup(reference.name)
                if found is not None and found[0] is program.scope:
                    yield reference.name


def _assigned_identifiers(target: Node) -> Iterator[nodes.Identifier]:
    """The identifiers an assignment target gives values to; members are left out."""
    match target:
        case nodes.Identifier():
            yield target
        case nodes.ParenthesizedExpression(expression=inner) | nodes.TSAs(expression=inner):
            yield from _assigned_identifiers(inner)
        case nodes.AssignmentPattern(left=inner) | nodes.RestElement(argument=inner):
            yield from _assigned_identifiers(inner)
        case nodes.Property(value=inner):
            yield from _assigned_identifiers(inner)
        case nodes.ObjectPattern(properties=parts) | nodes.ArrayPattern(elements=parts):
            for part in parts:
                if part is not None:
                    yield from _assigned_identifiers(part)


def _targets(node: Node) -> Iterator[Node]:
    """What a node assigns to: an identifier or a pattern."""
    match node:
        case nodes.AssignmentExpression(left=target) | nodes.UpdateExpression(argument=target):
            yield target
        case nodes.ForInStatement(left=target) | nodes.ForOfStatement(left=target):
            if not isinstance(target, nodes.VariableDeclaration):
                yield target
