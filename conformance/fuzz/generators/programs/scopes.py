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
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from conformance.fuzz.generators.programs.meaning import Env
    from conformance.fuzz.generators.programs.size import Size

T = TypeVar("T")
NAMES = ("a", "b", "c", "$", "_", "é", "of", "get", "$$ACTION_CLOSURE_BOUND", "$$hoist_encoded")
#: Natures of bindings that hold data, and of those that hold an object.
DATA = ("text", "number", "list", "record", "date", "map", "set", "secret")
OBJECTS = ("list", "record", "date", "map", "set")
#: Natures of bindings that cannot be sent: only a function that stays on the server may use them.
LOCAL = ("class", "plain")
#: Literals of objects, and what they hold, given a number.
LITERALS: Mapping[str, tuple[str, Callable[[int], Any]]] = {
    "list": ('[{0}, "x"]', lambda number: [number, "x"]),
    "record": ('{{"k": {0}}}', lambda number: {"k": number}),
    "date": ("new Date({0})", lambda number: {"time": number}),
    "map": ("new Map([['k', {0}]])", lambda number: {"k": number}),
    "set": ("new Set([{0}])", lambda number: {number: None}),
}
#: Changes of what objects hold, given another number.
CHANGES: Mapping[str, tuple[str, Callable[[Any, int], object]]] = {
    "list": ("X.push({0})", lambda value, number: value.append(number)),
    "record": ("X.k = {0}", lambda value, number: value.update(k=number)),
    "date": ("X.setTime({0})", lambda value, number: value.update(time=number)),
    "map": ("X.set('k', {0})", lambda value, number: value.update(k=number)),
    "set": ("X.add({0})", lambda value, number: value.setdefault(number)),
}
#: The clause by which a binding is captured: by what declared it, or else by where it stands.
CAPTURES = {
    "parameter": "capture.scope.parameter",
    "var": "capture.scope.var",
    "catch": "capture.scope.catch",
    "late": "capture.scope.lexical",
    "class": "capture.scope.class",
    "function": "capture.scope.function",
    "enum": "capture.scope.enum",
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
        #: Whether what is being written stays on the server.
        self.stays = False
        #: What is being written is about this binding, and likely to use it.
        self.about: Binding | None = None
        #: The private names that may be used.
        self.private: list[str] = []
        #: Whether the page calls functions of its own.
        self.calls = False
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
        allowed = {*natures} if self.stays else {*natures} - {*LOCAL}
        return [each for each in found.values() if each.ready and each.nature in allowed]

    def changeable(self, *constant: str) -> list[Binding]:
        """Data that a statement may change without another call noticing, where none may."""
        return [
            each
            for each in self.visible(*DATA)
            if each.declared not in (*constant, "import")
            and not (self.independent and each.scope.kind == "module")
        ]

    def subject(self, found: Sequence[Binding]) -> Binding:
        """One of some bindings: that which the part is about, if it may be."""
        if self.about is not None and self.about in found and not self.chance():
            return self.about
        return self.pick(found)

    def objects(self) -> list[Binding]:
        """Objects whose contents may be changed without another call noticing, where none may."""
        shared = "module" if self.independent else ""
        return [each for each in self.visible(*OBJECTS) if each.scope.kind != shared]

    def use(self, binding: Binding) -> str:
        """The text of a use; every server function around it that must, captures it."""
        if binding.scope.kind == "module":
            self.features.add("capture.module-scope")
            if binding.declared == "import":
                self.features.add("capture.imports")
            for function in self.around:
                function.uses_module = True
            return binding.mark
        place = self.scopes.index(binding.scope)
        for function in self.around:
            if binding in function.own:
                self.features.add("capture.self")
            elif binding.number in function.captures:
                self.features.add("capture.once")
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
        if binding.nature in OBJECTS:
            found |= {"capture.values", "capture.whole", f"capture.values:{binding.nature}"}
        if binding.name.startswith("$$"):
            found.add("function.hygiene")
        return found

    # --- declarations ---------------------------------------------------------------------------

    def literal(self, nature: str) -> tuple[str, Any]:
        """The text and the value of a fresh literal."""
        number = self.number()
        if nature in LITERALS:
            text, holding = LITERALS[nature]
            return text.format(number), holding(number)
        value: Any = {
            "text": f"text {number}",
            "number": number,
            "secret": f"canary-{number}-value",
        }[nature]
        if nature == "secret":
            self.canaries.append(str(value))
        return json.dumps(value), value

    def changing(self, binding: Binding) -> Part:
        """A change of what an object holds."""
        self.about = binding
        number = self.number()
        text, change = CHANGES[binding.nature]
        written = text.format(number).replace("X", self.use(binding))
        return Part(f"{written}¶", lambda env: change(env[binding], number))

    def declarations(self, kinds: tuple[str, ...] = ("const", "let", "var")) -> Part:
        """Declarations with initial values, for the innermost scope."""
        if self.scopes[-1].kind not in {"function", "module"}:
            kinds = tuple(kind for kind in kinds if kind != "var")
        return joined(self.declaration(kinds) for _ in range(self.upto(self.size.declarations)))

    def declaration(self, kinds: tuple[str, ...]) -> Part:
        """One declaration, by a name or by a pattern; or a second name for an object."""
        scope = self.scopes[-1]
        # Of this scope: a name of an outer one may be hidden by what is declared after this.
        objects = [each for each in self.visible(*OBJECTS) if each.scope is scope]
        if objects and self.upto(3) > 1:
            return self.alias(self.pick(kinds), self.pick(objects))
        kind, nature = self.pick(kinds), self.pick(DATA)
        text, value = self.literal(nature)
        binding = self.declare(scope, kind, nature)
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

    def alias(self, kind: str, known: Binding) -> Part:
        """A second name for an object."""
        binding = self.declare(self.scopes[-1], kind, known.nature)
        self.features.add("capture.sharing")

        def run(env: Env) -> None:
            env[binding] = env[known]

        return Part(f"{kind}·{binding.mark}·=·{self.use(known)}¶", run)

    def hiding(self) -> str:
        """The mark of a new binding in a scope of its own."""
        with self.opened("block") as scope:
            return self.declare(scope, "const", "text").mark
