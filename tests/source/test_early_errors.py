"""Early errors: what the grammar admits and ECMAScript refuses."""

import pytest

from refimpl.source import load
from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.text import Source


def error(text, name="a.mjs", goal="module"):
    with pytest.raises(SyntaxDiagnostic) as caught:
        load(Source(name, text), goal)
    return caught.value.diagnostic


REFUSED = {
    "restricted-name": [
        "let eval", "var [arguments] = x", "function eval() {}", "(function arguments() {})",
        "class eval {}", "(eval) => 1", "try {} catch (arguments) {}", "import eval from 'x'",
    ],
    "duplicate-binding": ["let a, a"],
    "invalid-target": [
        "class C { [f() = 1]() {} }",
        "class C { [f() = 1] = 2 }",
        "({ [f() = 1]: 2 })",
        "eval = 1", "arguments += 1", "eval++", "f() = 1", "a?.b = 1", "a?.b.c++", "--f()", "1 = 2",
        "[f()] = x", "({a: 1} = x)", "[(a = 1)] = x",
        "({a}) = 1", "[([a])] = x", "for (f() of x);", "this = 1",
        "import.meta = 1", "for (a?.b in x);", "[...[f()]] = x", "({a}) += 1",
    ],
    "shorthand-initializer": ["({a = 1})", "f({a = 1})", "({a: {b = 1}})"],
    "duplicate-proto": ["({__proto__: a, '__proto__': b})"],
    "missing-initializer": ["const a", "let {a}", "for (const a;;);", "var [a]"],
    "misplaced-in": [
        "for (var a = b in c;;);", "for (a = b in c;;);", "for (let a = () => b in c;;);",
        "for (a ? b : c in d;;);",
    ],
    "misplaced-await": [
        "function f() { await 1 }", "() => await 1", "async (a = await 1) => 1",
        "async function f(a = await 1) {}", "class C { x = await 1 }", "class C { static { await 1 } }",
        "function f() { for await (a of b); }", "(a = await 1) => 1",
    ],
    "misplaced-yield": ["function* f(a = yield) {}", "function* f() { (a = yield) => 1 }"],
    "misplaced-return": ["return", "class C { static { return } }", "{ return 1 }"],
    "misplaced-super": [
        "super.x", "function f() { super.x }", "({ m: function () { super.x } })", "class C { m() { super() } }",
        "class C { constructor() { super() } }", "class C extends D { m() { super() } }",
        "class C extends D { x = super() }",
        "class C extends D { static constructor() { super() } }", "({ m() { super() } })",
    ],
    "misplaced-new-target": ["new.target", "() => new.target"],
    "misplaced-arguments": [
        "class C { x = a[arguments] }",
        "class C { x = arguments }", "class C { x = () => arguments }", "class C { static { arguments } }",
    ],
    "accessor-parameters": ["({ get a(b) {} })", "({ set a() {} })", "class C { set a(...b) {} }"],
    "use-strict-parameters": [
        "function f(a = 1) { 'use strict' }", "(...a) => { 'use strict' }", "({ m({a}) { 'use strict' } })",
    ],
    "duplicate-constructor": ["class C { constructor() {} constructor() {} }"],
    "special-constructor": [
        "class C { get constructor() {} }", "class C { *constructor() {} }", "class C { async 'constructor'() {} }",
    ],
    "static-prototype": ["class C { static prototype() {} }", "class C { static get 'prototype'() {} }"],
    "field-name": ["class C { constructor = 1 }", "class C { static prototype }", "class C { 'constructor' }"],
    "private-constructor": ["class C { #constructor }"],
    "duplicate-private-name": [
        "class C { get #a() {} #a }",
        "class C { #a; #a }", "class C { #a; get #a() {} }", "class C { get #a() {} get #a() {} }",
        "class C { get #a() {} static set #a(b) {} }",
    ],
    "undeclared-private-name": [
        "class C { m() { this.#a } }", "a.#b", "class C extends a.#b { #b }", "class C { m() { #a in b } }",
    ],
    "delete-private-name": ["class C { #a; m() { delete this.#a } }", "class C { #a; m() { delete (this?.#a) } }"],
    "delete-name": ["delete a", "delete ((a))"],
    "malformed-escape": ["x = `\\u`", "x = `\\1`"],
    "with": ["with (a) b"],
    "duplicate-label": ["a: a: 1", "a: { b: a: 1 }"],
    "undeclared-label": ["a: 1; for (;;) break a", "a: for (;;) { () => { for (;;) continue a } }", "break a"],
    "continue-label": ["for (;;) { a: { continue a } }"],
    "misplaced-break": ["break", "for (;;) { () => { break } }"],
    "misplaced-continue": ["continue", "switch (1) { case 1: continue }"],
    "duplicate-export": [
        "export let a; export {a}", "export default 1; export default 2", "let a; export {a, a as 'a'}",
        "export * as a from 'x'; export let a", "export function a() {} export {a}",
        "export const {a, b: [c]} = x; export {c}",
    ],
    "undeclared-export": ["export {a}", "export {a as b}", "{ let a } export {a}"],
    "export-of-string": ["export {'a'}", "export {'a' as b}"],
    "ill-formed-name": [
        "export * as '\\uD800' from 'x'","let a; export {a as '\\uD800'}", "import {'\\uDC00' as a} from 'x'"],
    "duplicate-attribute": ["import a from 'x' with {type: 'json', 'type': 'json'}"],
    "regexp.range": ["/[b-a]/"],
    "regexp.flags": ["/a/gg", "/a/q", "/a/uv"],
}  # fmt: skip

