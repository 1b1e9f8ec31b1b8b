"""The adapter for Vite's plugin-rsc answers each kind of question about one small program."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from conformance.implementations import catalogue, installation
from conformance.transports import Stdio

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.node, pytest.mark.slow]

PROJECT = {
    "actions.ts": "'use server'\nimport { price } from '@/lib/shop'\nexport async function save(n: number) { return n * price }\n",
    "lib/shop.ts": "export const price: number = 2\n",
    "page.jsx": """\
        import { Button } from './button.jsx'
        export function page(secret) {
          return <Button act={async (x) => { 'use server'; return [secret.length, x] }} />
        }
    """,
    "button.jsx": "'use client'\nexport function Button() { return 'button text' }\n",
}
CLIENT = """\
    import { save } from './actions'
    export default async (button) => [await save(21), await button.props.act(3), save]
"""
ENTRY = {"entry": "page.jsx#page", "args": ["canary"], "client": CLIENT}


@pytest.fixture(scope="module")
def adapter() -> Iterator[Stdio]:
    """The adapter, started once; skipped where its packages cannot be had."""
    found = catalogue.find("vite-rsc")
    if found.problem:
        assert not installation.required()
        pytest.skip(found.problem)
    adapter = Stdio(found.command, found.environment)
    adapter.start()
    yield adapter
    adapter.stop()


def ask(adapter: Stdio, op: str, **fields: object) -> Any:
    reply = adapter.ask({"op": op, **fields}, timeout=60)
    assert isinstance(reply, dict)
    return reply.get("ok", reply)


def test_it_introduces_itself_with_what_the_manifest_declares(adapter):
    hello = ask(adapter, "hello", protocol=1)
    (manifest,) = [m for m in catalogue.manifests() if m.name == "vite-rsc"]

    assert (hello["name"], hello["version"]) == ("vite-rsc", manifest.versions[0])
    assert hello["capabilities"] == [*manifest.capabilities]


def test_it_says_what_each_file_is(adapter):
    observed = ask(adapter, "compile", files=PROJECT)

    assert {path: file["kind"] for path, file in observed.items()} == {
        "actions.ts": "server",
        "lib/shop.ts": "none",
        "page.jsx": "none",
        "button.jsx": "client",
    }


def test_it_names_functions_and_captures(adapter):
    functions = ask(adapter, "compile", files=PROJECT)["page.jsx"]["functions"]

    assert functions == [{"where": "inline", "name": None, "captures": ["secret"]}]


def test_a_program_runs_from_the_server_to_the_client_and_back(adapter):
    result = ask(adapter, "run", files=PROJECT, **ENTRY)["result"]

    assert result == [42, [6, 3], {"$": "reference"}]


def test_it_runs_in_development_too(adapter):
    result = ask(adapter, "run", files=PROJECT, mode="development", **ENTRY)["result"]

    assert result == [42, [6, 3], {"$": "reference"}]


def test_one_request_does_not_see_the_globals_of_another(adapter):
    files = {
        "a.js": "'use server'\nexport async function count() { return globalThis.n = (globalThis.n ?? 0) + 1 }"
    }
    client = "import { count } from './a.js'\nexport default count"

    results = [ask(adapter, "run", files=files, client=client) for _ in range(2)]

    assert results == [{"result": 1}, {"result": 1}]


def test_it_lists_what_a_client_can_call(adapter):
    assert ask(adapter, "exposes", files=PROJECT) == {
        "functions": ["actions.ts#save", "page.jsx#(inline)"]
    }


def test_it_hands_over_what_the_client_was_given(adapter):
    artifacts = ask(adapter, "withholds", files=PROJECT, **ENTRY)["artifacts"]
    given = "".join(
        text if isinstance(text, str) else base64.b64decode(text["base64"]).decode()
        for text in artifacts.values()
    )

    assert "button text" in given
    assert "canary" not in given


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("'use server'\nexport function save() {}", "export-not-async", 2),
        ("\nexport const p = { get f() { 'use server' } }", "server-function-kind.getter", 2),
        ("'use client'\n'use server'\nexport async function f() {}", "conflicting-directives", 2),
        (
            "'use client'\nexport const f = async () => { 'use server' }",
            "inline-in-client-module",
            2,
        ),
        ("export const f = () => { 'use server' }", "server-function-not-async", 1),
        ("class A { #a() { 'use server' } }", "server-function-kind.private-method", 1),
        ("class A { constructor() { 'use server' } }", "server-function-kind.constructor", 1),
        ("'use server'\nexport * as ns from './b.js'", "re-export", 2),
        ("const a = 1\nconst b = ;", "syntax", 2),
    ],
)
def test_the_plugins_messages_become_normative_codes(text, code, line, adapter):
    rejected = ask(adapter, "compile", files={"a.js": text, "b.js": ""})["rejected"]

    assert (rejected["phase"], rejected["code"], rejected.get("line")) == ("compile", code, line)


def test_a_mistake_in_a_module_behind_export_star_is_placed_there(adapter):
    files = {"a.ts": "'use server'\nexport * from './b'", "b.ts": "\nexport const b = ;"}

    rejected = ask(adapter, "compile", files=files)["rejected"]

    assert (rejected["code"], rejected["file"], rejected["line"]) == ("syntax", "b.ts", 2)


@pytest.mark.parametrize(
    ("body", "phase", "code"),
    [
        ("throw new Error('secret')", "call", "thrown"),
        ("return { f() {} }", "encode", "unsupported-value.function"),
    ],
)
def test_a_call_that_fails_keeps_its_phase(body, phase, code, adapter):
    files = {"a.js": f"'use server'\nexport async function f() {{ {body} }}"}
    client = "import { f } from './a.js'\nexport default () => f()"

    rejected = ask(adapter, "run", files=files, client=client)["rejected"]

    assert (rejected["phase"], rejected["code"]) == (phase, code)


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        ("/x/", "unsupported-value.regexp"),
        ("[new (class Point {})()]", "unsupported-value.class-instance"),
        ("Object.create(null)", "unsupported-value.null-prototype"),
        ("new Map([[1, new Error('e')]])", "unsupported-value.error"),
        ("() => 1", "unsupported-value.function"),
        ("Symbol('s')", "unsupported-value.symbol"),
    ],
)
def test_an_argument_that_cannot_be_sent_is_named(argument, code, adapter):
    files = {"a.js": "'use server'\nexport async function f() {}"}
    client = f"import {{ f }} from './a.js'\nexport default () => f({argument})"

    rejected = ask(adapter, "run", files=files, client=client)["rejected"]

    assert (rejected["phase"], rejected["code"]) == ("encode", code)
