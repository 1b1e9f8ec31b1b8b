"""The adapter for Next.js answers each kind of question about one small program, in both versions."""

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
    "actions.ts": "'use server'\nexport async function save(n: number) { return n * 2 }\n",
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


@pytest.fixture(scope="module", params=["16.4.6", "15.5.6"])
def adapter(request: pytest.FixtureRequest) -> Iterator[Stdio]:
    """The adapter, started once for each version; skipped where its packages cannot be had."""
    found = catalogue.find(f"next@{request.param}")
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


def test_it_says_what_each_file_is(adapter):
    observed = ask(adapter, "compile", files=PROJECT)

    assert {path: file["kind"] for path, file in observed.items()} == {
        "actions.ts": "server",
        "page.jsx": "none",
        "button.jsx": "client",
    }


def test_a_server_module_without_exports_is_one_too(adapter):
    observed = ask(adapter, "compile", files={"a.js": "// a\n'use server'", "b.js": "'use strict'"})

    assert [observed["a.js"]["kind"], observed["b.js"]["kind"]] == ["server", "none"]


def test_inline_functions_are_in_source_order_with_their_names(adapter):
    text = """export function page() {
        return [async function one() { 'use server' }, async () => { 'use server' }]
    }"""

    functions = ask(adapter, "compile", files={"a.js": text})["a.js"]["functions"]

    assert functions == [{"where": "inline", "name": "one"}, {"where": "inline", "name": None}]


@pytest.mark.parametrize("mode", ["production", "development"])
def test_a_program_runs_from_the_server_to_the_client_and_back(mode, adapter):
    result = ask(adapter, "run", files=PROJECT, mode=mode, **ENTRY)["result"]

    assert result == [42, [6, 3], {"$": "reference"}]


def test_a_call_waits_for_the_one_before_it(adapter):
    files = {
        "a.js": """\
            'use server'
            let running = 0
            export async function f() { running++; await null; await null; return running-- }
        """
    }
    client = "import { f } from './a.js'\nexport default () => Promise.all([f(), f()])"

    assert ask(adapter, "run", files=files, client=client) == {"result": [1, 1]}


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
        ("'use server'\nexport * from './b.js'", "re-export", 2),
        (
            "'use client'\n'use server'\nexport async function f() {}",
            "conflicting-directives",
            None,
        ),
        (
            "'use client'\nexport const f = async () => { 'use server' }",
            "inline-in-client-module",
            2,
        ),
        ("export const f = () => { 'use server' }", "server-function-not-async", 1),
        ("class A { a() { 'use server' } }", "server-function-kind.instance-method", 1),
        ("class A { set a(b) { 'use server' } }", "server-function-kind.setter", 1),
        (
            "export async function f() { 'use server'; return this }",
            "server-function-context.this",
            1,
        ),
        ("import './b.js'\n'use server'", "misplaced-directive.after-statement", 2),
        ("('use server')", "misplaced-directive.parenthesized", 1),
        ("'Use Server'", "misspelt-directive.case", 1),
        ("'use  server'", "misspelt-directive.space", 1),
        ("'use servers'", "misspelt-directive.similar", 1),
        ("const a = 1\nconst b = ;", "syntax", 2),
    ],
)
def test_the_messages_become_normative_codes(text, code, line, adapter):
    rejected = ask(adapter, "compile", files={"a.js": text, "b.js": ""})["rejected"]

    assert (rejected["phase"], rejected["code"]) == ("compile", code)
    assert line in (None, rejected.get("line"))


def test_a_client_module_is_compiled_with_what_it_imports(adapter):
    files = {
        "button.js": "'use client'\nimport './helper.js'",
        "helper.js": "\nexport async function save() { 'use server' }",
    }

    rejected = ask(adapter, "compile", files=files)["rejected"]

    assert (rejected["code"], rejected["file"]) == ("inline-in-client-module", "helper.js")


def test_an_export_called_then_is_no_promise(adapter):
    files = {"a.js": "'use server'\nexport async function then(x) { return x }"}
    client = "import { then } from './a.js'\nexport default () => then('text')"

    assert ask(adapter, "run", files=files, client=client) == {"result": "text"}