#: What the grammar refuses already, so that no rule here has to.
REFUSED_BY_THE_GRAMMAR = [
    "if (a) function f() {}",
    "if (a) b; else class C {}",
    "for (;;) async function f() {}",
    "while (a) function* f() {}",
    "a: function f() {}",
    "if (a) function f() {}.b()",
    "do class C {}; while (a)",
    "let l\\u0065t = 1",
    "var yield",
    "x = { implements }",
    "static: 1",
    "import {a as package} from 'x'",
    "function f(await) {}",
    "(async (await) => 1)",
    "export { if }",
    "var \\u{61}wait",
    "\\u0061wait: 1",
    "[...a, b] = x",
    "[...a,] = x",
    "({...a, b} = x)",
    "let [...a, b] = x",
    "for (let a = 1 of b);",
    "for (var a = 1 in b);",
    "for (async of x);",
    "010",
    "08",
    "09.5",
    "x = '\\1'",
    "x = '\\08'",
    "'\\7'",
    "x = { '\\1': 1 }",
    "function f() { '\\07' }",
    "a?.b`c`",
    "a?.`c`",
    "a?.b.c`d`",
    "new a?.b()",
    "new import('x')",
    "({a() {}} = x)",
    "({get a() {}} = x)",
    "({...{a}} = x)",
    "[...a = 1] = x",
    "a + b = c",
    "x = '\\xg1'",
    "x = '\\u{110000}'",
]


@pytest.mark.parametrize("text", REFUSED_BY_THE_GRAMMAR)
def test_it_is_refused_by_the_grammar(text):
    assert error(text).code.partition(".")[0] == "syntax"


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts]
)
def test_it_is_refused_with_its_code(code, text):
    assert error(text).code == f"syntax.{code}"


