"""The kind of a module: what its own Directive Prologue makes it.

Rules of this module:

* Only the raw text of a directive counts; `source.directives` says which strings are directives.
* A module has one kind. One that asks for two is an error, never a guess.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from refimpl.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from refimpl.source.nodes import Directive, Program
    from refimpl.source.text import Source

USE_SERVER = "use server"
USE_CLIENT = "use client"


class ModuleKind(StrEnum):
    """What a module is to the directive. Clause: module.kinds."""

    NONE = "none"
    SERVER = "server"
    CLIENT = "client"


def directive(prologue: list[Directive], text: str) -> Directive | None:
    """The first member of a Directive Prologue whose raw text is `text`."""
    return next((member for member in prologue if member.raw == text), None)


def module_kind(program: Program) -> ModuleKind:
    """The kind that the prologue asks for; a conflict counts as a server module, and is reported.

    Clauses: module.kinds, module.file-only, directive.repeated, directive.unknown.
    """
    if directive(program.directives, USE_SERVER):
        return ModuleKind.SERVER
    if directive(program.directives, USE_CLIENT):
        return ModuleKind.CLIENT
    return ModuleKind.NONE


def conflict(source: Source, prologue: list[Directive]) -> Diagnostic | None:
    """The error of a prologue that holds both directives. Clause: module.conflict."""
    server, client = directive(prologue, USE_SERVER), directive(prologue, USE_CLIENT)
    if server is None or client is None:
        return None
    second = max(server, client, key=lambda member: member.start)
    return at(
        source,
        second.start,
        second.end,
        code="conflicting-directives",
        message="'use client' and 'use server' cannot stand in the same prologue",
        clause="module.conflict",
        fix="keep one of the two; move the other half of the file to a module of its own",
    )
