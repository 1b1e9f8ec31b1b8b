"""Statements around server functions: blocks, branches, loops, functions called where they stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.fuzz.generators.programs.functions import FunctionWriter
from conformance.fuzz.generators.programs.meaning import (
    UNDEFINED,
    Instance,
    Part,
    assigning,
    joined,
    nothing,
)
from conformance.fuzz.generators.programs.positions import JSX_POSITIONS, POSITIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from conformance.fuzz.generators.programs.meaning import Binding, Env

LOOPS: tuple[tuple[str, list[Any]], ...] = (
    ("for·(let {0} = 0; {0} < 2; {0}++)·", [0, 1]),
    ("for (const·{0} of [7, 8])·", [7, 8]),
    ("for (const {{ v: {0} }} of [{{ v: 7 }}, {{ v: 8 }}]) ", [7, 8]),
    ("for (const {0} in {{ p: 1, q: 2 }}) ", ["p", "q"]),
    ("for await (const {0} of [5, 6]) ", [5, 6]),
)
LOOPS_WITHOUT_AWAIT: tuple[tuple[str, list[Any]], ...] = (("for (let·{0} of·[7, 8])·", [7, 8]),)
BLOCKS = (("{\n", "}\n"), ("here:·{\n", "break here¶}\n"), ("do·{\n", "} while (false)¶"))
CALLED = (
    "void (function ({0}) {{\n{1}}})({2})¶",
    "void (({0}) => {{\n{1}}})({2})¶",
    "void new class {{ constructor({0}) {{\n{1}}} }}({2})¶",
    "void {{ m({0}) {{\n{1}}} }}.m({2})¶",
)
CALLED_AND_AWAITED = (
    "await (async ({0}) => {{\n{1}}})({2})¶",
    "await (async function ({0})·{{\n{1}}})({2})¶",
)
#: How a declaration names a server function, with the clause that is about it.
NAMED = {
    "const": "capture.self.variable",
    "let": "capture.self.variable",
    "assigned": "capture.outer",
    "declaration": "function.form.declaration",
    "hoisted": "function.hoisted",
    "default": "function.form.position",
}


class StatementWriter(FunctionWriter):
    """Writes statements in the order in which they run, and beside each what it does."""

    def statements(self, depth: int) -> Part:
        """The statements of the innermost scope: declarations, then anything."""
        parts = [self.declarations()]
        scope = self.scopes[-1]
        late = [
            self.declare(scope, "late", "function", ready=False)
            for _ in range(self.upto(self.size.named))
        ]
        for _ in range(1 + self.upto(self.size.width - 1)):
            parts.append(self.statement(depth, late))
            parts.append(Part("‡", nothing))
        parts += [self.placed_late(each) for each in late]
        return joined(parts)

    def statement(self, depth: int, late: list[Binding]) -> Part:
        """One statement."""
        # The simplest statement is none, so that a program can be made as small as it has to be.
        kinds: list[list[Callable[[], Part]]] = [[lambda: Part("", nothing)]]
        kinds += [[lambda: self.kept(depth)]] * 2
        if late:
            kinds.append([lambda: self.placed_late(late.pop(0))])
        if depth > 0:
            nested = (
                self.block,
                self.condition,
                self.loop,
                self.catching,
                self.switch,
                self.calling,
                self.static_block,
            )
            kinds += [[lambda each=each: each(depth - 1) for each in nested]] * 2  # type: ignore[misc]  # a default argument binds it
        kinds.append([self.change])
        if self.dialect in {"ts", "tsx"}:
            kinds[-1].append(lambda: Part(f"⟦type T{self.number()} = string[]¶⟧", nothing))
        if others := self.others():
            kinds += [others] * 3
        return self.pick(self.pick(kinds))()

    def others(self) -> list[Callable[[], Part]]:
        """More kinds of statements."""
        return []

    def change(self, among: Collection[int] | None = None) -> Part:
        """An assignment to a variable, or a change of what is in it; no function made before sees it.

        `among`: the bindings of which it may be one, if not all.
        """
        found, objects = (
            [each for each in bindings if among is None or each.number in among]
            for bindings in (self.changeable("const", "loop"), self.objects())
        )
        if objects and (not found or self.chance()):
            self.features |= {"capture.contents", "capture.snapshot"}
            return self.changing(self.pick(objects))
        if not found:
            return Part("", nothing)
        binding = self.pick(found)
        self.features.add("capture.at-creation")
        text, value = self.literal(binding.nature)
        return assigning(f"{binding.mark}·=·{text}¶", binding, value)

    # --- statements with statements inside ------------------------------------------------------

    def block(self, depth: int) -> Part:
        """A block, labelled or repeated once."""
        with self.opened("block"):
            inside = self.statements(depth)
        before, after = self.pick(BLOCKS)
        return Part(before + inside.text + after, inside.run)

    def condition(self, depth: int) -> Part:
        """An `if` of which one branch runs; functions of the other are callable all the same."""
        self.features.add("registry.static")
        holds = self.chance()
        with self.opened("block"):
            first = self.statements(depth)
        with self.opened("block"):
            second = self.statements(0)
        text = f"if·({json.dumps(holds)}) {{\n{first.text}}}·else·{{\n{second.text}}}\n"
        return Part(text, first.run if holds else second.run)

    def loop(self, depth: int) -> Part:
        """A loop of two rounds, with a variable of its own for each."""
        self.features.add("capture.per-creation")
        head, values = self.pick(LOOPS if self.may_await else LOOPS_WITHOUT_AWAIT)
        with self.opened("for") as scope:
            nature = "number" if isinstance(values[0], int) else "text"
            # A loop whose head counts would never end if the body gave its variable another value.
            binding = self.declare(scope, "loop" if "let" in head else "const", nature)
            with self.opened("block"):
                inside = self.statements(depth)

        def run(env: Env) -> None:
            for value in values:
                env[binding] = value
                inside.run(env)

        return Part(f"{head.format(binding.mark)}{{\n{inside.text}}}\n", run)

    def catching(self, depth: int) -> Part:
        """A handler that runs, with what it caught."""
        text, value = self.literal("text")
        with self.opened("catch") as scope:
            binding = self.declare(scope, "catch", "text")
            with self.opened("block") as body:
                # A `let` of the block may not have the name of the parameter.
                body.bindings.append(binding)
                inside = self.statements(depth)
                body.bindings.remove(binding)

        def run(env: Env) -> None:
            env[binding] = value
            inside.run(env)

        head, thrown = self.pick((("{0}", "{1}"), ("{{ message: {0} }}", "new Error({1})")))
        thrown, head = thrown.format("", text), head.format(binding.mark)
        return Part(f"try·{{ throw {thrown}¶}}·catch·({head}) {{\n{inside.text}}}\n", run)

    def switch(self, depth: int) -> Part:
        """A switch with one clause."""
        with self.opened("switch"):
            inside = self.statements(depth)
        return Part(f"switch (1) {{\ncase·1:\n{inside.text}}}\n", inside.run)

    def static_block(self, depth: int) -> Part:
        """A static block of a class."""
        self.features.add("directive.static-block")
        before, self.may_await = self.may_await, False
        with self.opened("function"):
            inside = self.statements(depth)
        self.may_await = before
        return Part(f"void class·{{·static·{{\n{inside.text}}}·}}¶", inside.run)

    def calling(self, depth: int) -> Part:
        """A function that is called where it stands."""
        form = self.pick(CALLED + CALLED_AND_AWAITED if self.may_await else CALLED)
        before, self.may_await = self.may_await, form in CALLED_AND_AWAITED
        text, value = self.literal("text")
        with self.opened("function") as scope:
            binding = self.declare(scope, "parameter", "text")
            inside = self.statements(depth)
        self.may_await = before

        def run(env: Env) -> None:
            env[binding] = value
            inside.run(env)

        parameter, argument = self.pick(
            (
                (f"{binding.mark}⟦: string⟧", text),
                (f"{binding.mark} = {text}", ""),
                (f"[{binding.mark}]", f"[{text}]"),
                (f"{{ p: {binding.mark} = {text} }}", "{}"),
            )
        )
        return Part(form.format(parameter, inside.text, argument), run)

    # --- statements that keep a server function -------------------------------------------------

    def kept(self, depth: int) -> Part:
        """A server function at some position of an expression, which the page keeps."""
        position = self.pick(POSITIONS + (JSX_POSITIONS if self.dialect in {"jsx", "tsx"} else ()))
        self.features |= {position.clause, f"{position.clause}:{position.text}"}
        self.private += [position.private] if position.private else []
        text, make = self.server_function(depth, position.named, head=position.head)
        if position.private:
            self.private.pop()
        written = position.text.replace("FN", text)
        bound = self.chance()
        if bound:
            self.features.add("reference.bind")
            written = f"({written}).bind(null,·'bound')"

        def run(env: Env) -> None:
            made = make(env)
            given = ("bound",) if bound else ()
            env.kept.append(Instance(made.function, made.body, made.captured, env, given))

        return Part(f"kept.push({written})¶", run)

    def placed_late(self, binding: Binding) -> Part:
        """A server function that a declaration of its own names."""
        form = self.pick([*NAMED])
        self.features.add(NAMED[form])
        if form in {"declaration", "hoisted"}:
            first = "reached" if form == "declaration" else "first-read"
            self.features.add(f"capture.declaration.{first}")
        binding.declared = "const" if form in {"const", "default"} else "let"
        binding.nature = "unset" if form == "assigned" else "self"
        # In the default value of its own pattern the name is not initialized yet.
        binding.ready = form != "default"
        place = len(self.functions)
        text, make = self.server_function(
            0,
            binding.number,
            own=[] if form in {"assigned", "default"} else [binding],
            declared=binding if form in {"declaration", "hoisted"} else None,
        )
        binding.ready, binding.nature = True, "function"
        mark, keep = binding.mark, f"kept.push({binding.mark})¶"
        # Every read of the name yields the same function.
        again = self.chance()
        if again:
            self.features.add("capture.declaration.once")
            keep = f"kept.push({mark} === {mark})¶{keep}"
        # Before the function is made, for a declaration that control reaches; after that otherwise.
        change = self.change(among=self.functions[place].captures)
        written = {
            "const": f"const {mark}⟦: any⟧·=·{text}¶{change.text}{keep}",
            "let": f"let·{mark} = ({text})¶{change.text}{keep}",
            "assigned": f"let {mark}⟦: unknown⟧¶{mark} = {text}¶{change.text}{keep}",
            "declaration": f"{change.text}{text}\n{keep}",
            "hoisted": f"{keep}{change.text}{text}\n",
            "default": f"const {{ {mark}·=·{text} }} = {{}}¶{change.text}{keep}",
        }[form]

        def run(env: Env) -> None:
            env[binding] = UNDEFINED
            if form == "declaration":
                change.run(env)
            env[binding] = make(env)
            env.kept += [True] * again + [env[binding]]
            if form != "declaration":
                change.run(env)

        return Part(written, run)
