"""A module of kind none that is full of inline server functions, and what a client gets of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.fuzz.generators.programs.meaning import Env
from conformance.fuzz.generators.programs.statements import StatementWriter

if TYPE_CHECKING:
    from conformance.fuzz.generators.programs.meaning import Function


@dataclass(frozen=True)
class Page:
    """A module of kind none, and what it must give."""

    path: str
    files: dict[str, str]
    names: dict[int, str]
    functions: list[Function]
    results: list[Any]
    canaries: list[str]
    features: frozenset[str]


class PageWriter(StatementWriter):
    """Writes one page."""

    def page(self) -> Page:
        """The page, and what a client gets of it."""
        declared = self.declarations(kinds=("const", "let"))
        with self.opened("function") as scope:
            parameters = self.declare(scope, "parameter", "text")
            statements = self.statements(self.size.depth)
        path = f"page.{self.dialect}"
        text = (
            f"{declared.text}const kept = []¶"
            f"export async function page({parameters.mark}·=·'given') {{\n"
            f"{statements.text}return kept¶}}\n"
        )
        env = Env({}, {}, [])
        declared.run(env)
        env[parameters] = "given"
        statements.run(env)
        return Page(
            path,
            {path: text},
            self.names,
            self.functions,
            [each.drained() for each in env.kept],
            self.canaries,
            frozenset(self.features),
        )
