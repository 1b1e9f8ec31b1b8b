"""The writer's choices, scopes and bindings: what everything else of a page is written with."""

from __future__ import annotations

import functools
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from conformance.fuzz.generators.programs.meaning import (
    Binding,
    Function,
    Part,
    Scope,
    assigning,
    joined,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.fuzz.generators.programs.size import Size

T = TypeVar("T")
NAMES = ("a", "b", "c", "$", "_", "é", "of", "get")
#: Natures of bindings that hold data.
DATA = ("text", "number", "list", "record", "secret")
#: The clause by which a binding is captured: by what declared it, or else by where it stands.
CAPTURES = {
    "parameter": "capture.scope.parameter",
    "var": "capture.scope.var",
    "catch": "capture.scope.catch",
    "late": "capture.scope.lexical",
}
CAPTURES_IN = {
    "for": "capture.scope.loop",
    "block": "capture.scope.block",
    "switch": "capture.scope.block",
    "function-name": "capture.scope.function",
}


@functools.cache
def below(limit: int) -> st.SearchStrategy[int]:
    """A whole number below `limit`; making a strategy costs more than drawing from it."""
    return st.integers(0, limit - 1)


class ScopeWriter:
    """Declares bindings and uses them; `draw` decides everything."""

    def __init__(self, draw: st.DrawFn, dialect: str, size: Size, *, independent: bool) -> None:
        self.draw = draw
        self.dialect = dialect
        self.size = size
        self.independent = independent
        self.names: dict[int, str] = {}
        self.functions: list[Function] = []
        self.around: list[Function] = []
        self.canaries: list[str] = []
        self.features: set[str] = set()
        self.scopes = [Scope("module")]
        self.may_await = True
        self.count = 0

    # --- choices --------------------------------------------------------------------------------

    def pick(self, options: Sequence[T]) -> T:
        """One of several; the first is the simplest."""
        return options[self.draw(below(len(options)))] if len(options) > 1 else options[0]

    def upto(self, most: int) -> int:
        """A number from 0."""
        return self.draw(below(most + 1))

    def chance(self) -> bool:
        """Yes or no; no is simpler."""
        return self.upto(1) == 1

    def number(self) -> int:
        """A number that no other part of the program has."""
        self.count += 1
        return self.count

    # --- scopes and bindings --------------------------------------------------------------------

    @contextmanager
    def opened(self, kind: str) -> Iterator[Scope]:
        """A scope, while it is written."""
        scope = Scope(kind)
        self.scopes.append(scope)
        yield scope
        assert self.scopes.pop() is scope

    def declare(self, scope: Scope, declared: str, nature: str, *, ready: bool = True) -> Binding:
        """A binding of `scope` under a name that it does not have yet."""
        taken = {each.name for each in scope.bindings}
        free = [name for name in NAMES if name not in taken]
        number = self.number()
        name = self.pick(free) if free else f"more{number}"
        binding = Binding(number, name, scope, declared, nature, ready)
        self.names[number] = name
        scope.bindings.append(binding)
        return binding

    def visible(self, *natures: str) -> list[Binding]:
        """The bindings that their names mean here, and that have their values."""
        found: dict[str, Binding] = {}
        for scope in reversed(self.scopes):
            for binding in scope.bindings:
                found.setdefault(binding.name, binding)
        return [each for each in found.values() if each.ready and each.nature in natures]

    def changeable(self, *constant: str) -> list[Binding]:
        """Data that a statement may change without another call noticing, where none may."""
        return [
            each
            for each in self.visible(*DATA)
            if each.declared not in constant
            and not (self.independent and each.scope.kind == "module")
        ]

    def use(self, binding: Binding) -> str:
        """The text of a use; every server function around it that must, captures it."""
        if binding.scope.kind == "module":
            self.features.add("capture.module-scope")
            return binding.mark
        place = self.scopes.index(binding.scope)
        for function in self.around:
            if binding in function.own:
                self.features.add("capture.self")
            elif place < function.depth and binding.number not in function.captures:
                function.captures.append(binding.number)
                self.features |= self.captured(binding)
        return binding.mark

    def captured(self, binding: Binding) -> set[str]:
        """The features of a capture."""
        how = CAPTURES.get(binding.declared) or CAPTURES_IN.get(binding.scope.kind)
        found = {"capture.outer", how or "capture.scope.lexical"}
        namesakes = [each for scope in self.scopes for each in scope.bindings]
        if sum(each.name == binding.name for each in namesakes) > 1:
            found.add("capture.innermost")
        if len(self.around) > 1:
            found.add("capture.nested")
        return found

    # --- declarations ---------------------------------------------------------------------------

    def literal(self, nature: str) -> tuple[str, Any]:
        """The text and the value of a fresh literal."""
        number = self.number()
        value = {
            "text": f"text {number}",
            "number": number,
            "list": [number, "x"],
            "record": {"k": number},
            "secret": f"canary-{number}-value",
        }[nature]
        if nature == "secret":
            self.canaries.append(str(value))
        return json.dumps(value), value

    def declarations(self, kinds: tuple[str, ...] = ("const", "let", "var")) -> Part:
        """Declarations with initial values, for the innermost scope."""
        if self.scopes[-1].kind not in {"function", "module"}:
            kinds = tuple(kind for kind in kinds if kind != "var")
        return joined(self.declaration(kinds) for _ in range(self.upto(self.size.declarations)))

    def declaration(self, kinds: tuple[str, ...]) -> Part:
        """One declaration, by a name or by a pattern."""
        kind, nature = self.pick(kinds), self.pick(DATA)
        text, value = self.literal(nature)
        binding = self.declare(self.scopes[-1], kind, nature)
        form = self.pick(
            (
                "{kind}·{mark}⟦: unknown⟧·=·{text}¶",
                "{kind}·[{mark}]·=·[{text}]¶",
                "{kind}·{{ key:·{mark} }}·= {{ key: {text} }}¶",
                "{kind} {{ key: {mark}·=·{text} }} = {{}}¶",
                "{kind} {mark}⟦: any⟧={text}⟦ as any⟧¶",
            )
        )
        return assigning(form.format(kind=kind, mark=binding.mark, text=text), binding, value)

    def hiding(self) -> str:
        """The mark of a new binding in a scope of its own."""
        with self.opened("block") as scope:
            return self.declare(scope, "const", "text").mark
