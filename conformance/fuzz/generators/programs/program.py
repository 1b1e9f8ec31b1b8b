"""A program: a page, perhaps a server module, and a client that calls whatever it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.fuzz.generators.programs.actions import actions
from conformance.fuzz.generators.programs.page import PageWriter
from conformance.fuzz.generators.programs.size import Size
from conformance.fuzz.generators.programs.writing import Writing

if TYPE_CHECKING:
    from conformance.fuzz.generators.programs.actions import Actions
    from conformance.fuzz.generators.programs.page import Page

#: How something is drawn: `st.DrawFn`, or the `draw` of `st.data()`.
Draw = Callable[[st.SearchStrategy[Any]], Any]

#: What a client does with a page: it calls every function it was given, and every function that
#: such a call gives it.
DRIVER = """const drain = async f => typeof f === 'function' ? drain(await f('first', 2).catch(failed)) : f
const failed = () => 'thrown'
export default async (page = []) => {
  const results = []
  for (const each of [...page, ...own]) results.push(await drain(each))
  return results
}
"""


@dataclass(frozen=True)
class Program:
    """A project, and what an implementation must say of it."""

    page: Page
    actions: Actions | None

    @property
    def entry(self) -> str:
        """The export that is rendered."""
        return f"{self.page.path}#page"

    @property
    def results(self) -> list[Any]:
        """What the client program ends with."""
        return [*self.page.results, *(self.actions.results if self.actions else [])]

    @property
    def canaries(self) -> list[str]:
        """Texts that must not leave the server."""
        return [*self.page.canaries, *(self.actions.canaries if self.actions else [])]

    @property
    def exposes(self) -> list[str]:
        """The functions that are callable."""
        inline = [f"{self.page.path}#(inline)"] * len(self.page.functions)
        return sorted([*inline, *(self.actions.exposes if self.actions else [])])

    @cached_property
    def features(self) -> frozenset[str]:
        """The clauses that it exercises."""
        return self.page.features | (self.actions.features if self.actions else set())

    def name(self, binding: int) -> str:
        """The name of a binding as the program was made: names are few, and hide each other."""
        return self.page.names[binding]

    def files(self, writing: Writing | None = None) -> dict[str, str]:
        """The files, written in some way."""
        writing = writing or Writing(self.name)
        made = {path: writing.write(text) for path, text in self.page.files.items()}
        if self.actions is not None:
            made |= {path: writing.write(text) for path, text in self.actions.files.items()}
        return made

    def client(self) -> str:
        """The client program."""
        if self.actions is None:
            return DRIVER.replace(", ...own", "")
        names = ", ".join(f"actions[{name}]" for name in self.actions.calls)
        imported = f"import * as actions from './{self.actions.path}'"
        return f"{imported}\nconst own = [{names}]\n{DRIVER}"

    def compiled(self, name: Callable[[int], str] | None = None) -> dict[str, list[dict[str, Any]]]:
        """The server functions of each module, in source order."""
        of = name or self.name
        made = {self.page.path: [function.described(of) for function in self.page.functions]}
        if self.actions is not None:
            made[self.actions.path] = self.actions.functions
        return made


@st.composite
def programs(
    draw: st.DrawFn,
    *,
    dialects: str = "js jsx ts tsx",
    independent: bool = False,
    size: Size = Size(),  # noqa: B008  (immutable)
) -> Program:
    """A program; when `independent`, no call of it can notice another."""
    dialect = draw(st.sampled_from(dialects.split()))
    page = PageWriter(draw, dialect, size, independent=independent).page()
    made = draw(st.none() | actions(dialect))
    return Program(page, made)
