"""A module of kind none that is full of inline server functions, and what a client gets of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance import notation
from conformance.fuzz.generators.programs.meaning import Env, Part, drained, nothing
from conformance.fuzz.generators.programs.served import CAUGHT, ServedWriter

if TYPE_CHECKING:
    from conformance.fuzz.generators.programs.meaning import Function


#: A module that a page may import, and its text.
SHARED = ("shared.js", "export const shared = 'text of shared'\n")


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


class PageWriter(ServedWriter):
    """Writes one page."""

    def page(self) -> Page:
        """The page, and what a client gets of it."""
        imported, declared = self.imported(), self.declarations(kinds=("const", "let"))
        top = self.top()
        with self.opened("function") as scope:
            parameters = self.declare(scope, "parameter", "text")
            statements = self.statements(self.size.depth)
        path = f"page.{self.dialect}"
        text = (
            f"{imported.text}{declared.text}const kept = []¶{CAUGHT * self.calls}{top.text}"
            f"export async function page({parameters.mark}·=·'given') {{\n"
            f"{statements.text}return kept¶}}\n"
        )
        env = Env({}, {}, [])
        for part in (imported, declared, top):
            part.run(env)
        env[parameters] = "given"
        statements.run(env)
        files = {path: text} | ({SHARED[0]: SHARED[1]} if imported.text else {})
        return Page(
            path,
            files,
            self.names,
            self.functions,
            notation.encode([drained(each) for each in env.kept]),
            self.canaries,
            frozenset(self.features),
        )

    def imported(self) -> Part:
        """Perhaps an import."""
        if self.upto(3) != 3:
            return Part("", nothing)
        binding = self.declare(self.scopes[0], "import", "text")

        def run(env: Env) -> None:
            env[binding] = "text of shared"

        return Part(f"import {{ shared as {binding.mark} }} from './{SHARED[0]}'¶", run)

    def top(self) -> Part:
        """Perhaps a server function that no other function is around."""
        if self.upto(3) != 3:
            return Part("", nothing)
        self.features.add("function.unexported")
        binding = self.declare(self.scopes[0], "const", "peer")
        text, make = self.server_function(0, binding.number)
        binding.nature = "function"

        def run(env: Env) -> None:
            env[binding] = make(env)
            env.kept.append(env[binding])

        return Part(f"const {binding.mark}·=·{text}¶kept.push({binding.mark})¶", run)
