"""Which names a server function captures; the corpus shows what captures do."""

import pytest

from refimpl.functions.compilation import compile_module
from refimpl.source import load
from refimpl.source.text import Source


def captured(text, name="page.tsx"):
    """The captures of the last server function in `text`."""
    source = Source(name, text)
    module = compile_module(source, load(source))
    return [capture.name for capture in [*module.inline.values()][-1].captures]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("const a = 1; return async () => { 'use server'; return a }", ["a"]),
        ("const a = 1; return async () => { 'use server'; return typeof a }", ["a"]),
        ("const a = 1; return async () => { 'use server'; return { a } }", ["a"]),
        ("const a = 1; return async () => { 'use server'; return { a: 1 } }", []),
        ("const a = 1; return async () => { 'use server'; return b.a }", []),
        ("const a = 1; return async () => { 'use server'; return a?.b.c }", ["a"]),
        ("const a = 1; return async (x = a) => { 'use server' }", ["a"]),
        ("const a = 1; return async (a) => { 'use server'; return a }", []),
        ("const a = 1; return async () => { 'use server'; a: for (;;) break a }", []),
        ("const a = 1; return async () => { 'use server'; return () => () => a }", ["a"]),
        ("const a = 1; return async () => { 'use server'; return <a b={1}/> }", []),
        ("const A = 1; return async () => { 'use server'; return <A/> }", ["A"]),
        ("const a = 1, b = 2; return async () => { 'use server'; return [b, a, b] }", ["b", "a"]),
        ("for (const a of p) return async () => { 'use server'; return a }", ["a"]),
        ("try {} catch (a) { return async () => { 'use server'; return a } }", ["a"]),
        ("class A {} return async () => { 'use server'; return A }", ["A"]),
        ("return async () => { 'use server'; return p }", ["p"]),
        ("return async () => { 'use server'; return m + i + console }", []),
        ("const a = 1; return async () => { 'use server'; let x: typeof a }", []),
        ("return async function f() { 'use server'; return f }", []),
        ("const f = async () => { 'use server'; return f }; return f", []),
        ("async function f() { 'use server'; return f } return f", []),
        ("let f; f = async () => { 'use server'; return f }; return f", ["f"]),
    ],
)
def test_a_function_captures_what_it_uses_and_does_not_bind(body, names):
    program = f"import i from 'i'\nconst m = 1\nexport function page(p) {{ {body} }}"

    assert names == captured(program)


def test_a_class_declaration_of_the_module_is_not_captured_by_its_own_methods():
    assert captured("class A { static async f() { 'use server'; return A } }") == []


def test_the_name_of_a_class_expression_is_captured():
    assert captured("const x = class A { static async f() { 'use server'; return A } }") == ["A"]


def test_a_block_of_the_module_is_not_module_scope():
    assert captured("{ const a = 1; f(async () => { 'use server'; return a }) }") == ["a"]
