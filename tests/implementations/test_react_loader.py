"""The adapter for React's node-loader answers each kind of question about one small program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.implementations import catalogue, installation
from conformance.transports import Stdio

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.node, pytest.mark.slow]

PROJECT = {
    "actions.js": "'use server'\nexport async function save(n) { return n * 2 }\nexport const load = async () => save\n",
    "page.js": "import { save } from './actions.js'\nimport { Button } from './button.js'\nexport const page = () => ({ save, Button })\n",
    "button.js": "'use client'\nexport const Button = 'button text'\n",
}
CLIENT = """\
    import { load } from './actions.js'
    export default async ({ save, Button }) => [await save(21), await (await load())(1), Button]
"""


@pytest.fixture(scope="module")
def adapter() -> Iterator[Stdio]:
    """The adapter, started once; skipped where its packages cannot be had."""
    found = catalogue.find("react-loader")
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
        "actions.js": "server",
        "page.js": "none",
        "button.js": "client",
    }


def test_functions_are_those_that_are_registered_when_the_module_is_loaded(adapter):
    functions = ask(adapter, "compile", files=PROJECT)["actions.js"]["functions"]

    assert [function["name"] for function in functions] == ["save", "load"]


def test_a_program_runs_from_the_server_to_the_client_and_back(adapter):
    result = ask(adapter, "run", files=PROJECT, entry="page.js#page", args=[], client=CLIENT)

    assert result == {"result": [42, 2, "button text"]}


def test_it_lists_what_a_client_can_call(adapter):
    assert ask(adapter, "exposes", files=PROJECT) == {
        "functions": ["actions.js#load", "actions.js#save"]
    }


def test_a_client_gets_no_server_code(adapter):
    artifacts = ask(adapter, "withholds", files=PROJECT, client=CLIENT)["artifacts"]

    assert "n * 2" not in str(artifacts)


def test_both_directives_conflict(adapter):
    rejected = ask(adapter, "compile", files={"a.js": "'use client'\n'use server'"})["rejected"]

    assert (rejected["phase"], rejected["code"]) == ("compile", "conflicting-directives")


def test_a_mistake_has_its_line(adapter):
    rejected = ask(adapter, "compile", files={"a.js": "const a = 1\nconst b = ;"})["rejected"]

    assert (rejected["code"], rejected["line"]) == ("syntax", 2)


def test_typescript_is_for_other_loaders(adapter):
    assert "unsupported" in ask(adapter, "compile", files={"a.ts": "'use server'"})
