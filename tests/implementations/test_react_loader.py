"""The adapter for React's node-loader answers each kind of question about one small program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.transports import Stdio

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
def adapter(started: Callable[[str], Stdio]) -> Iterator[Stdio]:
    """The adapter, started once."""
    adapter = started("react-loader")
    yield adapter
    adapter.stop()


def test_it_says_what_each_file_is(adapter, asked):
    observed = asked(adapter, "compile", files=PROJECT)

    assert {path: file["kind"] for path, file in observed.items()} == {
        "actions.js": "server",
        "page.js": "none",
        "button.js": "client",
    }


def test_functions_are_those_that_are_registered_when_the_module_is_loaded(adapter, asked):
    functions = asked(adapter, "compile", files=PROJECT)["actions.js"]["functions"]

    assert [function["name"] for function in functions] == ["save", "load"]


def test_both_directives_conflict(adapter, asked):
    rejected = asked(adapter, "compile", files={"a.js": "'use client'\n'use server'"})["rejected"]

    assert (rejected["phase"], rejected["code"]) == ("compile", "conflicting-directives")


def test_typescript_is_for_other_loaders(adapter, asked):
    assert "unsupported" in asked(adapter, "compile", files={"a.ts": "'use server'"})
