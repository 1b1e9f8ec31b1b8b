"""Strategies for modules of kind none that are full of inline server functions.

`PageWriter` writes statements in the order in which they run, and beside each what it does.
"""

from __future__ import annotations

import copy
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = ("a", "b", "c", "$", "_", "é", "of", "get")
UNDEFINED = {"$": "undefined"}
#: Where a server function may stand: the head of a method if it is one, the expression, its name.
POSITIONS: tuple[tuple[str | None, str, str | None], ...] = (
    (None, "FN", None),
    (None, "(FN)", None),
    (None, "(FN)⟦ as any⟧", None),
    (None, "[FN][0]", None),
    (None, "(true·?·FN·:·null)", None),
    (None, "(null·??·(FN))", None),
    (None, "(x => x)(FN)", None),
    (None, "((x·=·FN) => x)()", "x"),
    (None, "{ save:·FN }.save", "save"),
    (None, "(class·{·static·save·=·FN¶}).save", "save"),
    (None, "new (class { save = FN¶})().save", "save"),
    ("save", "{·async FN·}.save", "save"),
    ("['save']", "{·async FN·}.save", None),
    ("save", "(class·{·static·async FN·}).save", "save"),
)
JSX_POSITIONS = (
    (None, "(<form·action={·FN·}/>).props.action", None),
    (None, "(<p>{·FN·}</p>).props.children", None),
)
#: How deep statements may nest, and how many may stand in one scope.
DEPTH, WIDTH = 2, 3


class Thrown(Exception):  # noqa: N818 - a way for a call to end
    """The server function threw."""


@dataclass(eq=False)
class Scope:
    """Bindings of one scope; `module` scope is never captured."""

    kind: str
    bindings: list[Binding] = field(default_factory=list)


@dataclass(eq=False)
class Binding:
    """One binding. It may be used when it is `ready`; its `nature` says for what."""

    number: int
    name: str
    scope: Scope
    declared: str
    nature: str
    ready: bool = True

    @property
    def mark(self) -> str:
        """What stands for its name in a text."""
        return f"«{self.number}»"


@dataclass
class Env:
    """The values of bindings while the program runs."""

    module: dict[int, Any]
    local: dict[int, Any]
    kept: list[Instance]

    def __getitem__(self, binding: Binding) -> Any:
        return self._values(binding)[binding.number]

    def __setitem__(self, binding: Binding, value: Any) -> None:
        self._values(binding)[binding.number] = value

    def _values(self, binding: Binding) -> dict[int, Any]:
        return self.module if binding.scope.kind == "module" else self.local


class Part(NamedTuple):
    """A piece of text, and what it does or gives."""

    text: str
    run: Callable[[Env], Any]


@dataclass(eq=False)
class Function:
    """One inline server function of the text."""

    named: int | str | None  #: a binding, a text, or no name
    depth: int  #: how many scopes are around it
    own: list[Binding] = field(default_factory=list)  #: names that mean the function itself
    captures: list[int] = field(default_factory=list)

    def described(self, name: Callable[[int], str]) -> dict[str, Any]:
        """What an implementation must say of it."""
        named = name(self.named) if isinstance(self.named, int) else self.named
        captured = [name(each) for each in self.captures]
        return {"where": "inline", "name": named, "captures": captured}


@dataclass(eq=False)
class Instance:
    """A server function object: the function, and the values it captured when it was made."""

    function: Function
    body: Callable[[Env, list[Any]], Any]
    captured: dict[int, Any]
    made_in: Env
    bound: tuple[Any, ...] = ()

    def __deepcopy__(self, memo: object) -> Instance:
        return self

    def call(self, *arguments: Any) -> Any:
        """What a call gives; every call starts from what was captured."""
        env = Env(self.made_in.module, copy.deepcopy(self.captured), [])
        env.local.update((own.number, self) for own in self.function.own)
        return self.body(env, [*self.bound, *arguments])

    def drained(self) -> Any:
        """What the driver of the client makes of it."""
        try:
            result = self.call("first", 2)
        except Thrown:
            return "thrown"
        return result.drained() if isinstance(result, Instance) else result


