"""Which modules a run loads, and when: what nothing leads to is not part of it."""

import pytest

from conformance.adapters import Refusal
from conformance.adapters.refimpl import Reference

BROKEN = "'use server'\nthrow new Error('of the module')\nexport async function save() {}\n"


def run(files, client="export default () => 'began'", entry="page.js#page"):
    return Reference().run(files=files, client=client, entry=entry)["result"]


def test_a_server_module_behind_a_client_module_that_nobody_imports_is_not_loaded():
    files = {
        "broken.js": BROKEN,
        "button.js": "'use client'\nimport { save } from './broken.js'\n",
        "page.js": "export const page = 0",
    }

    assert run(files) == "began"


def test_a_server_module_behind_a_client_module_of_the_entry_is_loaded():
    files = {
        "broken.js": BROKEN,
        "button.js": "'use client'\nimport { save } from './broken.js'\nexport const label = save\n",
        "page.js": "import { label } from './button.js'\nexport const page = () => label",
    }

    with pytest.raises(Refusal, match="of the module"):
        run(files)


def test_the_client_modules_of_the_entry_come_before_the_client_program():
    files = {
        "button.js": "'use client'\nexport const trace = globalThis.trace = ['button']",
        "page.js": "import { trace } from './button.js'\nexport const page = () => trace",
    }

    assert run(files, "trace.push('client'); export default trace => trace") == ["button", "client"]


@pytest.mark.parametrize("thrown", ["0", "new Error('x')"])
def test_a_client_module_that_a_result_leads_to_and_that_throws_is_an_error_of_loading(thrown):
    files = {
        "button.js": f"'use client'\nthrow {thrown}\nexport const label = 'x'",
        "actions.js": "'use server'\nimport { label } from './button.js'\n"
        "export async function save() { return label }",
    }
    client = "import { save } from './actions.js'\nexport default () => save()"

    with pytest.raises(Refusal) as raised:
        run(files, client, entry=None)
    assert (raised.value.content["phase"], raised.value.content["code"]) == ("load", "thrown")


LATE = "'use client'\nexport const label = await new Promise(done => setTimeout(done, 5, 'late'))"


def test_the_entry_waits_for_a_client_module_that_awaits_something():
    files = {
        "button.js": LATE,
        "page.js": "import { label } from './button.js'\nexport const page = () => [label]",
    }

    assert run(files, "export default given => given") == ["late"]


def test_a_call_waits_for_a_client_module_that_awaits_something():
    files = {
        "button.js": LATE,
        "actions.js": "'use server'\nimport { label } from './button.js'\n"
        "export async function load() { return [label] }",
    }
    client = "import { load } from './actions.js'\nexport default () => load()"

    assert run(files, client, entry=None) == ["late"]


def test_a_client_module_of_the_entry_that_never_ends_is_an_error():
    files = {
        "button.js": "'use client'\nexport const label = 'x'\nfor (;;) 'x'.repeat(1e6)",
        "page.js": "import { label } from './button.js'\nexport const page = () => label",
    }

    with pytest.raises(Refusal, match="limit"):
        run(files)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("import { nothing } from './empty.js'\nexport const f = nothing", "export-not-found"),
        ("import './nowhere.js'", "module-not-found"),
        ("throw 0", "thrown"),
        ("await null\nthrow new Error('late')", "thrown"),
    ],
)
def test_a_module_that_the_client_program_imports_late_and_that_fails_is_an_error_of_loading(
    text, code
):
    files = {"empty.js": "", "late.js": text}

    with pytest.raises(Refusal) as raised:
        run(files, "export default async () => (await import('./late.js')).f", entry=None)
    assert (raised.value.content["phase"], raised.value.content["code"]) == ("load", code)
