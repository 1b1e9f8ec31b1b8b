"""The adapter for Vite's plugin-rsc answers each kind of question about one small program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.transports import Stdio

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
def adapter(started: Callable[[str], Stdio]) -> Iterator[Stdio]:
    """The adapter, started once."""
    adapter = started("vite-rsc")
    yield adapter
    adapter.stop()


def test_it_names_functions_and_captures(adapter, asked):
    functions = asked(adapter, "compile", files=PROJECT)["page.jsx"]["functions"]

    assert functions == [{"where": "inline", "name": None, "captures": ["secret"]}]


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
def test_the_plugins_messages_become_normative_codes(text, code, line, adapter, asked):
    rejected = asked(adapter, "compile", files={"a.js": text, "b.js": ""})["rejected"]

    assert (rejected["phase"], rejected["code"], rejected.get("line")) == ("compile", code, line)


def test_a_mistake_in_a_module_behind_export_star_is_placed_there(adapter, asked):
    files = {"a.ts": "'use server'\nexport * from './b'", "b.ts": "\nexport const b = ;"}

    rejected = asked(adapter, "compile", files=files)["rejected"]

    assert (rejected["code"], rejected["file"], rejected["line"]) == ("syntax", "b.ts", 2)


@pytest.mark.parametrize(
    ("body", "phase", "code"),
    [
        ("throw new Error('secret')", "call", "thrown"),
        ("return { f() {} }", "encode", "unsupported-value.function"),
    ],
)
def test_a_call_that_fails_keeps_its_phase(body, phase, code, adapter, asked):
    files = {"a.js": f"'use server'\nexport async function f() {{ {body} }}"}
    client = "import { f } from './a.js'\nexport default () => f()"

    rejected = asked(adapter, "run", files=files, client=client)["rejected"]

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
def test_an_argument_that_cannot_be_sent_is_named(argument, code, adapter, asked):
    files = {"a.js": "'use server'\nexport async function f() {}"}
    client = f"import {{ f }} from './a.js'\nexport default () => f({argument})"

    rejected = asked(adapter, "run", files=files, client=client)["rejected"]

    assert (rejected["phase"], rejected["code"]) == ("encode", code)
