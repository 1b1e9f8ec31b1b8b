"""What the text of a module says about other modules: requests, imports, exports (ECMA-262 §16.2.2, §16.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from refimpl.source import nodes as n
from refimpl.source.scope import bound_names


@dataclass(frozen=True, slots=True)
class ModuleRequest:
    """A ModuleRequest Record."""

    specifier: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """An ImportEntry Record; `imported` is None for the namespace."""

    request: ModuleRequest
    imported: str | None
    local: str


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """An ExportEntry Record.

    With `request` None it is local; with `exported` None it is `export * from`; with a `request` and
    `imported` None it is `export * as exported from`.
    """

    exported: str | None
    request: ModuleRequest | None = None
    imported: str | None = None
    local: str | None = None


def module_entries(
    program: n.Program,
) -> tuple[list[ModuleRequest], list[ImportEntry], list[ExportEntry]]:
    """ModuleRequests, ImportEntries and ExportEntries of a module."""
    requests: dict[ModuleRequest, None] = {}
    imports: list[ImportEntry] = []
    exports: list[ExportEntry] = []
    for item in program.body:
        if getattr(item, "source", None) is not None:
            requests[request_of(item)] = None
        if isinstance(item, n.ImportDeclaration):
            imports += import_entries(item)
    imported = {entry.local: entry for entry in imports}
    for item in program.body:
        exports += export_entries(item, imported)
    return [*requests], imports, exports


def request_of(item: Any) -> ModuleRequest:
    """The request of an import or export declaration with a `from`."""
    attributes = ((name_of(a.key), a.value.value) for a in item.attributes)
    return ModuleRequest(item.source.value, tuple(attributes))


def name_of(node: n.Node) -> str:
    """ModuleExportName: an identifier's name or a string."""
    return node.name if isinstance(node, n.Identifier) else str(node.value)  # type: ignore[attr-defined]  # a Literal


def import_entries(node: n.ImportDeclaration) -> list[ImportEntry]:
    """ImportEntries of one declaration."""
    request = request_of(node)
    entries = []
    for specifier in node.specifiers:
        if isinstance(specifier, n.ImportSpecifier):
            imported: str | None = name_of(specifier.imported)
        else:
            imported = "default" if isinstance(specifier, n.ImportDefaultSpecifier) else None
        entries.append(ImportEntry(request, imported, specifier.local.name))  # type: ignore[attr-defined]  # every specifier has one
    return entries


def export_entries(item: n.Node, imported: dict[str, ImportEntry]) -> list[ExportEntry]:
    """ExportEntries of one module item."""
    if isinstance(item, n.ExportAllDeclaration):
        exported = None if item.exported is None else name_of(item.exported)
        return [ExportEntry(exported, request_of(item))]
    if isinstance(item, n.ExportDefaultDeclaration):
        return [ExportEntry("default", local=default_name(item.declaration))]
    if not isinstance(item, n.ExportNamedDeclaration):
        return []
    if item.declaration is not None:
        return [ExportEntry(name, local=name) for name in declared_names(item.declaration)]
    return [specifier_entry(item, specifier, imported) for specifier in item.specifiers]


def default_name(node: n.Node) -> str:
    """The local name of what `export default` exports."""
    if isinstance(node, (n.FunctionDeclaration, n.ClassDeclaration)) and node.id is not None:
        return node.id.name
    return "*default*"


def specifier_entry(
    item: n.ExportNamedDeclaration, specifier: n.ExportSpecifier, imported: dict[str, ImportEntry]
) -> ExportEntry:
    """One specifier; exporting an imported name passes the import on."""
    local, exported = name_of(specifier.local), name_of(specifier.exported)
    if item.source is not None:
        return ExportEntry(exported, request_of(item), local)
    entry = imported.get(local)
    if entry is not None:
        return ExportEntry(exported, entry.request, entry.imported)
    return ExportEntry(exported, local=local)


def declared_names(node: n.Node) -> list[str]:
    """BoundNames of a declaration."""
    if isinstance(node, n.VariableDeclaration):
        return [name.name for item in node.declarations for name in bound_names(item.id)]
    if isinstance(node, n.TSModuleDeclaration):
        return [node.id[0].name]
    identifier = getattr(node, "id", None)
    return [identifier.name] if isinstance(identifier, n.Identifier) else []


def has_top_level_await(program: n.Program) -> bool:
    """Whether the module's own code, outside every function, contains `await`."""
    pending: list[n.Node] = [*program.body]
    while pending:
        node = pending.pop()
        if isinstance(node, n.AwaitExpression) or (
            isinstance(node, n.ForOfStatement) and node.is_await
        ):
            return True
        if not isinstance(node, (n.Function, n.StaticBlock)):
            pending.extend(node.iterate())
    return False
