"""Trees: what each piece of syntax becomes, and where it says it stands."""

from __future__ import annotations

import contextlib
import gc
import math

import pytest

from refimpl.source import nodes
from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.lexer import Lexer
from refimpl.source.parser import MAXIMUM_STACK, parse
from refimpl.source.tables import Language
from refimpl.source.text import MAXIMUM_SIZE, Source


def program(text, name="test.js", goal="module"):
    return parse(Source(name, text), goal)


def expression(text, name="test.js"):
    (statement,) = program(f"x = {text}", name).body
    return statement.expression.right


def refused(text, name="test.js", goal="module"):
    with pytest.raises(SyntaxDiagnostic) as caught:
        program(text, name, goal)
    return caught.value.diagnostic


def kinds(text, name="test.js"):
    return [type(statement).__name__ for statement in program(text, name).body]


def spelled(node, text):
    return text[node.start : node.end]


# --- places --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "spelling"),
    [
        ("a + b * c", "BinaryExpression", "a + b * c"),
        ("  f ( x ) ;", "CallExpression", "f ( x )"),
        ("(a, b)", "ParenthesizedExpression", "(a, b)"),
        ("(a, b)", "SequenceExpression", "a, b"),
        ("x = a => b\n", "ArrowFunctionExpression", "a => b"),
        ("let a = 1 // c", "VariableDeclarator", "a = 1"),
        ("let a = 1\nlet b", "VariableDeclaration", "let a = 1"),
        ("x = { m() { } }", "FunctionExpression", "() { }"),
        ("x = { [k]() { } }", "FunctionExpression", "() { }"),
        ("x = { get a() { } }", "Property", "get a() { }"),
        ("`a${b}c`", "TemplateElement", "a"),
        ("a?.b.c", "ChainExpression", "a?.b.c"),
        ("a?.b.c", "MemberExpression", "a?.b.c"),
        ("class A { static x = 1; }", "PropertyDefinition", "static x = 1;"),
        ("export { a as b }", "ExportSpecifier", "a as b"),
        ("import a, { b } from 'c'", "ImportSpecifier", "b"),
        ("'use server' ; f()", "Directive", "'use server' ;"),
        ("x = <a b='c'>d</a>", "JSXElement", "<a b='c'>d</a>"),
        ("x = <a b='c'>d</a>", "JSXText", "d"),
    ],
)
def test_a_node_is_exactly_its_characters(text, kind, spelling):
    found = [node for node in program(text).walk() if type(node).__name__ == kind]

    assert spelling == spelled(found[0], text)


def test_a_program_is_the_whole_text():
    text = " \n a \n "
    tree = program(text)

    assert (0, len(text)) == (tree.start, tree.end)


def test_every_node_lies_inside_its_parent():
    text = "async function f({ a = 1, ...b }, [c]) { for await (const x of y) { `${x}` } }"
    for node in program(text).walk():
        for child in node.iterate():
            assert node.start <= child.start <= child.end <= node.end


# --- literals and names --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1_000", 1000.0),
        ("0xfF", 255.0),
        ("0b1_1", 3.0),
        ("0o17", 15.0),
        (".5e1", 5.0),
        ("5.", 5.0),
        ("1e400", math.inf),
        ("'a\\n\\x41\\u0042\\u{43}'", "a\nABC"),
        ("'a\\\r\nb'", "ab"),
        ("'\\0'", "\0"),
        ('"\u2028"', "\u2028"),
        ("'\U0001f600'", "\ud83d\ude00"),
        ("'\\u{1F600}'", "\ud83d\ude00"),
        ("'\\ud83d'", "\ud83d"),
        ("null", None),
        ("true", True),
    ],
)
def test_a_literal_has_its_value(text, value):
    assert value == expression(text).value


def test_a_big_integer_is_exact():
    assert expression(f"{2**70}n").value == 2**70


def test_a_regular_expression_is_its_pattern_and_flags():
    literal = expression("/[/\\]]+/giv")

    assert (literal.pattern, literal.flags) == ("[/\\]]+", "giv")


def test_a_template_is_cooked_and_raw_with_line_feeds():
    (quasi,) = expression("`a\\n\r\nb`").quasis

    assert (quasi.cooked, quasi.raw) == ("a\n\nb", "a\\n\nb")


def test_an_invalid_escape_in_a_template_has_no_cooked_text():
    (quasi,) = expression("tag`\\u{}`").quasi.quasis

    assert quasi.cooked is None


