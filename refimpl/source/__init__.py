"""Source texts to trees: parsing, scopes, early errors, and which strings are directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.source.early_errors import check
from refimpl.source.parser import parse
from refimpl.source.scope import analyse
from refimpl.source.type_exports import erase_type_exports

if TYPE_CHECKING:
    from refimpl.source.nodes import Program
    from refimpl.source.text import Source

__all__ = ["load"]


def load(source: Source, goal: str = "module") -> Program:
    """Parse a source text and check it whole, or raise `SyntaxDiagnostic`; scopes are attached."""
    program = parse(source, goal)
    analyse(program, elide_types=source.dialect.typescript)
    if source.dialect.typescript:
        erase_type_exports(program)
    check(program, source, goal)
    return program
