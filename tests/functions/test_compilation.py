"""What the directive makes of one module."""

import pytest

from refimpl.functions.compilation import compile_module
from refimpl.functions.project import compile_project
from refimpl.source import load
from refimpl.source.text import Source


def compiled(text, name="page.js"):
    source = Source(name, text)
    return compile_module(source, load(source))


def places(text):
    """The paths by which the inline functions of a module are told apart."""
    return [function.path for function in compiled(text).inline.values()]


def test_a_function_is_told_apart_by_the_names_around_it():
    text = "function page() { async function save() { 'use server' } }"

    assert places(text) == ["page/save"]


def test_functions_of_one_name_are_numbered():
    text = "f(async () => { 'use server' }, async () => { 'use server' })"

    assert places(text) == ["", "~2"]


def test_adding_an_unrelated_function_before_it_changes_nothing():
    text = "function page() { const save = async () => { 'use server' } }"

    assert set(places(text)) <= set(places(f"f(async () => {{ 'use server' }})\n{text}"))


def test_an_exported_function_with_a_directive_of_its_own_is_listed_once():
    module = compiled("'use server'\nexport async function a() { 'use server' }")

    assert ([f.name for f in module.exported], [*module.inline]) == (["a"], [])


def test_every_broken_rule_is_reported():
    module = compiled("class A { m() { 'use server'; return this } }")

    assert [found.code for found in module.diagnostics] == [
        "server-function-kind.instance-method",
        "server-function-context.this",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "async () => { 'use server'; return function () { return this } }",
        "async () => { 'use server'; return { m() { return this } } }",
        "async () => { 'use server'; return class { x = this; static { this } } }",
        "async () => { 'use server'; return (function () { return arguments })() }",
    ],
)
def test_an_ordinary_function_inside_has_its_own_this(text):
    assert compiled(text).errors == []


@pytest.mark.parametrize(
    "text",
    [
        "async () => { 'use server'; return () => this }",
        "async (x = this) => { 'use server' }",
        "async () => { 'use server'; return class extends this.Base {} }",
        "async () => { 'use server'; return class { [this.key] = 1 } }",
    ],
)
def test_an_arrow_function_inside_has_not(text):
    assert [error.code for error in compiled(text).errors] == ["server-function-context.this"]


def test_a_module_that_client_code_reaches_cannot_define_a_server_function():
    project = compile_project(
        {
            "button.js": "'use client'\nimport './helper.js'",
            "helper.js": "export const f = async () => { 'use server' }",
        }
    )

    assert [error.code for error in project.errors] == ["inline-in-client-module"]


def test_a_server_module_stops_what_client_code_reaches():
    project = compile_project(
        {
            "button.js": "'use client'\nimport './actions.js'",
            "actions.js": "'use server'\nimport './helper.js'\nexport async function a() {}",
            "helper.js": "export const f = async () => { 'use server' }",
        }
    )

    assert project.errors == []