def test_an_escaped_name_is_decoded_and_remembered_as_escaped():
    name = expression("\\u0061b")

    assert (name.name, name.escaped) == ("ab", True)


def test_a_name_beyond_the_basic_plane_is_code_units():
    assert expression("\U0001d49c").name == "\ud835\udc9c"


def test_jsx_text_decodes_character_references_and_keeps_space():
    (text,) = expression("<a> &lt;&#65;&nbsp &copy; </a>").content

    assert text.value == " <A&nbsp \N{COPYRIGHT SIGN} "


def test_a_jsx_string_has_no_escapes():
    (attribute,) = expression("<a b='\\n&amp;' />").attributes

    assert attribute.value.value == "\\n&"


@pytest.mark.parametrize("text", ["010", "08", "1__0", "1_", "0x", "3in []", "1a", "0_1", "1n.5n2"])
def test_a_malformed_number_is_refused(text):
    refused(text)


@pytest.mark.parametrize("text", ["'\\8'", "'\\01'", "'\\x4'", "'\\u{110000}'", "'\\u12'"])
def test_an_escape_that_strict_code_lacks_is_refused(text):
    assert refused(text).code == "syntax.escape"


# --- what a character means where -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a / b / c", "BinaryExpression"),
        ("a = /b/", "RegExpLiteral"),
        ("if (a) /b/.c", "RegExpLiteral"),
        ("({}) / 1", "BinaryExpression"),
        ("{} /b/.c", "RegExpLiteral"),
        ("x = {} / 1 / 2", "BinaryExpression"),
        ("a++ / 2", "BinaryExpression"),
        ("`${{}}`", "ObjectExpression"),
        ("a?.5:1", "ConditionalExpression"),
        ("a?.b", "ChainExpression"),
        ("({ get, set, async, static: 1, of })", "ObjectExpression"),
        ("async (a)", "CallExpression"),
        ("async (a) => b", "ArrowFunctionExpression"),
        ("async a => b", "ArrowFunctionExpression"),
        ("a < b > c", "BinaryExpression"),
        ("(a, b) => c", "ArrowFunctionExpression"),
        ("({ a = 1 }) => a", "ObjectPattern"),
        ("({ a = 1 } = b)", "ObjectPattern"),
        ("#x in y", None),
    ],
)
def test_the_parser_decides_what_a_character_is(text, kind):
    if kind is None:
        text, kind = f"class A {{ #x; static f(y) {{ return {text} }} }}", "PrivateIdentifier"

    assert kind in {type(node).__name__ for node in program(text).walk()}


# --- automatic semicolon insertion ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("a\nb", ["ExpressionStatement"] * 2),
        ("a\n(b)", ["ExpressionStatement"]),
        ("a\n++b", ["ExpressionStatement"] * 2),
        ("a\n/b/c", ["ExpressionStatement"]),
        ("a\n`b`", ["ExpressionStatement"]),
        ("a /*\n*/ b", ["ExpressionStatement"] * 2),
        ("do a; while (b) c", ["DoWhileStatement", "ExpressionStatement"]),
        ("if (a) b\nelse c", ["IfStatement"]),
        ("var a\nvar b", ["VariableDeclaration"] * 2),
        ("{ a }", ["BlockStatement"]),
        ("let x\nlet y", ["VariableDeclaration"] * 2),
        ("a = b\n=> c", None),
        ("a b", None),
        ("for (a; b\n)", None),
        ("if (a)\nelse b", None),
        ("throw\na", None),
        ("{ 1 2 } 3", None),
        ("a\n!b", ["ExpressionStatement"] * 2),
        ("import a from 'b'\nexport * from 'c'", ["ImportDeclaration", "ExportAllDeclaration"]),
    ],
)
def test_semicolons_are_inserted_by_the_three_rules(text, statements):
    if statements is None:
        refused(text)
    else:
        assert statements == kinds(text)


@pytest.mark.parametrize("word", ["return", "break", "continue", "yield"])
def test_a_line_break_after_a_restricted_word_ends_the_statement(word):
    body = program(f"function* f() {{ a: while (1) {{ {word}\na }} }}").body[0].body.body
    inner = body[0].body.body.body

    assert len(inner) == 2


def test_yield_goes_on_over_a_line_break_before_an_operator():
    (statement,) = program("function* f() { yield\n, b }").body[0].body.body

    assert isinstance(statement.expression, nodes.SequenceExpression)


