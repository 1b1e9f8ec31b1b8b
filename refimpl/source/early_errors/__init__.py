"""Early errors: what the grammar accepts and ECMAScript still refuses before anything runs.

Rules of this package:

* The grammar covers more than the language where one look-ahead token cannot decide; every such
  excess is found here, and nowhere else.
* It runs after `source.scope`, over the same tree, in one walk; it changes nothing.

`functions`, `classes`, `targets`, `statements`, `expressions` and `modules` hold the rules, each
beside the nodes it judges; `walk` goes through the tree.

Clause: source.syntax
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.source.diagnostics import Diagnostic, SyntaxDiagnostic
from refimpl.source.early_errors import (  # noqa: F401  # each registers its rules
    classes,
    expressions,
    functions,
    statements,
    targets,
)
from refimpl.source.early_errors.modules import check_exports
from refimpl.source.early_errors.names import check_bindings
from refimpl.source.early_errors.walk import Walk

if TYPE_CHECKING:
    from refimpl.source.nodes import Program
    from refimpl.source.text import Source

__all__ = ["check", "find"]


def find(program: Program, source: Source, goal: str = "module") -> list[Diagnostic]:
    """All early errors of a program that `scope.analyse` has seen, in source order."""
    walk = Walk(program, source, goal)
    walk.run()
    check_bindings(walk)
    check_exports(walk)
    return sorted(walk.found, key=lambda diagnostic: diagnostic.start)


def check(program: Program, source: Source, goal: str = "module") -> None:
    """Raise the first early error of a program, if it has one."""
    found = find(program, source, goal)
    if found:
        raise SyntaxDiagnostic(found[0])
