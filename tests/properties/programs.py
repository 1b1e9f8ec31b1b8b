"""Strategies for server-function programs about which everything is known when they are made.

Rules of this module:

* A program is assembled from parts. Each part is a text and what it does: a Python function over
  an environment, keyed by binding, not by name. What a program must give is found by running
  those functions; the reference is never asked.
* Bindings are numbered; names are given to them when the program is written, so that the same
  program can be written with much shadowing or with none (`Program.files`).
* Every binding of a scope is known when the scope opens. One that is initialized later hides the
  outer bindings of its name from the beginning, and is used only afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.properties.actions import Actions, actions
from tests.properties.pages import Page, PageWriter
from tests.properties.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a client does with a page: it calls every function it was given, and every function that
#: such a call gives it.
DRIVER = """
const drain = async value => {
  if (typeof value !== 'function') return value
  try { return await drain(await value('first', 2)) } catch { return 'thrown' }
}
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
    entry: str = field(init=False)
    results: list[Any] = field(init=False)
    canaries: list[str] = field(init=False)
    exposes: list[str] = field(init=False)

    def __post_init__(self) -> None:
        give = object.__setattr__
        made = self.actions
        give(self, "entry", f"{self.page.path}#page")
        give(self, "results", [*self.page.results, *(made.results if made else [])])
        give(self, "canaries", [*self.page.canaries, *(made.canaries if made else [])])
        inline = [f"{self.page.path}#(inline)"] * len(self.page.functions)
        give(self, "exposes", sorted([*inline, *(made.exposes if made else [])]))

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
            return f"const own = []{DRIVER}"
        names = ", ".join(f"actions[{name}]" for name in self.actions.calls)
        imported = f"import * as actions from './{self.actions.path}'"
        return f"{imported}\nconst own = [{names}]{DRIVER}"

    def compiled(self, name: Callable[[int], str] | None = None) -> dict[str, list[dict[str, Any]]]:
        """The server functions of each module, in source order."""
        of = name or self.name
        made = {self.page.path: [function.described(of) for function in self.page.functions]}
        if self.actions is not None:
            made[self.actions.path] = self.actions.functions
        return made


@st.composite
def programs(
    draw: st.DrawFn, *, dialects: str = "js jsx ts tsx", independent: bool = False
) -> Program:
    """A program; when `independent`, no call of it can notice another."""
    dialect = draw(st.sampled_from(dialects.split()))
    page = PageWriter(draw, dialect, independent=independent).page()
    made = draw(st.none() | actions(dialect))
    return Program(page, made)