# --- directives ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("'use server'", 1),
        ("'a'; 'b'", 2),
        ("'a'\n'b'\nf()", 2),
        ("'a'\n(b)", 0),
        ("'a'\n+ b", 0),
        ("'a'.length", 0),
        ("'a', b", 0),
        ("('a')", 0),
        ("`a`", 0),
        (";'a'", 0),
        ("f(); 'a'", 0),
        ("/* c */ 'a' // d", 1),
        ("#!/usr/bin/env node\n'a'", 1),
    ],
)
def test_the_prologue_holds_what_stands_first_and_alone(text, count):
    assert count == len(program(text).directives)


@pytest.mark.parametrize(
    "text", ["'a' as const", "'a'!", "'a' satisfies string", "type T = 1; 'a'"]
)
def test_typescript_around_or_before_a_string_makes_it_no_directive(text):
    assert program(text, "test.ts").directives == []


def test_a_directive_keeps_its_characters_and_its_quote():
    (directive,) = program('"use\\x20server"').directives

    assert (directive.raw, directive.quote) == ("use\\x20server", '"')


# --- dialects ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("x = <a/>", {"js", "cjs", "jsx", "tsx"}),
        ("x = <T,>(a: T) => a", {"ts", "mts", "cts", "tsx"}),
        ("x = <T>(a: T) => a", {"ts", "mts", "cts"}),
        ("x = <T>a", {"ts", "mts", "cts"}),
        ("let x: number", {"ts", "mts", "cts", "tsx"}),
        ("enum A { B }", {"ts", "mts", "cts", "tsx"}),
        ("f<A>(b)", {"js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"}),
        ("x = a as b", {"ts", "mts", "cts", "tsx"}),
        ("class A implements B {}", {"ts", "mts", "cts", "tsx"}),
    ],
)
def test_the_extension_decides_the_dialect(text, accepted):
    def accepts(extension):
        try:
            program(text, f"test.{extension}")
        except SyntaxDiagnostic:
            return False
        return True

    extensions = ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"]

    assert accepted == {extension for extension in extensions if accepts(extension)}


# --- TypeScript ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "type A = B<C<D>>",
        "let f: (a: number, b?: string) => void",
        "let f: ({ a }: B, [c]: D) => asserts a is B",
        "let f: new <T>(a: T) => T",
        "let t: [a: string, b?: number, ...rest: C[]]",
        "type A = { readonly [K in keyof B as `x${K}`]?: B[K] }",
        "type A = B extends infer C extends D ? C : never",
        "function f(this: A, b: B): b is C { return 1 }",
        "function f(a: string): void\nfunction f(a: any) {}",
        "abstract class A<in T> extends B<T> implements C { abstract d(): void; private readonly e!: F }",
        "let x = a ? (b) : c => d",
        "let x = a ? (b): c => d : e",
        "f(a < b, c > d)",
        "f<A<B>>(c); new D<E>; g<H>`i`",
        "import type { A } from 'b'; import { type C, D } from 'b'; export type { A }",
        "import a = require('b'); export = a",
        "declare module 'a' { export const b: c }",
        "namespace A.B { export type C = 1 }",
        "let x = y as unknown as [a, b], z = <const>['w']",
        "export default interface A { (b: C): D; new (e: F): G; readonly [h: string]: I }",
        "const f = async <T,>(a: T): Promise<T> => a",
        "x = y satisfies Z\n[0]",
    ],
)
def test_typescript_is_accepted(text):
    program(text, "test.ts")


def test_types_leave_nothing_in_the_tree():
    with_types = program("function f<T>(a: T, b?: T[]): T { return a! as T }", "test.ts")
    kinds_left = {type(node).__name__ for node in with_types.walk()}

    assert {
        "Program",
        "FunctionDeclaration",
        "Identifier",
        "FunctionBody",
        "ReturnStatement",
        "TSAs",
    } == kinds_left


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("interface A {}", "interface"),
        ("type A = 1", "type"),
        ("declare const a: 1", "declare"),
        ("import type A from 'b'", "import type"),
        ("function f(): void;", "function"),
        ("namespace A { type B = 1 }", "namespace"),
    ],
)
def test_an_erased_statement_stays_as_a_place(text, keyword):
    (statement,) = program(text, "test.ts").body

    assert (nodes.TSDeclaration, keyword) == (type(statement), statement.keyword)


def test_a_parameter_property_is_in_the_tree():
    (statement,) = program("class A { constructor(private a = 1) {} }", "test.ts").body
    (parameter,) = statement.body.body[0].value.params

    assert isinstance(parameter, nodes.TSParameterProperty)


