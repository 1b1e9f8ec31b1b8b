"""The adapter for Next.js answers each kind of question about one small program, in both versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.transports import Stdio

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
def adapter(request: pytest.FixtureRequest, started: Callable[[str], Stdio]) -> Iterator[Stdio]:
    """The adapter, started once for each version."""
    adapter = started(f"next@{request.param}")
    yield adapter
    adapter.stop()


def test_it_says_what_each_file_is(adapter, asked):
    observed = asked(adapter, "compile", files=PROJECT)

    assert {path: file["kind"] for path, file in observed.items()} == {
        "actions.ts": "server",
        "page.jsx": "none",
        "button.jsx": "client",
    }


def test_a_server_module_without_exports_is_one_too(adapter, asked):
    observed = asked(
        adapter, "compile", files={"a.js": "// a\n'use server'", "b.js": "'use strict'"}
    )

    assert [observed["a.js"]["kind"], observed["b.js"]["kind"]] == ["server", "none"]


def test_inline_functions_are_in_source_order_with_their_names(adapter, asked):
    text = """export function page() {
        return [async function one() { 'use server' }, async () => { 'use server' }]
    }"""

    functions = asked(adapter, "compile", files={"a.js": text})["a.js"]["functions"]

    assert functions == [{"where": "inline", "name": "one"}, {"where": "inline", "name": None}]


def test_a_call_waits_for_the_one_before_it(adapter, asked):
    files = {
        "a.js": """\
            'use server'
            let running = 0
            export async function f() { running++; await null; await null; return running-- }
        """
    }
    client = "import { f } from './a.js'\nexport default () => Promise.all([f(), f()])"

    assert asked(adapter, "run", files=files, client=client) == {"result": [1, 1]}


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
def test_the_messages_become_normative_codes(text, code, line, adapter, asked):
    rejected = asked(adapter, "compile", files={"a.js": text, "b.js": ""})["rejected"]

    assert (rejected["phase"], rejected["code"]) == ("compile", code)
    assert line in (None, rejected.get("line"))


def test_a_client_module_is_compiled_with_what_it_imports(adapter, asked):
    files = {
        "button.js": "'use client'\nimport './helper.js'",
        "helper.js": "\nexport async function save() { 'use server' }",
    }

    rejected = asked(adapter, "compile", files=files)["rejected"]

    assert (rejected["code"], rejected["file"]) == ("inline-in-client-module", "helper.js")


def test_an_export_called_then_is_no_promise(adapter, asked):
    files = {"a.js": "'use server'\nexport async function then(x) { return x }"}
    client = "import { then } from './a.js'\nexport default () => then('text')"

    assert asked(adapter, "run", files=files, client=client) == {"result": "text"}
