"""Statements whose server functions are called where they stand, or hold what cannot be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.fuzz.generators.programs.meaning import UNDEFINED, Function, Part, nothing
from conformance.fuzz.generators.programs.statements import StatementWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from conformance.fuzz.generators.programs.meaning import Binding, Env, Instance

#: How a page calls its own functions: what is thrown is told.
CAUGHT = "const called = (f, ...all) => f(...all).catch(() => 'thrown')¶"
#: Two calls of the function `made`, one after the other or at once; `A` stands for their argument.
ONE_BY_ONE = "[await called(made, A), await called(made, A)]"
AT_ONCE = "await Promise.all([called(made, A), called(made, A)])"
#: Declarations of `N` that cannot be sent, with what declares it and its nature.
LOCALS = (
    ("class·N { static k = 7¶ m() { return 8¶ } }\n", "class", "class"),
    ("const N = class { static k = 7¶ m() { return 8¶ } }¶", "const", "class"),
    ("function·N(...all⟦: unknown[]⟧) { return all¶ }\n", "function", "plain"),
    ("const N = (...all⟦: unknown[]⟧) =>·all¶", "const", "plain"),
)


class ServedWriter(StatementWriter):
    """Writes such statements."""

    def made(
        self, named: str | None = None, about: Binding | None = None
    ) -> tuple[str, Callable[[Env], Instance], Function]:
        """A server function that gives data, with what is known of it."""
        place = len(self.functions)
        self.about = about
        text, make = self.server_function(0, named)
        return text, make, self.functions[place]

    def others(self) -> list[Callable[[], Part]]:
        """The statements of this module, beside those that go without."""
        found = [self.too_early, self.mutual, self.telling]
        if self.may_await:
            found += [self.served, self.served, self.served, self.local]
        if self.dialect in {"ts", "tsx"}:
            found.append(self.enumerated)
        return found

    def served(self) -> Part:
        """A server function that is called twice on the server, with an object perhaps."""
        self.features |= {"capture.fresh", "capture.write.outer", "import.by-server"}
        self.calls = True
        objects = self.visible("list", "record")
        text, make, function = self.made("made", self.pick(objects) if objects else None)
        change = self.change(among=function.captures)
        captured = [each for each in objects if each.number in function.captures]
        given = self.pick(captured or objects) if objects and self.chance() else None
        # What calls share is seen by the one that is first.
        at_once = not function.uses_module and self.chance()
        if at_once:
            self.features.add("capture.overlap")
        calls = (AT_ONCE if at_once else ONE_BY_ONE).replace(
            "A", given.mark if given else "'first'"
        )
        tell = self.telling(among=function.captures)

        def run(env: Env) -> None:
            made = make(env)
            change.run(env)
            argument = env[given] if given else "first"
            env.kept.append([made.outcome(argument), made.outcome(argument)])
            tell.run(env)

        written = f"const made = {text}¶ {change.text}kept.push({calls})¶ {tell.text}"
        return Part(f"{{ {written}}}\n", run)

    def local(self) -> Part:
        """A server function that may use what cannot be sent, and is called where it is made."""
        form, declared, nature = self.pick(LOCALS)
        with self.opened("block") as scope:
            binding = self.declare(scope, declared, nature)
            before, self.stays = self.stays, True
            text, make, _ = self.made(about=binding)
            self.stays = before
        self.calls = True
        written = form.replace("N", binding.mark)

        def run(env: Env) -> None:
            env[binding] = nature
            env.kept.append(make(env).outcome("first"))

        return Part(f"{{\n{written}kept.push(await called({text}, 'first'))¶ }}\n", run)

    def enumerated(self) -> Part:
        """A server function that is about an enum."""
        with self.opened("block") as scope:
            binding = self.declare(scope, "enum", "enum")
            text, make, _ = self.made(about=binding)

        def run(env: Env) -> None:
            env[binding] = {"K": 5, "5": "K"}
            env.kept.append(make(env))

        return Part(f"{{\nenum {binding.mark} {{ K = 5 }}\nkept.push({text})¶ }}\n", run)

    def too_early(self) -> Part:
        """A server function that is made before what it may capture is initialized."""
        self.features.add("capture.uninitialized")
        with self.opened("block") as scope:
            binding = self.declare(scope, "let", "text")
            text, _, function = self.made(about=binding)
        value, _ = self.literal("text")
        told = "ReferenceError" if binding.number in function.captures else "made"
        tried = f"try·{{ void·({text})¶ kept.push('made')¶}}·catch (error) {{ kept.push(error.name)¶}}\n"
        written = f"{{\n{tried}let {binding.mark} = {value}¶ }}\n"
        return Part(written, lambda env: env.kept.append(told))

    def mutual(self) -> Part:
        """Two declarations that may capture each other."""
        self.features.add("capture.mutual")
        with self.opened("block") as scope:
            both = [self.declare(scope, "late", "peer") for _ in range(2)]
            made = [
                self.server_function(0, each.number, own=[each], declared=each) for each in both
            ]

        def run(env: Env) -> None:
            env.local.update((each.number, UNDEFINED) for each in both)
            for each, (_, make) in zip(both, made, strict=True):
                env[each] = make(env)
            env.kept.extend(env[each] for each in both)

        texts = "".join(f"{text}\n" for text, _ in made)
        kept = ", ".join(each.mark for each in both)
        return Part(f"{{\n{texts}kept.push({kept})¶ }}\n", run)

    def peer(self, itself: Binding, other: Binding) -> tuple[str, Callable[[Env], Instance]]:
        """A declaration that is about another one."""
        self.about = other
        return self.server_function(0, itself.number, own=[itself], declared=itself)

    def telling(self, among: Collection[int] | None = None) -> Part:
        """What a variable of the page holds now; `among`: of which it may be one, if not all."""
        found = [
            each
            for each in self.visible("text", "number", "list", "record")
            if among is None or each.number in among
        ]
        if not found:
            return Part("", nothing)
        self.features |= {"capture.write.outer", "capture.contents"}
        binding = self.pick(found)
        return Part(f"kept.push({binding.mark})¶", lambda env: env.kept.append(env[binding]))
