"""Which modules of a project import which, as far as their texts tell.

Rules of this module:

* Erased imports of TypeScript are no imports. A dynamic import counts when its specifier is a
  string literal.
* What cannot be resolved is left out here; loading it is what fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.modules.resolution import resolve
from refimpl.source import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from refimpl.source.nodes import Program

#: Files that are modules of the guest language; every other file is data.
MODULE_EXTENSIONS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


def is_module(path: str) -> bool:
    """Whether the file at `path` is a module of the guest language."""
    return path.endswith(MODULE_EXTENSIONS)


def imported_paths(program: Program, path: str, files: Mapping[str, str]) -> list[str]:
    """The modules that the program at `path` imports, each once, in source order."""
    found = (resolve(specifier, path, files) for specifier in specifiers(program))
    return list(dict.fromkeys(target for target in found if target is not None))


def specifiers(program: Program) -> Iterator[str]:
    """The specifiers of a program's imports and re-exports."""
    for node in program.walk():
        match node:
            case nodes.ImportDeclaration(source=source) | nodes.ExportAllDeclaration(source=source):
                yield source.value
            case nodes.ExportNamedDeclaration(source=nodes.Literal(value=str() as specifier)):
                yield specifier
            case nodes.ImportExpression(source=nodes.Literal(value=str() as specifier)):
                yield specifier


def reachable(start: Iterable[str], edges: Callable[[str], Iterable[str]]) -> list[str]:
    """Every node that can be reached from `start`, depth first in the order of the edges."""
    seen: dict[str, None] = {}
    stack = [*reversed([*start])]
    while stack:
        current = stack.pop()
        if current not in seen:
            seen[current] = None
            stack.extend(reversed([*edges(current)]))
    return list(seen)
