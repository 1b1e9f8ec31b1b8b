"""What the directive makes of one module: its kind, its server functions, its diagnostics.

This is the answer to the observation point `compile`. Everything that happens at run time
follows the table of server functions that is built here, keyed by function node.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from refimpl.functions.captures import Capture, captures, own_names
from refimpl.functions.context import FunctionPlace, function_places
from refimpl.functions.restrictions import context_faults, form_faults
from refimpl.language.requests import ExportEntry, module_entries
from refimpl.modules.exports import ModuleExports, export_faults
from refimpl.modules.kinds import USE_SERVER, ModuleKind, conflict, directive, module_kind
from refimpl.source import nodes
from refimpl.source.diagnostics import Diagnostic, at
from refimpl.source.directives import directive_strings

if TYPE_CHECKING:
    from refimpl.source.nodes import Directive, Function, Node, Program
    from refimpl.source.text import Source


@dataclass(frozen=True)
class ServerFunction:
    """A function that the directive makes callable from a client.

    `path` names it apart within its module, and stays the same while the functions around it
    keep their names.
    """

    where: str  #: "inline" (a directive of its own) or "export" (of a server module)
    name: str | None
    place: Node
    path: str
    captures: tuple[Capture, ...] = ()
    own_names: tuple[Capture, ...] = ()  #: names that mean the function itself


@dataclass(frozen=True)
class CompiledModule:
    """One module after compilation. It may run only when no diagnostic is an error."""

    source: Source
    program: Program
    kind: ModuleKind
    exports: ModuleExports = field(repr=False)
    inline: dict[Function, ServerFunction] = field(repr=False)
    diagnostics: tuple[Diagnostic, ...]

    @cached_property
    def entries(self) -> list[ExportEntry]:
        """ECMAScript's ExportEntries of the module."""
        return module_entries(self.program)[2]

    @property
    def errors(self) -> list[Diagnostic]:
        """The diagnostics that keep the project from running."""
        return [found for found in self.diagnostics if found.severity == "error"]

    @property
    def exported(self) -> list[ServerFunction]:
        """The exports that are server functions; those of `export *` are known to the project."""
        if self.kind is not ModuleKind.SERVER:
            return []
        return [
            ServerFunction("export", export.name, export.place, export.name)
            for export in self.exports
        ]


def compile_module(source: Source, program: Program) -> CompiledModule:
    """Classify a module, find its server functions and everything wrong with them.

    Clauses: function.inline, function.inline.choice, function.unexported, function.nested,
    module.server.inline, module.server.inline.export.
    """
    kind = module_kind(program)
    exports = ModuleExports(program)
    diagnostics = [*_without_effect(source, program), *_conflicts(source, program.directives)]
    exported = {export.value for export in exports} if kind is ModuleKind.SERVER else set()
    places = [place for place in function_places(program) if _marker(place.function)]
    for place in places:
        diagnostics.extend(_inline_faults(source, kind, place))
    if kind is ModuleKind.SERVER:
        diagnostics.extend(_export_faults(source, exports))
    return CompiledModule(
        source,
        program,
        kind,
        exports,
        _inline([place for place in places if place.function not in exported]),
        tuple(sorted(set(diagnostics), key=lambda found: (found.start, found.code))),
    )


def _marker(function: Function) -> Directive | None:
    """The server directive in the function's own prologue. Clause: directive.own-function."""
    body = function.body
    prologue = body.directives if isinstance(body, nodes.FunctionBody) else []
    return directive(prologue, USE_SERVER)


def _inline(places: list[FunctionPlace]) -> dict[Function, ServerFunction]:
    """The server functions with a directive of their own, by node."""
    seen: Counter[str] = Counter()
    found: dict[Function, ServerFunction] = {}
    for place in places:
        path = "/".join((*place.path, place.name or ""))
        seen[path] += 1
        if seen[path] > 1:
            path = f"{path}~{seen[path]}"
        found[place.function] = ServerFunction(
            "inline", place.name, place.function, path, captures(place), own_names(place)
        )
    return found


def _inline_faults(source: Source, kind: ModuleKind, place: FunctionPlace) -> list[Diagnostic]:
    body = place.function.body
    assert isinstance(body, nodes.FunctionBody)
    faults = [*form_faults(source, place), *context_faults(source, place.function)]
    if kind is ModuleKind.CLIENT:
        faults.append(inline_in_client(source, place.function))
    return faults


def _export_faults(source: Source, exports: ModuleExports) -> list[Diagnostic]:
    """Clause: function.context.export."""
    faults = [*export_faults(source, exports)]
    for export in exports:
        if isinstance(export.value, nodes.Function) and export.value.is_async:
            faults.extend(context_faults(source, export.value))
    return faults


def inline_in_client(source: Source, function: Function) -> Diagnostic:
    """The error of a server function in code that a client runs.

    Clauses: module.client.inline, module.client.reached.
    """
    marker = _marker(function)
    assert marker is not None
    return at(
        source,
        marker.start,
        marker.end,
        code="inline-in-client-module",
        message="client code cannot define a server function",
        clause="module.client.inline",
        fix="export it from a module that starts with 'use server', and import it here",
    )


def _conflicts(source: Source, prologue: list[Directive]) -> list[Diagnostic]:
    found = conflict(source, prologue)
    return [found] if found is not None else []


def _without_effect(source: Source, program: Program) -> list[Diagnostic]:
    """Warnings for strings that look like a directive and are none.

    Clauses: directive.misplaced, directive.misplaced.place, directive.misspelt,
    directive.client-in-function, conformance.warnings, conformance.errors.place.
    """
    return [
        at(
            source,
            found.node.start,
            found.node.end,
            code=found.reason,
            message=found.explanation,
            clause=found.clause,
            fix=found.fix,
            severity="warning",
        )
        for found in directive_strings(program)
        if not found.effective
    ]
