"""Early errors of modules: names exported twice, never declared, or not well-formed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.source import nodes as n
from refimpl.source.early_errors.names import check_await
from refimpl.source.early_errors.walk import Context, Walk, rule
from refimpl.source.scope import bound_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def check_exports(walk: Walk) -> None:
    """Check the exported names of the whole module."""
    exported: set[str] = set()
    for node, name in _exported_names(walk.program):
        if name in exported:
            walk.report(
                "duplicate-export", node, f"`{name}` is exported twice", "remove one of the exports"
            )
        exported.add(name)


def _exported_names(program: n.Program) -> Iterator[tuple[n.Node, str]]:
    """ECMAScript ExportedNames, each with the place where it is exported."""
    for statement in program.body:
        match statement:
            case n.ExportDefaultDeclaration():
                yield statement, "default"
            case n.ExportAllDeclaration(exported=n.Node() as exported):
                yield exported, module_export_name(exported)
            case n.ExportNamedDeclaration(declaration=None):
                for specifier in statement.specifiers:
                    yield specifier.exported, module_export_name(specifier.exported)
            case n.ExportNamedDeclaration(declaration=n.VariableDeclaration() as declaration):
                for declarator in declaration.declarations:
                    for identifier in bound_names(declarator.id):
                        yield identifier, identifier.name
            case n.ExportNamedDeclaration(
                declaration=n.FunctionDeclaration(id=n.Identifier() as identifier)
                | n.ClassDeclaration(id=n.Identifier() as identifier)
            ):
                yield identifier, identifier.name


def module_export_name(node: n.Node) -> str:
    """The name that an Identifier or string means in an import or export clause."""
    if isinstance(node, n.Identifier):
        return node.name
    assert isinstance(node, n.Literal)  # the grammar admits nothing else
    return str(node.value)


@rule(n.ImportDeclaration)
def _import_declaration(walk: Walk, node: n.ImportDeclaration, context: Context) -> None:
    for specifier in node.specifiers:
        check_await(walk, specifier.local, context)  # type: ignore[attr-defined]  # all have one
        if isinstance(specifier, n.ImportSpecifier):
            _check_name(walk, specifier.imported)
    _check_attributes(walk, node.attributes)


@rule(n.ExportNamedDeclaration)
def _export_named(walk: Walk, node: n.ExportNamedDeclaration, context: Context) -> None:
    for specifier in node.specifiers:
        _check_name(walk, specifier.exported)
        if node.source is not None:
            _check_name(walk, specifier.local)
        elif isinstance(specifier.local, n.Identifier):
            _check_local(walk, specifier.local, context)
        else:
            walk.report(
                "export-of-string",
                specifier.local,
                "a string is not the name of anything in this module",
                "add `from` and the module it comes from",
            )
    _check_attributes(walk, node.attributes)
    walk.visit([node.declaration], context)


def _check_local(walk: Walk, local: n.Identifier, context: Context) -> None:
    check_await(walk, local, context)
    if local.name not in walk.program.scope.bindings:
        walk.report(
            "undeclared-export",
            local,
            f"`{local.name}` is exported but not declared in this module",
            "declare it at the top level, or correct the name",
        )


@rule(n.ExportAllDeclaration)
def _export_all(walk: Walk, node: n.ExportAllDeclaration, _: Context) -> None:
    if node.exported is not None:
        _check_name(walk, node.exported)
    _check_attributes(walk, node.attributes)


def _check_name(walk: Walk, node: n.Node) -> None:
    """ECMAScript IsStringWellFormedUnicode of a module export name written as a string."""
    if isinstance(node, n.Literal):
        try:
            str(node.value).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            walk.report("ill-formed-name", node, "an export name cannot have a lone surrogate")


def _check_attributes(walk: Walk, attributes: Iterable[n.ImportAttribute]) -> None:
    seen: set[str] = set()
    for attribute in attributes:
        name = module_export_name(attribute.key)
        if name in seen:
            walk.report("duplicate-attribute", attribute.key, f"`{name}` is given twice")
        seen.add(name)