# --- limits and manners --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["(" * 10_000 + ")" * 10_000, "[" * 10_000 + "]" * 10_000, "({a:" * 10_000, "f(" * 10_000],
    ids=["parentheses", "brackets", "objects", "calls"],
)
def test_deep_nesting_gives_a_tree_or_a_named_error(text):
    with contextlib.suppress(SyntaxDiagnostic):
        program(text)


def test_size_is_a_named_limit():
    assert refused(" " * (MAXIMUM_SIZE + 1)).code == "syntax.limit.size"


def test_nesting_is_a_named_limit():
    assert refused("!" * (MAXIMUM_STACK + 1) + "a").code == "syntax.limit.nesting"


def test_a_pattern_as_deep_as_an_expression_needs_no_recursion():
    program("[" * 3000 + "a" + "]" * 3000 + " = b")


def test_nested_readings_are_a_named_limit():
    text = "x ? (a) : b => " * 100 + "1" + " : 2" * 100

    assert refused(text, "test.ts").code == "syntax.limit.lookahead"


@pytest.mark.parametrize("text", ["a", "a b"])
def test_the_garbage_collector_is_left_as_it_was_found(text):
    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        try:
            with contextlib.suppress(SyntaxDiagnostic):
                program(text)

            assert enabled == gc.isenabled()
        finally:
            gc.enable()


@pytest.mark.parametrize(
    "series",
    [
        lambda n: "((a=" * n + "1" + ")=>1)" * n,
        lambda n: "({a=" * n + "1" + "})=>1" * n,
        lambda n: "(async(a)=>" * n + "1" + ")" * n,
        lambda n: "x?(a):" * n + "1",
        lambda n: "f(a" + "<a" * n + ")",
        lambda n: "f<" + "A<" * n + "B" + ">" * n + ">(x)",
        lambda n: "type X = " + "({a}: " * n + "B" + ")=>C" * n,
        lambda n: "`${" * n + "1" + "}`" * n,
    ],
)
def test_twice_the_nesting_asks_the_lexer_twice_as_often(series, monkeypatch):
    asked = []
    choose = Lexer.choose
    monkeypatch.setattr(Lexer, "choose", lambda *args: asked.append(1) or choose(*args))

    def questions(size):
        asked.clear()
        program(series(size), "test.ts")
        return len(asked)

    assert questions(200) <= 2.1 * questions(100)


@pytest.mark.slow
def test_a_long_regular_text_after_every_brace_is_not_read_again_and_again(monkeypatch):
    matched = []
    matcher = Language.matcher
    monkeypatch.setattr(
        Language, "matcher", lambda *args: matched.append(args[1]) or matcher(*args)
    )
    program("f(() => { g() })\n" * 100)

    assert "TEMPLATE_TAIL" not in matched


def test_await_is_a_name_in_a_script_outside_async_functions():
    program("var await; (function () { await(1) }); x = { m() { await } }", goal="script")


def test_await_is_an_operator_in_an_async_function_of_a_script():
    tree = program("async function f() { await 1 }", goal="script")

    assert any(isinstance(node, nodes.AwaitExpression) for node in tree.walk())


@pytest.mark.parametrize("text", ["", " ", "\n", "// a", "/* a */", "\ufeff", "#!a"])
def test_a_text_without_statements_is_a_program(text):
    assert program(text).body == []


@pytest.mark.parametrize(
    "text",
    [
        "[...a,] = b",
        "({ ...a, } = b)",
        "([...a, b]) => 1",
        "(a.b) => 1",
        "((a)) => 1",
        "({ a: (b) }) => 1",
        "([a.b] = []) => 1",
        "({ m() {} } = a)",
        "({ ...{ a } } = b)",
        "async (...a,) => 1",
        "async (...a = 1) => 1",
        "() + 1",
        "(a,)",
        "(...a)",
        "new a?.b()",
        "a?.`b`",
        "a?.b\n`c`",
        "-1 ** 2",
        "a ?? b || c",
        "for (async of []) ;",
        "switch (1) { default: default: }",
        "try {}",
        "new.other",
        "import.other",
        "if (a) function f() {}",
        "if (a) class B {}",
        "if (a) let b",
        "let let = 1",
        "function* f() { yield\n* 2 }",
        "export { a } b",
        "<a></b>",
        "<></a>",
        "var\\u0020a",
        "f\\u{6f}r (;;) ;",
    ],
)
def test_what_the_grammar_does_not_have_is_refused(text):
    refused(text)