@dataclass(frozen=True)
class Page:
    """A module of kind none, and what it must give."""

    path: str
    files: dict[str, str]
    names: dict[int, str]
    functions: list[Function]
    results: list[Any]
    canaries: list[str]


class PageWriter:
    """Writes one page; `draw` decides everything."""

    def __init__(self, draw: st.DrawFn, dialect: str, *, independent: bool) -> None:
        self.draw = draw
        self.dialect = dialect
        self.independent = independent
        self.names: dict[int, str] = {}
        self.functions: list[Function] = []
        self.around: list[Function] = []
        self.canaries: list[str] = []
        self.scopes = [Scope("module")]
        self.may_await = True
        self.count = 0

    # --- choices --------------------------------------------------------------------------------

    def pick(self, options: Any) -> Any:
        """One of several."""
        return self.draw(st.sampled_from([*options]))

    def chance(self) -> bool:
        """Yes or no; no is simpler."""
        return self.draw(st.booleans())

    def number(self) -> int:
        """A number that no other part of the program has."""
        self.count += 1
        return self.count

    # --- the whole ------------------------------------------------------------------------------

    def page(self) -> Page:
        """The page, and what a client gets of it."""
        declared = self.declarations(2, kinds=("const", "let"))
        with self.opened("function") as scope:
            parameters = self.declare(scope, "parameter", "text")
            statements = self.statements(DEPTH)
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
        results = [each.drained() for each in env.kept]
        return Page(path, {path: text}, self.names, self.functions, results, self.canaries)

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

    def use(self, binding: Binding) -> str:
        """The text of a use; every server function around it that must, captures it."""
        if binding.scope.kind != "module":
            place = self.scopes.index(binding.scope)
            for function in self.around:
                outside = place < function.depth and binding not in function.own
                if outside and binding.number not in function.captures:
                    function.captures.append(binding.number)
        return binding.mark

    # --- values ---------------------------------------------------------------------------------

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
            self.canaries.append(value)
        return json.dumps(value), value

    def declarations(self, most: int, kinds: tuple[str, ...] = ("const", "let", "var")) -> Part:
        """Declarations with initial values, for the innermost scope."""
        scope = self.scopes[-1]
        if scope.kind not in {"function", "module"}:
            kinds = tuple(kind for kind in kinds if kind != "var")
        parts = []
        for _ in range(self.draw(st.integers(0, most))):
            kind, nature = (
                self.pick(kinds),
                self.pick(("text", "number", "list", "record", "secret")),
            )
            text, value = self.literal(nature)
            binding = self.declare(scope, kind, nature)
            parts.append(self.declaration(kind, binding, text, value))
        return joined(parts)

    def declaration(self, kind: str, binding: Binding, text: str, value: Any) -> Part:
        """One declaration, by a name or by a pattern."""
        forms = (
            "{kind}·{mark}⟦: unknown⟧·=·{text}¶",
            "{kind}·[{mark}]·=·[{text}]¶",
            "{kind}·{{ key:·{mark} }}·= {{ key: {text} }}¶",
            "{kind} {{ key: {mark}·=·{text} }} = {{}}¶",
            "{kind} {mark}⟦: any⟧={text}⟦ as any⟧¶",
        )
        written = self.pick(forms).format(kind=kind, mark=binding.mark, text=text)

        def run(env: Env) -> None:
            env[binding] = copy.deepcopy(value)

        return Part(written, run)

    # --- statements -----------------------------------------------------------------------------

    def statements(self, depth: int) -> Part:
        """The statements of the innermost scope: declarations, then anything."""
        parts = [self.declarations(2)]
        scope = self.scopes[-1]
        late = [
            self.declare(scope, "late", "function", ready=False)
            for _ in range(self.draw(st.integers(0, 2)))
        ]
        for _ in range(self.draw(st.integers(1, WIDTH))):
            parts.append(self.statement(depth, late))
            parts.append(Part("‡", nothing))
        parts += [self.placed_late(each) for each in late]
        return joined(parts)

    def statement(self, depth: int, late: list[Binding]) -> Part:
        """One statement."""
        choices: list[Callable[[], Part]] = [lambda: self.kept(depth)]
        if late:
            choices.append(lambda: self.placed_late(late.pop(0)))
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
            choices += [lambda each=each: each(depth - 1) for each in nested]
        choices.append(self.change)
        if self.dialect in {"ts", "tsx"}:
            choices.append(lambda: Part(f"⟦type T{self.number()} = string[]¶⟧", nothing))
        return self.pick(choices)()

    def change(self) -> Part:
        """An assignment to a variable, or a change of what is in it; no function made before sees it."""
        found = [
            each
            for each in self.visible("text", "number", "list", "record", "secret")
            if each.declared not in {"const", "loop"}
            and not (self.independent and each.scope.kind == "module")
        ]
        if not found:
            return Part(f"void {self.number()}¶", nothing)
        binding = self.pick(found)
        if binding.nature == "list" and self.chance():
            return Part(
                f"{binding.mark}.push('changed')¶", lambda env: env[binding].append("changed")
            )
        text, value = self.literal(binding.nature)

        def run(env: Env) -> None:
            env[binding] = copy.deepcopy(value)

        return Part(f"{binding.mark}·=·{text}¶", run)

    def block(self, depth: int) -> Part:
        with self.opened("block"):
            inside = self.statements(depth)
        before, after = self.pick(
            (("{\n", "}\n"), ("here:·{\n", "break here¶}\n"), ("do·{\n", "} while (false)¶"))
        )
        return Part(before + inside.text + after, inside.run)

    def condition(self, depth: int) -> Part:
        """An `if` of which one branch runs; functions of the other are callable all the same."""
        holds = self.chance()
        with self.opened("block"):
            first = self.statements(depth)
        with self.opened("block"):
            second = self.statements(0)
        text = f"if·({json.dumps(holds)}) {{\n{first.text}}}·else·{{\n{second.text}}}\n"
        return Part(text, first.run if holds else second.run)

    def loop(self, depth: int) -> Part:
        """A loop of two rounds, with a variable of its own for each."""
        head, values = self.pick(
            (
                ("for·(let {0} = 0; {0} < 2; {0}++)·", [0, 1]),
                ("for (const·{0} of [7, 8])·", [7, 8]),
                ("for (const {{ v: {0} }} of [{{ v: 7 }}, {{ v: 8 }}]) ", [7, 8]),
                ("for (const {0} in {{ p: 1, q: 2 }}) ", ["p", "q"]),
                ("for await (const {0} of [5, 6]) ", [5, 6]),
            )
            if self.may_await
            else (("for (let·{0} of·[7, 8])·", [7, 8]),)
        )
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
        with self.opened("switch"):
            inside = self.statements(depth)
        return Part(f"switch (1) {{\ncase·1:\n{inside.text}}}\n", inside.run)

    def static_block(self, depth: int) -> Part:
        before, self.may_await = self.may_await, False
        with self.opened("function"):
            inside = self.statements(depth)
        self.may_await = before
        return Part(f"void class·{{·static·{{\n{inside.text}}}·}}¶", inside.run)

    def calling(self, depth: int) -> Part:
        """A function that is called where it stands."""
        forms = [
            ("void (function ({0}) {{\n{1}}})({2})¶", False),
            ("void (({0}) => {{\n{1}}})({2})¶", False),
            ("void new class {{ constructor({0}) {{\n{1}}} }}({2})¶", False),
            ("void {{ m({0}) {{\n{1}}} }}.m({2})¶", False),
        ]
        if self.may_await:
            forms.append(("await (async ({0}) => {{\n{1}}})({2})¶", True))
            forms.append(("await (async function ({0})·{{\n{1}}})({2})¶", True))
        form, awaits = self.pick(forms)
        before, self.may_await = self.may_await, awaits
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

    # --- where server functions stand -----------------------------------------------------------

    def kept(self, depth: int) -> Part:
        """A server function at some position of an expression, which the page keeps."""
        head, position, named = self.pick(
            POSITIONS + (JSX_POSITIONS if self.dialect in {"jsx", "tsx"} else ())
        )
        text, make = self.server_function(depth, named, head=head)
        written = position.replace("FN", text)
        bound = self.chance()
        if bound:
            written = f"({written}).bind(null,·'bound')"

        def run(env: Env) -> None:
            made = make(env)
            env.kept.append(
                Instance(made.function, made.body, made.captured, env, ("bound",))
                if bound
                else made
            )

        return Part(f"kept.push({written})¶", run)

    def placed_late(self, binding: Binding) -> Part:
        """A server function that a declaration of its own names."""
        form = self.pick(("const", "let", "assigned", "declaration", "hoisted", "default"))
        binding.declared = "const" if form in {"const", "default"} else "let"
        binding.nature = "unset" if form == "assigned" else "self"
        # In the default value of its own pattern the name is not initialized yet.
        binding.ready = form != "default"
        text, make = self.server_function(
            0,
            binding.number,
            own=[] if form in {"assigned", "default"} else [binding],
            declared=binding if form in {"declaration", "hoisted"} else None,
        )
        binding.ready, binding.nature = True, "function"
        mark, keep = binding.mark, f"kept.push({binding.mark})¶"
        written = {
            "const": f"const {mark}⟦: any⟧·=·{text}¶{keep}",
            "let": f"let·{mark} = ({text})¶{keep}",
            "assigned": f"let {mark}⟦: unknown⟧¶{mark} = {text}¶{keep}",
            "declaration": f"{text}\n{keep}",
            "hoisted": f"{keep}{text}\n",
            "default": f"const {{ {mark}·=·{text} }} = {{}}¶{keep}",
        }[form]

        def run(env: Env) -> None:
            env[binding] = UNDEFINED
            env[binding] = make(env)
            env.kept.append(env[binding])

        return Part(written, run)

    # --- server functions -----------------------------------------------------------------------

    def server_function(
        self,
        depth: int,
        named: int | str | None,
        *,
        own: list[Binding] | None = None,
        declared: Binding | None = None,
        head: str | None = None,
    ) -> tuple[str, Callable[[Env], Instance]]:
        """The text of a server function, and how an object of it is made.

        It is a declaration of `declared`, a method that begins with `head`, or an expression.
        """
        function = Function(named, len(self.scopes), own or [])
        self.functions.append(function)
        self.around.append(function)
        before, self.may_await = self.may_await, True
        arrow = head is None and declared is None and self.chance()
        with self.opened("function-name") as around:
            start = "async " if arrow else f"async function·{declared.mark if declared else ''}"
            if head is not None:
                start = head
            elif not arrow and declared is None and self.chance():
                itself = self.declare(around, "const", "self")
                function.own.append(itself)
                function.named = itself.number
                start += itself.mark
            with self.opened("function") as scope:
                parameters, receive, simple = self.parameters(scope)
                body = self.body(depth, simple=simple)
        self.may_await = before
        self.around.pop()
        arrows = " =>·" if arrow else "·"
        text = f"{start}({parameters})⟦: Promise<any>⟧{arrows}{body.text}"

        def carry_out(env: Env, arguments: list[Any]) -> Any:
            receive(env, arguments)
            return body.run(env)

        def make(env: Env) -> Instance:
            captured = {each: copy.deepcopy(env.local[each]) for each in function.captures}
            return Instance(function, carry_out, captured, env)

        return text, make

    def parameters(self, scope: Scope) -> tuple[str, Callable[[Env, list[Any]], None], bool]:
        """Parameters, what they receive, and whether all of them are plain names."""
        count = self.draw(st.integers(0, 3))
        found = [self.declare(scope, "parameter", "any", ready=False) for _ in range(count)]
        texts, simple = list[str](), True
        taking: list[Callable[[Env, list[Any]], None]] = []
        for place, binding in enumerate(found):
            forms = [self.plain, self.defaulted, self.taken_apart]
            if place == count - 1:
                forms.append(self.rest)
            form = self.pick(forms)
            simple = simple and form == self.plain
            text, take = form(binding, place)
            binding.ready = True
            texts.append(text)
            taking.append(take)

        def receive(env: Env, arguments: list[Any]) -> None:
            for take in taking:
                take(env, arguments)

        return ",·".join(texts), receive, simple

    def plain(self, binding: Binding, place: int) -> tuple[str, Callable[[Env, list[Any]], None]]:
        def take(env: Env, arguments: list[Any]) -> None:
            env[binding] = argument(arguments, place)

        return f"{binding.mark}⟦: any⟧", take

    def defaulted(
        self, binding: Binding, place: int
    ) -> tuple[str, Callable[[Env, list[Any]], None]]:
        default = self.value(awaits=False)

        def take(env: Env, arguments: list[Any]) -> None:
            given = argument(arguments, place)
            env[binding] = default.run(env) if given == UNDEFINED else given

        return f"{binding.mark}·=·{default.text}", take

    def taken_apart(
        self, binding: Binding, place: int
    ) -> tuple[str, Callable[[Env, list[Any]], None]]:
        def take(env: Env, arguments: list[Any]) -> None:
            given = argument(arguments, place)
            env[binding] = len(given) if isinstance(given, str) else UNDEFINED

        return f"{{ length: {binding.mark} }} = {{}}", take

    def rest(self, binding: Binding, place: int) -> tuple[str, Callable[[Env, list[Any]], None]]:
        binding.nature = "list"

        def take(env: Env, arguments: list[Any]) -> None:
            env[binding] = arguments[place:]

        return f"...{binding.mark}", take

    def body(self, depth: int, *, simple: bool) -> Part:
        """The body of a server function."""
        canary = f"canary-{self.number()}-body"
        self.canaries.append(canary)
        others = ["", "'use other'¶", "'use server'¶"] + (["'use strict'¶"] if simple else [])
        directives = f"{self.pick(others)}'use server'¶"
        parts = [self.declarations(2)]
        parts += [self.inside() for _ in range(self.draw(st.integers(0, 2)))]
        steps = joined(parts)
        ending = self.pick(("values", "values", "values", "throw", "function"))
        if ending == "throw":
            last = Part(f"throw·new Error('{canary}')".replace("throw·", "throw "), throw)
        elif ending == "function" and depth > 0:
            text, make = self.server_function(depth - 1, None)
            last = Part(f"return {text}", make)
        else:
            values = [self.value() for _ in range(self.draw(st.integers(1, 4)))]
            text = ",·".join(each.text for each in values)
            last = Part(f"return [{text}]", lambda env: [each.run(env) for each in values])

        def run(env: Env) -> Any:
            steps.run(env)
            return last.run(env)

        return Part(f"{{·{directives}{steps.text}{last.text}¶/* {canary} */·}}", run)

    def inside(self) -> Part:
        """A statement of a server function."""
        found = [
            each
            for each in self.visible("text", "number", "list", "record", "secret")
            if each.declared != "const" and not (self.independent and each.scope.kind == "module")
        ]
        choices = ["wait", "hide"] + (["write"] * 2 if found else [])
        match self.pick(choices):
            case "wait":
                milliseconds = self.draw(st.integers(0, 5))
                return Part(
                    f"await new Promise(done => setTimeout(done, {milliseconds}))¶", nothing
                )
            case "hide":
                # An inner binding of the name that an outer one has: no use of the outer one.
                name = self.hiding()
                return Part(f"{{·const·{name} = 'canary-hidden'¶void {name}¶}}\n", nothing)
        binding = self.pick(found)
        if binding.nature == "list":
            mark = self.use(binding)
            return Part(f"{mark}.push('pushed')¶", lambda env: env[binding].append("pushed"))
        text, value = self.literal(binding.nature)

        def run(env: Env) -> None:
            env[binding] = copy.deepcopy(value)

        return Part(f"{self.use(binding)}·=·{text}¶", run)

    def hiding(self) -> str:
        """The mark of a new binding in a scope of its own."""
        with self.opened("block") as scope:
            return self.declare(scope, "const", "text").mark

    def value(self, *, awaits: bool = True) -> Part:
        """An expression of a server function, and what it gives. It uses a binding, or seems to.

        In parameters nothing may be awaited.
        """
        found = self.visible(*USES)
        if not found or self.draw(st.integers(0, 5)) == 0:
            hidden, number = self.hiding(), self.number()
            form = self.pick(
                ("{{ {0}: {1} }}.{0}", "(({0}) =>·{0})({1})", "(function {0}() {{ return {1} }})()")
            )
            return Part(form.format(hidden, number), lambda _: number)
        binding = self.pick(found)
        uses = USES[binding.nature] + CONSTANT_USES * (binding.declared == "const")
        form, give = self.pick([use for use in uses if awaits or "await" not in use[0]])
        mark = self.use(binding)
        return Part(form.replace("X", mark), lambda env: give(env[binding]))


