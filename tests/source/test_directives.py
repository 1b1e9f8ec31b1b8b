"""Which strings are directives of ours, and which only look like one."""

import pytest

from refimpl.source import load
from refimpl.source.directives import directive_strings, may_hold_directives
from refimpl.source.text import Source


def found(text, name="a.jsx"):
    return directive_strings(load(Source(name, text)))


def reasons(text, name="a.jsx"):
    return [string.reason for string in found(text, name)]


# --- directives ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["'use server'", '"use client"', "'a'; 'use server'", "#!x\n/**/'use client'"]
)
def test_a_directive_of_the_module_marks_the_module(text):
    (string,) = found(text)

    assert string.effective
    assert string.marks == "module"


@pytest.mark.parametrize(
    "text",
    [
        "function f() { 'use server' }",
        "() => { 'use strict'; 'use server' }",
        "class C { static async m() { 'use server' } }",
        "x = { get a() { 'use server' } }",
    ],
)
def test_a_directive_of_a_function_marks_the_function(text):
    (string,) = found(text)

    assert string.marks == "function"
    assert string.reason == ""


def test_directives_are_listed_in_the_order_of_the_source():
    strings = found("'use server'\nconst f = () => { 'use server' }\n'use client'")

    assert [string.node.start for string in strings] == sorted(s.node.start for s in strings)
    assert [string.effective for string in strings] == [True, True, False]


def test_the_node_is_that_of_the_string():
    (string,) = found("x; ('use server')")

    assert (string.node.start, string.node.end) == (4, 16)


# --- misplaced -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import 'x'\n'use server'", "after-statement"),
        ("x; 'use client'", "after-statement"),
        (";'use server'", "after-statement"),
        ("function f() { x; 'use server' }", "after-statement"),
        ("('use server')", "parenthesized"),
        ("(('use server'))", "parenthesized"),
        ("x; ('use server')", "parenthesized"),
        ("(`use server`)", "parenthesized"),
        ("`use server`", "template"),
        ("{ `use server` }", "template"),
        ("{ 'use server' }", "in-block"),
        ("if (x) 'use server'", "in-block"),
        ("for (;;) { 'use client' }", "in-block"),
        ("switch (x) { case 1: 'use server' }", "in-block"),
        ("a: 'use server'", "in-block"),
        ("class C { static { 'use server' } }", "class-body"),
        ("'use server'\n.foo", "continued"),
        ("'use server' + x", "continued"),
        ("'use server', x", "continued"),
        ("'use server'\n(x)", "continued"),
        ("'use server'\n[x]", "continued"),
        ("'use server'\n`x`", "continued"),
        ("'use server'\n/ x", "continued"),
        ("'use server' ? x : y", "continued"),
        ("'use server' in x", "continued"),
        ("'use server' || x", "continued"),
        ("'use server'?.x", "continued"),
        ("'use server'.a?.b(c)", "continued"),
        ("'a'; 'use server' + x", "continued"),
        ("() => { 'use server' + x }", "continued"),
        ("function f() { 'use client' }", "in-function"),
    ],
)
def test_a_misplaced_directive_has_its_reason(text, reason):
    (string,) = found(text)

    assert string.reason == f"misplaced-directive.{reason}"
    assert not string.effective


@pytest.mark.parametrize(
    "text", ["'use server' as const", "'use server'!", "'use server' satisfies T"]
)
def test_an_assertion_continues_the_string(text):
    assert reasons(text, "a.ts") == ["misplaced-directive.continued"]


def test_a_type_only_statement_stands_before_a_directive():
    assert reasons("interface A {}\n'use server'", "a.ts") == [
        "misplaced-directive.after-statement"
    ]


def test_a_namespace_has_no_directives():
    assert reasons("namespace A { 'use server'; x() }", "a.ts") == ["misplaced-directive.in-block"]


def test_an_escape_in_a_misplaced_string_does_not_matter():
    assert reasons("x; 'use\\x20server'") == ["misplaced-directive.after-statement"]


# --- misspelt ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("directive", "kind", "meant"),
    [
        ("use\\x20server", "escape", "use server"),
        ("use\\u0020client", "escape", "use client"),
        ("use \\\nserver", "escape", "use server"),
        ("Use Server", "case", "use server"),
        ("USE CLIENT", "case", "use client"),
        ("use  server", "space", "use server"),
        (" use server", "space", "use server"),
        ("use server ", "space", "use server"),
        ("use\u00a0server", "space", "use server"),
        ("use-server", "space", "use server"),
        ("use_client", "space", "use client"),
        ("Use-Server", "space", "use server"),
        ("use sever", "similar", "use server"),
        ("use sevrer", "similar", "use server"),
        ("use servers", "similar", "use server"),
        ("useserver", "similar", "use server"),
        ("use clients", "similar", "use client"),
        ("us client", "similar", "use client"),
        ("use action", "similar", "use server"),
        ("use actions", "similar", "use server"),
    ],
)
def test_a_misspelt_directive_has_its_kind(directive, kind, meant):
    (string,) = found(f"'{directive}'")

    assert string.reason == f"misspelt-directive.{kind}"
    assert string.directive == meant
    assert string.fix == f"write '{meant}'"


def test_a_function_can_have_a_misspelt_directive():
    assert reasons("() => { 'use sever' }") == ["misspelt-directive.similar"]


@pytest.mark.parametrize(
    "directive",
    [
        "use strict", "use asm", "use cache", "use cache: remote", "use memo", "use no memo", "use workflow",
        "use step", "use gpu", "use forget", "use no forget", "server", "use", "use client only", "use server only",
        "use worker", "use serial", "use a server of your own", "", "Copyright",
    ],
)  # fmt: skip
def test_other_directives_are_not_mentioned(directive):
    assert found(f"'{directive}'") == []


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "const s = 'use server'",
        "f('use server')",
        "x = 'use server'",
        "() => 'use server'",
        "x; 'use server' + y",
        "{ 'use server' + x }",
        "x + 'use server'",
        "`use ${server}`",
        "x; 'use sever'",
        "('use sever')",
        "`use sever`",
        "<a b='use server'>use server</a>",
        "import 'use server'",
        "f`use server`",
        "({ 'use server': 1 })",
        "class C { 'use server' = 1 }",
    ],
)
def test_a_string_that_is_no_statement_is_not_mentioned(text):
    assert found(text) == []


# --- whether a file is worth parsing -------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x; 'use server'",
        "// use client",
        "'use sever'",
        '"USE SERVER"',
        "'use\\x20server'",
        "`use server`",
    ],
)
def test_a_text_that_may_hold_a_directive_is_worth_parsing(text):
    assert may_hold_directives(text)


@pytest.mark.parametrize("text", ["", "'use strict'", "useServer()", "reuse('x')", "'use cache'"])
def test_other_texts_are_not(text):
    assert not may_hold_directives(text)
