"""What an adapter, its realms or its platform would lose is not told as a fault of the implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.transports import Stdio

    Ask = Callable[..., dict[str, Any]]

pytestmark = [pytest.mark.node, pytest.mark.slow]


@pytest.fixture
def ask(started: Callable[[str], Stdio], asked: Ask) -> Any:
    """Asks an implementation by its name, once."""

    def put(name: str, op: str, **fields: object) -> dict[str, Any]:
        adapter = started(name)
        try:
            return asked(adapter, op, **fields)
        finally:
            adapter.stop()

    return put


def test_a_response_of_solid_start_that_breaks_is_an_error_of_the_client(ask):
    files = {
        "actions.js": "'use server'\nexport async function give() { return [1, new WeakMap()] }"
    }
    client = """
        import { give } from './actions.js'
        export default () => give().catch(error => error instanceof Error)
    """

    assert ask("solid-start", "run", files=files, client=client) == {"result": True}


def test_what_solid_start_makes_of_a_response_that_breaks_is_told_as_its_reason(ask):
    files = {
        "actions.js": "'use server'\nexport async function give() { return [1, new WeakMap()] }"
    }
    client = "import { give } from './actions.js'\nexport default () => give()"

    rejected = ask("solid-start", "run", files=files, client=client)["rejected"]

    assert (rejected["phase"], rejected["code"]) == ("encode", "unsupported-value")


def test_solid_start_registers_exports_in_their_order(ask):
    text = "'use server'\nexport async function save() {}\nexport async function load() {}\n"

    functions = ask("solid-start", "compile", files={"a.js": text})["a.js"]["functions"]

    assert [function["name"] for function in functions] == ["save", "load"]


@pytest.mark.parametrize("name", ["solid-start", "tanstack-directive"])
def test_who_knows_no_client_modules_is_not_asked_about_them(name, ask):
    assert "unsupported" in ask(name, "compile", files={"a.js": "'use client'\n"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("export class A { get f() { 'use server' } }", "server-function-kind.getter"),
        ("export const a = { set f(v) { 'use server' } }", "server-function-kind.setter"),
        ("export class A { constructor() { 'use server' } }", "server-function-kind.constructor"),
        ("export class A { async f() { 'use server' } }", "server-function-kind.instance-method"),
        ("export const a = { async f() { 'use server' } }", "server-function-kind"),
    ],
)
def test_the_one_message_of_tanstack_is_told_by_the_text_it_is_about(text, code, ask):
    rejected = ask("tanstack-directive", "compile", files={"page.js": text})["rejected"]

    assert rejected["code"] == code


def test_names_that_a_proxy_of_expo_would_have_are_not_missing(ask):
    files = {
        "lib.js": "export const double = n => n * 2",
        "ui.js": "'use client'\nexport * from './lib.js'",
        "page.js": "import { double } from './ui.js'\nexport const page = () => typeof double",
    }
    request = {"entry": "page.js#page", "client": "export default kind => kind"}

    assert "unsupported" in ask("expo", "run", files=files, **request)


@pytest.mark.parametrize("name", ["next", "parcel"])
def test_files_that_no_loader_takes_are_not_asked(name, ask):
    files = {"a.mts": "'use server'\nexport async function save(): Promise<void> {}"}

    assert "unsupported" in ask(name, "compile", files=files)


def test_what_spans_lines_begins_where_rspack_marks_it(ask):
    text = "'use server'\nexport const save = async () => {},\n  limit = 10\n"

    assert ask("rspack", "compile", files={"a.js": text})["rejected"]["line"] == 2
