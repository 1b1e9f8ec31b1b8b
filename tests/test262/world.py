"""A realm that hosts test262: `$262`, `print`, the harness, and modules from the checkout.

Each test gets an agent and a realm of its own. Trees of the harness are parsed once per process.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from refimpl.language.agent import Agent, Limits
from refimpl.language.builtins.array_buffer import detach_array_buffer
from refimpl.language.errors import Throw, make_error, throw_syntax_error
from refimpl.language.functions import create_builtin_function
from refimpl.language.host import Host
from refimpl.language.modules import SourceTextModule, SyntheticModule
from refimpl.language.objects import JSObject, hidden
from refimpl.language.operations import intrinsic, to_string
from refimpl.language.realm import Realm
from refimpl.language.scripts import script_evaluation
from refimpl.language.values import Value, null, undefined
from refimpl.source import load
from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.text import Source

if TYPE_CHECKING:
    from pathlib import Path

    from refimpl.language.modules import Module
    from refimpl.source.nodes import Program
    from tests.test262.scope_rule import Test

#: Steps and allocations of one test; the slowest honest ones count through all code points.
LIMITS = Limits(fuel=2_500_000, allocations=3_000_000, depth=1_500)


class Failure(Exception):  # noqa: N818 - of a test, not of ours
    """The test did not do what it promises; the message says how."""


class HarnessHost(Host):
    """The host hooks: output is collected, modules are files beside the test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.realm: Realm
        self.output: list[str] = []
        self.modules: dict[str, Module] = {}

    def print(self, text: str) -> None:
        self.output.append(text)

    def load_module(
        self, specifier: str, referrer: str | None, attributes: dict[str, str]
    ) -> Module:
        path = ((self.root / (referrer or "")).parent / specifier).resolve()
        name = (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )
        if name not in self.modules:
            if not path.is_file():
                throw_syntax_error(f"Cannot find module '{specifier}'")
            text = path.read_text(encoding="utf-8")
            if attributes.get("type") == "json":
                self.modules[name] = self.json_module(name, text)
            else:
                self.add_module(name, text)
        return self.modules[name]

    def add_module(self, name: str, text: str) -> SourceTextModule:
        """ParseModule."""
        source = source_of(name, text)
        module = SourceTextModule(self.realm, load(source, "module"), source)
        self.modules[name] = module
        return module

    def json_module(self, name: str, text: str) -> Module:
        """A module whose default export is the value of a JSON text."""
        parse = intrinsic("%JSON%").props["parse"].value

        def steps(module: SyntheticModule) -> None:
            module.set_export("default", parse.call(undefined, [text]))

        return SyntheticModule(self.realm, name, ["default"], steps)


def source_of(name: str, text: str) -> Source:
    """The extension .mjs stands for JavaScript without JSX."""
    return Source(name.removesuffix("js") + "mjs", text)


#: Files of the harness that need code from strings, which the guest language leaves out.
SUBSTITUTES = {"fnGlobalObject.js": "function fnGlobalObject() { return globalThis; }"}


@cache
def harness_tree(path: Path) -> tuple[Program, Source]:
    """A file of the harness, parsed once."""
    text = SUBSTITUTES.get(path.name) or path.read_text(encoding="utf-8")
    source = source_of(path.name, text)
    return load(source, "script"), source


def new_realm(agent: Agent, host: HarnessHost) -> Realm:
    """A realm with `print` and `$262`."""
    realm = host.realm = Realm(agent, host)
    with agent.enter(realm):
        object_262 = JSObject(realm.intrinsics["%Object.prototype%"])
        for name, behaviour in (
            ("createRealm", lambda _: create_realm(agent, host)),
            ("evalScript", lambda _, text: eval_script(realm, text)),
            ("gc", lambda _: undefined),
            ("detachArrayBuffer", detach),
        ):
            object_262.props[name] = hidden(create_builtin_function(behaviour, 0, name))
        object_262.props["global"] = realm.global_object

        def print_(this: Value, text: Value = undefined) -> Value:
            del this
            host.print(to_string(text))
            return undefined

        realm.global_object.props["print"] = hidden(create_builtin_function(print_, 1, "print"))
        realm.global_object.props["$262"] = hidden(object_262)
    return realm


def detach(this: Value, buffer: Value = undefined) -> Value:
    """$262.detachArrayBuffer."""
    del this
    detach_array_buffer(buffer)
    return null


def create_realm(agent: Agent, host: HarnessHost) -> JSObject:
    """$262.createRealm."""
    outer = host.realm
    made = new_realm(agent, HarnessHost(host.root))
    host.realm = outer
    found = made.global_object.props["$262"].value
    assert isinstance(found, JSObject)
    return found


def eval_script(realm: Realm, text: str) -> Value:
    """$262.evalScript, without a completion value."""
    source = source_of("evalScript.js", text)
    try:
        script_evaluation(realm, load(source, "script"), source)
    except SyntaxDiagnostic as error:
        raise Throw(make_error("SyntaxError", str(error))) from error
    return undefined


def run(root: Path, test: Test) -> None:
    """Run one test to its end; raises what it raises."""
    host = HarnessHost(root / "test")
    agent = Agent(LIMITS)
    realm = new_realm(agent, host)
    try:
        with agent.enter(realm):
            includes = ["assert.js", "sta.js", *test.includes]
            if "async" in test.flags:
                includes.append("doneprintHandle.js")
            for name in includes:
                script_evaluation(realm, *harness_tree(root / "harness" / name))
            run_body(realm, host, test)
            agent.run_jobs()
            if "async" in test.flags and "Test262:AsyncTestComplete" not in host.output:
                raise Failure("; ".join(host.output) or "never called $DONE")
    finally:
        agent.close()


def run_body(realm: Realm, host: HarnessHost, test: Test) -> None:
    """Evaluate the test itself, as a strict script or a module."""
    if test.goal == "script":
        source = source_of(test.path, test.text)
        script_evaluation(realm, load(source, "script"), source)
        return
    module = host.add_module(test.path, test.text)
    module.link()
    promise = module.evaluate()
    realm.agent.run_jobs()
    if promise.state == "rejected":
        raise Throw(promise.result)
    if promise.state == "pending" and "async" not in test.flags:
        raise Failure("the module's evaluation never ended")
