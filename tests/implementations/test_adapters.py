"""Every adapter answers every kind of question that its implementation can be asked, about the same small programs.

What only one implementation does is tested beside this module, in a file of its own.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from conformance.implementations import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.implementations.catalogue import Manifest
    from conformance.transports import Stdio

    Ask = Callable[..., dict[str, Any]]

pytestmark = [pytest.mark.node, pytest.mark.slow]

#: Plain JavaScript: the one language that all of them take.
PROJECT = {
    "actions.js": """\
        'use server'
        import { price } from './lib/shop.js'
        export async function save(n) { return n * price }
        export async function fail() { throw new Error('confidential') }
    """,
    "lib/shop.js": "export const price = 2\n",
    "page.js": """\
        import { save } from './actions.js'
        import { Button } from './button.js'
        export const page = secret => ({ save, Button, length: secret.length })
    """,
    "button.js": "'use client'\nexport const Button = 'button text'\n",
}
#: Some implementations know no client modules.
WITHOUT_CLIENT = {path: PROJECT[path] for path in ("actions.js", "lib/shop.js")}
CLIENT = """\
    import { save } from './actions.js'
    export default async page => [await save(21), await page.save(1), page.Button, page.length]
"""
ENTRY = {"entry": "page.js#page", "args": ["canary"], "client": CLIENT}
INLINE = {
    "page.js": """\
        export const page = k => ({ add: async n => { 'use server'; return n + k } })
    """
}

MANIFESTS = [
    manifest for manifest in catalogue.manifests() if {"compile", "run"} & {*manifest.capabilities}
]
VERSIONS = [(manifest, version) for manifest in MANIFESTS for version in manifest.ordinary]


def named(value: tuple[Manifest, str]) -> str:
    manifest, version = value
    return f"{manifest.name}@{version}"


@pytest.fixture(scope="module", params=VERSIONS, ids=named)
def driven(
    request: pytest.FixtureRequest, started: Callable[[str], Stdio]
) -> Iterator[tuple[Manifest, str, Stdio]]:
    """A version of an implementation and its adapter, started once."""
    manifest, version = request.param
    adapter = started(f"{manifest.name}@{version}")
    yield manifest, version, adapter
    adapter.stop()


@pytest.fixture
def ask(driven: tuple[Manifest, str, Stdio], asked: Ask) -> Ask:
    """Asks the adapter; the test is skipped for an implementation that cannot be asked this."""
    manifest, _, adapter = driven

    def put(op: str, **fields: object) -> dict[str, Any]:
        if op != "hello" and op not in manifest.capabilities:
            pytest.skip(f"{manifest.name} cannot be asked to {op}")
        reply = asked(adapter, op, **fields)
        if "unsupported" in reply:
            pytest.skip(reply["unsupported"]["why"])
        return reply

    return put


def test_it_introduces_itself_with_what_the_manifest_declares(driven, ask):
    manifest, version, _ = driven
    hello = ask("hello", protocol=1)

    assert (hello["name"], hello["version"]) == (manifest.name, version)
    assert hello["capabilities"] == [*manifest.capabilities]
    assert hello["choices"]["inline-directive"] == manifest.choices["inline-directive"].of(version)


def test_it_tells_server_modules_from_others(ask):
    observed = ask("compile", files=WITHOUT_CLIENT)

    kinds = {path: file["kind"] for path, file in observed.items()}
    assert kinds == {"actions.js": "server", "lib/shop.js": "none"}


def test_it_names_the_functions_of_a_server_module(ask):
    functions = ask("compile", files=WITHOUT_CLIENT)["actions.js"]["functions"]

    assert {what["where"] for what in functions} == {"export"}
    assert sorted(what["name"] for what in functions) == ["fail", "save"]


def test_a_file_that_does_not_parse_is_refused(ask):
    rejected = ask("compile", files={"a.js": "'use server'\nconst b = ;"})["rejected"]

    assert (rejected["phase"], rejected["file"]) == ("compile", "a.js")
    assert rejected.get("line") in {2, None}


@pytest.mark.parametrize("mode", ["production", "development"])
def test_a_program_runs_from_the_server_to_the_client_and_back(mode, ask):
    assert ask("run", files=PROJECT, mode=mode, **ENTRY) == {"result": [42, 2, "button text", 6]}


def test_an_inline_function_is_called_with_what_it_captured(driven, ask):
    manifest, version, _ = driven
    if manifest.choices["inline-directive"].of(version) != "supported":
        pytest.skip(f"{manifest.name} has no inline server functions")

    client = "export default page => page.add(1)"

    assert ask("run", files=INLINE, entry="page.js#page", args=[2], client=client) == {"result": 3}


def test_one_request_does_not_see_the_globals_of_another(ask):
    count = "'use server'\nexport async function count() { return globalThis.n = (globalThis.n ?? 0) + 1 }"
    client = "import { count } from './a.js'\nexport default count"

    results = [ask("run", files={"a.js": count}, client=client) for _ in range(2)]

    assert results == [{"result": 1}, {"result": 1}]


def test_a_function_that_throws_rejects_the_call(ask):
    client = "import { fail } from './actions.js'\nexport default () => fail()"

    rejected = ask("run", files=PROJECT, client=client)["rejected"]

    assert (rejected["phase"], rejected["code"]) == ("call", "thrown")


def test_an_argument_that_cannot_be_sent_is_named(ask):
    client = (
        "import { save } from './actions.js'\nexport default () => save(new (class Point {})())"
    )

    rejected = ask("run", files=PROJECT, client=client)["rejected"]

    assert rejected["phase"] == "encode"
    assert rejected["code"].startswith("unsupported-value")


def test_it_lists_what_a_client_can_call(ask):
    assert ask("exposes", files=PROJECT) == {"functions": ["actions.js#fail", "actions.js#save"]}


def test_it_hands_over_what_the_client_was_given_and_nothing_else(ask):
    artifacts = ask("withholds", files=PROJECT, **ENTRY)["artifacts"]
    given = "".join(
        text if isinstance(text, str) else base64.b64decode(text["base64"]).decode()
        for text in artifacts.values()
    )

    assert "button text" in given
    assert "confidential" not in given


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("expo", "'use server'\nexport class A {}", ("export-not-async", 2)),
        ("expo", "'use server'\nexport * as ns from './b.js'", ("re-export", 2)),
        ("expo", "'use client'\n'use server'", ("conflicting-directives", None)),
        ("expo", "export const f = () => { 'use server' }", ("server-function-not-async", 1)),
        ("rspack", "'use server'\nexport function save() {}", ("export-not-async", 2)),
        ("rspack", "'use server'\nexport * from './b.js'", ("re-export", 2)),
        ("rspack", "'use client'\n'use server'", ("conflicting-directives", None)),
        ("rspack", "class A { a() { 'use server' } }", ("server-function-kind.instance-method", 1)),
        ("rspack", "import './b.js'\n'use server'", ("misplaced-directive.after-statement", 2)),
        ("rspack", "'use servers'", ("misspelt-directive.similar", 1)),
        ("parcel", "import './nowhere.js'", ("module-not-found", 1)),
        ("lazarv", "'use client'\n'use server'", ("conflicting-directives", None)),
        (
            "tanstack-directive",
            "export const p = () => async () => { 'use server' }",
            ("nested", 1),
        ),
    ],
)
def test_messages_become_codes(name, text, expected, started, asked):
    adapter = started(name)

    rejected = asked(adapter, "compile", files={"a.js": text, "b.js": ""})["rejected"]
    adapter.stop()

    code, line = expected
    assert rejected["code"] == code
    assert line in {None, rejected.get("line")}