def argument(arguments: list[Any], place: int) -> Any:
    """What a parameter receives."""
    return arguments[place] if place < len(arguments) else UNDEFINED


def nothing(_: Env) -> None:
    """Do nothing."""


def throw(_: Env) -> Any:
    """End the call."""
    raise Thrown


def joined(parts: list[Part]) -> Part:
    """One part after another."""

    def run(env: Env) -> None:
        for part in parts:
            part.run(env)

    return Part("".join(part.text for part in parts), run)


Use = tuple[str, "Callable[[Any], Any]"]


def same(value: Any) -> Any:
    return value


#: Uses that give the value itself, whatever it is.
WHOLE: tuple[Use, ...] = (
    ("X", same),
    ("(X)", same),
    ("(() =>·X)()", same),
    ("(function () { return X })()", same),
    ("((x·=·X) =>·x)()", same),
    ("[X][0]", same),
    ("({ X }).X", same),
    ("(class·{ static v·=·X }).v", same),
    ("{ get v() { return X } }.v", same),
    ("(await X)", same),
    ("X⟦ as unknown⟧", same),
    ("(() => { const v⟦: typeof X⟧ = X¶ return v¶})()", same),
)

#: What may be done with a binding of each nature: the text, with `X` for the name, and the result.
USES: dict[str, tuple[Use, ...]] = {
    "any": (("X", same),),
    "text": (
        *WHOLE,
        ("typeof X", lambda _: "string"),
        ("`${X}`", same),
        ("`< ${`${·X·}`} >`", lambda value: f"< {value} >"),
        ("X.length", len),
        ("X?.length", len),
        ("X['length']", len),
        ("(({ length }) =>·length)(X)", len),
        ("({ [X]: 1 })[X]", lambda _: 1),
    ),
    "number": (
        *WHOLE,
        ("X + 1", lambda value: value + 1),
        ("-X", lambda value: -value),
        ("typeof X", lambda _: "number"),
        ("X.X", lambda _: UNDEFINED),
    ),
    "list": (
        ("[...X]", [].__add__),
        ("X.length", len),
        ("X.map(x => x)", same),
        ("(([...x]) => x)(X)", same),
    ),
    "record": (
        ("X.k", lambda value: value["k"]),
        ("{ ...X }", same),
        ("(({ k }) => k)(X)", lambda value: value["k"]),
        ("X?.X", lambda _: UNDEFINED),
    ),
    "secret": (
        ("typeof X", lambda _: "string"),
        ("X.length > 5", lambda _: True),
        ("(X ? 1 : 2)", lambda _: 1),
    ),
    "function": (("typeof X", lambda _: "function"),),
    "self": (("typeof X", lambda _: "function"),),
    "unset": (("typeof X", lambda _: "undefined"),),
}
#: An assignment to a constant throws when it is carried out. Clause: capture.write.const.
CONSTANT_USES: tuple[Use, ...] = (
    ("(() => { try { X = 1¶} catch (error) { return error.name } })()", lambda _: "TypeError"),
)
