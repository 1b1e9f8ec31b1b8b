"""Server functions: their parameters, their bodies, and what they do with what they can see."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from conformance.fuzz.generators.programs.meaning import (
    UNDEFINED,
    Function,
    Instance,
    Part,
    argument,
    assigning,
    joined,
    nothing,
    throw,
)
from conformance.fuzz.generators.programs.scopes import OBJECTS, ScopeWriter
from conformance.fuzz.generators.programs.uses import (
    CALLED,
    CONSTANT_USES,
    GLOBALS,
    HIDDEN_USES,
    USES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.fuzz.generators.programs.meaning import Binding, Env, Scope

#: What may stand beside the directive of a function, and the clause it exercises.
BESIDE = {
    "": "function.inline",
    "'use other'¶": "directive.before.directives",
    "'use server'¶": "directive.repeated",
    "'use strict'¶": "directive.use-strict",
}


#: What is added to a text or a number.
MORE: Mapping[str, tuple[str, Any]] = {"text": ("' and more'", " and more"), "number": ("100", 100)}


class FunctionWriter(ScopeWriter):
    """Writes server functions."""

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
        if self.around:
            self.features.add("function.nested")
        self.around.append(function)
        before, self.may_await = self.may_await, True
        arrow = head is None and declared is None and self.chance()
        with self.opened("function-name") as around:
            start = head or self.start(function, around, declared, arrow=arrow)
            with self.opened("function") as scope:
                parameters, receive, simple = self.parameters(scope)
                body = self.body(depth, simple=simple)
        self.may_await = before
        self.around.pop()
        if len(function.captures) > 1:
            self.features.add("capture.arguments")
        arrows = " =>·" if arrow else "·"
        text = f"{start}({parameters})⟦: Promise<any>⟧{arrows}{body.text}"

        def carry_out(env: Env, arguments: list[Any]) -> Any:
            receive(env, arguments)
            return body.run(env)

        def make(env: Env) -> Instance:
            captured = copy.deepcopy({each: env.local[each] for each in function.captures})
            return Instance(function, carry_out, captured, env)

        return text, make

    def start(
        self, function: Function, around: Scope, declared: Binding | None, *, arrow: bool
    ) -> str:
        """How a function that is no method begins; an expression may have a name of its own."""
        if arrow:
            self.features.add("function.form.arrow")
            return "async "
        if declared is not None:
            self.features.add("function.form.declaration")
            return f"async function·{declared.mark}"
        if not self.chance():
            return "async function·"
        itself = self.declare(around, "const", "self")
        function.own.append(itself)
        function.named = itself.number
        self.features.add("function.name")
        return f"async function·{itself.mark}"

    # --- parameters -----------------------------------------------------------------------------

    def parameters(self, scope: Scope) -> tuple[str, Callable[[Env, list[Any]], None], bool]:
        """Parameters, what they receive, and whether all of them are plain names."""
        count = self.upto(3)
        outer = {each.name for each in self.visible(*USES) if each.scope.kind != "module"}
        found = [self.declare(scope, "parameter", "any", ready=False) for _ in range(count)]
        if any(each.name in outer for each in found):
            self.features.add("capture.own")
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
        """A name."""

        def take(env: Env, arguments: list[Any]) -> None:
            env[binding] = argument(arguments, place)

        return f"{binding.mark}⟦: any⟧", take

    def defaulted(
        self, binding: Binding, place: int
    ) -> tuple[str, Callable[[Env, list[Any]], None]]:
        """A name with a default value."""
        self.features.add("capture.uses:default")
        default = self.value(awaits=False)

        def take(env: Env, arguments: list[Any]) -> None:
            given = argument(arguments, place)
            env[binding] = default.run(env) if given == UNDEFINED else given

        return f"{binding.mark}·=·{default.text}", take

    def taken_apart(
        self, binding: Binding, place: int
    ) -> tuple[str, Callable[[Env, list[Any]], None]]:
        """A pattern."""

        def take(env: Env, arguments: list[Any]) -> None:
            given = argument(arguments, place)
            env[binding] = len(given) if isinstance(given, str | list) else UNDEFINED

        return f"{{ length: {binding.mark} }} = {{}}", take

    def rest(self, binding: Binding, place: int) -> tuple[str, Callable[[Env, list[Any]], None]]:
        """Whatever is left."""
        binding.nature = "list"

        def take(env: Env, arguments: list[Any]) -> None:
            env[binding] = arguments[place:]

        return f"...{binding.mark}", take

    # --- bodies ---------------------------------------------------------------------------------

    def body(self, depth: int, *, simple: bool) -> Part:
        """The body of a server function."""
        canary = f"canary-{self.number()}-body"
        self.canaries.append(canary)
        # In strict mode only functions with simple parameters may say so.
        beside = self.pick([*BESIDE] if simple else [*BESIDE][:-1])
        self.features.add(BESIDE[beside])
        parts = [self.declarations()]
        parts += [self.inside() for _ in range(self.upto(2))]
        steps = joined(parts)
        last = self.ending(depth, canary)

        def run(env: Env) -> Any:
            steps.run(env)
            return last.run(env)

        text = f"{{·{beside}'use server'¶{steps.text}{last.text}¶/* {canary} */·}}"
        return Part(text, run)

    def ending(self, depth: int, canary: str) -> Part:
        """How a body ends: with values, with another function, or by throwing."""
        match self.pick(("values", "values", "values", "throw", "function")):
            case "throw":
                self.features.add("call.error.redacted")
                return Part(f"throw new Error('{canary}')", throw)
            case "function" if depth > 0:
                text, make = self.server_function(depth - 1, None)
                self.features.add("call.result.reference")
                return Part(f"return {text}", make)
        values = [self.value() for _ in range(1 + self.upto(self.size.values - 1))]
        text = ",·".join(each.text for each in values)
        return Part(f"return [{text}]", lambda env: [each.run(env) for each in values])

    def inside(self) -> Part:
        """A statement of a server function."""
        found, objects = self.changeable("const"), self.objects()
        ways = (
            ["wait", "hide"]
            + (["write"] * 2 if found else [])
            + (["change"] * 2 if objects else [])
        )
        match self.pick(ways):
            case "wait":
                milliseconds = self.upto(5)
                text = f"await new Promise(done => setTimeout(done, {milliseconds}))¶"
                return Part(text, nothing)
            case "hide":
                # An inner binding of the name that an outer one has: no use of the outer one.
                self.features.add("capture.unused")
                name = self.hiding()
                return Part(f"{{·const·{name} = 'canary-hidden'¶void {name}¶}}\n", nothing)
            case "change":
                self.features |= {"capture.contents", "capture.fresh"}
                return self.changing(self.pick(objects))
        binding = self.pick(found)
        self.features |= {"capture.write", "capture.write.outer"}
        mark = self.use(binding)
        self.about = binding
        if binding.nature in MORE and self.chance():
            return self.adding(mark, binding)
        text, value = self.literal(binding.nature)
        return assigning(f"{mark}·=·{text}¶", binding, value)

    def adding(self, mark: str, binding: Binding) -> Part:
        """An assignment that adds to the value."""
        text, more = MORE[binding.nature]

        def run(env: Env) -> None:
            env[binding] += more

        return Part(f"{mark}·+=·{text}¶", run)

    def value(self, *, awaits: bool = True) -> Part:
        """An expression of a server function, and what it gives. It uses a binding, or seems to.

        In parameters nothing may be awaited.
        """
        found = self.visible(*USES)
        if not found or self.upto(5) == 0:
            hidden, number = self.hiding(), self.number()
            self.features.add("capture.not-uses")
            return Part(self.pick(HIDDEN_USES).format(hidden, number), lambda _: number)
        about = self.about if self.about in found and self.upto(3) < 3 else None
        if about is None and (other := self.unusual(found)):
            return other
        if about is not None and about.nature in OBJECTS and self.upto(2) == 2:
            return self.comparison(about)
        binding = about or self.pick(found)
        constant = binding.declared == "const"
        uses = USES[binding.nature] + CONSTANT_USES * constant
        form, give = self.pick([use for use in uses if awaits or "await" not in use[0]])
        if (form, give) in CONSTANT_USES:
            self.features.add("capture.write.const")
        if (form, give) == CALLED:
            self.features.add("capture.references")
            for function in self.around:
                function.uses_module = True
        self.features.add(f"capture.uses:{form}")
        mark = self.use(binding)
        return Part(form.replace("X", mark), lambda env: give(env[binding]))

    def unusual(self, found: Sequence[Binding]) -> Part | None:
        """Perhaps a value that is not simply that of a binding."""
        objects = [each for each in found if each.nature in OBJECTS]
        if objects and self.upto(3) == 3:
            return self.comparison(self.subject(objects))
        if self.upto(9) == 9:
            text, value = self.pick(GLOBALS)
            self.features |= {"capture.globals", f"capture.globals:{text}"}
            return Part(text, lambda _: value)
        if self.private and self.chance():
            self.features.add("capture.private-names")
            return Part(f"({self.private[-1]} in {{}})", lambda _: False)
        return None

    def comparison(self, one: Binding) -> Part:
        """Whether another name means the same object."""
        self.features |= {"capture.sharing", "capture.separate-copies"}
        others = [each for each in self.visible(one.nature, "any") if each is not one]
        other = self.pick(others) if others else one
        text = f"{self.use(one)} === {self.use(other)}"
        return Part(text, lambda env: env[one] is env[other])