ACCEPTED = [
    "({eval: 1, arguments: 2, if: 3, await: 4})",
    "a.eval = a.if",
    "({...a, b: 1})",
    "[, a, , ...b] = c",
    "(a) = 1; ((a.b)) = 2; [(a), (a.b) = 1] = c",
    "[a, [b.c], {d: e[f], ...g.h}, ...i] = j",
    "({__proto__: a, __proto__() {}, ['__proto__']: b})",
    "var __proto__; ({__proto__, __proto__})",
    "({__proto__: a, __proto__: b} = c)",
    "({a = 1} = b); [{a = 1}] = c; for ({a = 1} of b);",
    "({a = 1}) => a",
    "for (let a = (b in c);;);",
    "for (let a = [b in c];;);",
    "for (a ? b in c : d;;);",
    "for (let a = () => { b in c };;);",
    "for await (async of x);",
    "for ((async) of x);",
    "async function f() { for await (const a of b); await 1; async () => await 2 }",
    "await 1",
    "function* f() { yield; yield* 1 }",
    "({ m() { super.x; () => super.y } })",
    "class C extends D { constructor() { super(); () => super() } x = super.y; static { super.z } }",
    "class C { x = new.target; static { new.target } }",
    "class C { x = function () { arguments } }",
    "class C { get #a() {} set #a(b) {} static { C.#a } }",
    "class C { #a; m() { class D { [this.#a] = this.#a } return #a in this } }",
    "class C { static constructor() {} static get constructor() {} prototype() {} ['constructor']() {} }",
    "class C { 'constructor'() {} }",
    "class C { constructor() { new.target } }",
    "a: { break a }",
    "for (;;) break",
    "({'a': 1, 'b': 2})",
    "({__proto__: a, get __proto__() {}})",
    "switch (1) { case 1: break }",
    "async () => function () {}",
    "for (let a = b < c;;);",
    "class C { prototype; static x }",
    "if (a) f; else c(function () {})",
    "if (a) (function () {})()",
    "a: b: for (;;) { continue a }",
    "a: 1; a: 2",
    "a: () => { a: 1 }",
    "for (;;) { switch (1) { case 1: continue; default: break } }",
    "f`\\u \\1 \\x`",
    "new (a?.b)()",
    "new (import('x'))",
    "(a?.b)`c`",
    "x = '\\0 \\x41 \\u{10FFFF} \\u{0000041}'",
    "0; 0.5; 0x1F; 0b1; 0o7; 0n; 0e1",
    "delete a.b; delete a[b]; delete a?.b; delete f()",
    "export {a as default, a as b}; let a",
    "export {if} from 'x'; export {'a' as 'b'} from 'x'; export * from 'y'; export * from 'z'",
    "import {if as a, 'b c' as d} from 'x' with {type: 'json'}",
    "function f(a = 1) { 'use server' }",
    "function f(a) { 'use strict' }",
    "/[a-z]/dgimsy; /[a-z]/v; /]{/",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_it_is_accepted(text):
    load(Source("a.mjs", text))


# --- scripts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["var await", "await: 1", "function await() {}", "class C { await() {} }", "var \\u0061wait"],
)
def test_await_is_a_name_in_a_script(text):
    load(Source("a.mjs", text), "script")


@pytest.mark.parametrize(
    "text",
    [
        "async function f() { var await }",
        "(async function await() {})",
        "class C { static { await } }",
        "class C { static { (await) => 1 } }",
        "async (x = await) => 1",
        "class C { static { (x = await) => 1 } }",
        "class C { static { await: 1 } }",
        "class C { static { var await } }",
    ],
)
def test_await_is_reserved_in_async_code_of_a_script(text):
    assert error(text, goal="script").code in {
        "syntax.reserved-word",
        "syntax.misplaced-await",
        "syntax",
    }


def test_new_target_is_fine_in_a_function_of_a_script():
    load(Source("a.mjs", "function f() { new.target }"), "script")


def test_import_meta_is_refused_in_a_script():
    assert error("import.meta", goal="script").code == "syntax.misplaced-import-meta"


def test_top_level_functions_of_a_script_may_be_declared_twice():
    load(Source("a.mjs", "function f() {} function f() {} var f"), "script")


# --- TypeScript ----------------------------------------------------------------------------------


def test_an_assertion_does_not_hide_an_assignment_target():
    load(Source("a.ts", "(a as any) = 1; a! = 2; (a.b as any)++"))


def test_a_string_is_no_local_name_in_typescript_either():
    assert error("export {'a'}", "a.ts").code == "syntax.export-of-string"


def test_an_assertion_does_not_make_a_target():
    assert error("(f() as any) = 1", "a.ts").code == "syntax.invalid-target"


def test_an_optional_chain_is_named_as_what_cannot_be_assigned():
    assert "`?.`" in error("a?.b = 1").message


def test_the_parameters_of_a_function_are_named_as_the_wrong_place():
    assert "parameters" in error("async (a = await 1) => 1").message


# --- the report ----------------------------------------------------------------------------------


def test_the_first_error_in_the_source_is_reported():
    assert error("let a;\nlet b; let b;\nreturn").line == 2


def test_the_place_is_that_of_the_culprit():
    found = error("let x = 1;\n  let x = 2;")

    assert (found.line, found.column, found.end - found.start) == (2, 7, 1)


def test_a_duplicate_says_where_the_first_is():
    assert "line 1" in error("let x = 1;\n  let x = 2;").message


def test_a_problem_in_a_pattern_is_reported_inside_the_literal():
    found = error("let x = /ab[d-c]/")

    assert found.column == 13


def test_an_error_names_its_clause():
    assert error("return").clause == "source.syntax"


# --- depth ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "(" * 300 + "a" + ")" * 300,
        "[" * 300 + "]" * 300,
        "{" * 300 + "}" * 300,
        "a" + ".b" * 5000,
        "a" + "()" * 5000,
        "a" + "+ b" * 5000,
        "() => " * 300 + "1",
    ],
)
def test_depth_is_no_crash(text):
    load(Source("a.mjs", text))
