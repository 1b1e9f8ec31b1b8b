"""A syntax error is one line that says where, what was expected in words, and the likely fix."""

from __future__ import annotations

import pytest

from refimpl.source.diagnostics import SyntaxDiagnostic, as_json, render
from refimpl.source.parser import parse
from refimpl.source.text import Source


def diagnostic(text, name="a.js"):
    source = Source(name, text)
    with pytest.raises(SyntaxDiagnostic) as caught:
        parse(source)
    return caught.value.diagnostic, source


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("f(a b)", "1:5: error[syntax]: expected `,` or `)`, found `b`"),
        ("const = 1", "1:7: error[syntax]: expected a name or a pattern, found `=`"),
        ("1 = = 2", "1:5: error[syntax]: expected an expression, found `=`"),
        ("let x = 5 5", "1:11: error[syntax]: expected `,`, `;` or a line break, found `5`"),
        ("a ? b", "1:6: error[syntax]: expected `:`, found the end of the file"),
        ("({a:1,,})", "1:7: error[syntax]: expected a property or `}`, found `,`"),
        ("}", "1:1: error[syntax]: expected a statement or the end of the file, found `}`"),
        ("import from 'x'", "1:13: error[syntax]: expected `,` or `from`, found a string"),
        ("export { a b }", "1:12: error[syntax]: expected `as`, `,` or `}`, found `b`"),
        (
            "switch (x) { foo }",
            "1:14: error[syntax]: expected `case`, `default` or `}`, found `foo`",
        ),
        (
            "let a\u200b = 1",
            "1:6: error[syntax]: expected `,`, `;` or a line break, found the character '\\u200b'",
        ),
    ],
)
def test_what_was_expected_is_said_in_words(text, line):
    found, _ = diagnostic(text)

    assert f"a.js:{line}" == str(found)


@pytest.mark.parametrize(
    ("name", "text", "code", "fix"),
    [
        ("a.js", "let s = 'abc\nfoo()", "syntax.unclosed-string", "add '"),
        ("a.js", "let s = `abc", "syntax.unclosed-template", "add a backtick at its end"),
        ("a.js", "x = `a${b`", "syntax.unclosed-template", "add a backtick at its end"),
        ("a.js", "/* abc\nfoo()", "syntax.unclosed-comment", "add `*/` at its end"),
        ("a.js", "x = /abc", "syntax.unclosed-regexp", "add `/` at its end"),
        ("a.js", "a => { ", "syntax.unclosed-bracket", None),
        ("a.js", "let class = 1", "syntax.reserved-word", "choose another name"),
        ("a.js", "<!-- x", "syntax.html-comment", "write `//`"),
        ("a.js", "x\n--> y", "syntax.html-comment", "write `//`"),
        ("a.js", "if (a) let b", "syntax.declaration-position", "put it in `{ }`"),
        ("a.js", "{ using a = b }", "syntax.using", None),
        ("a.js", "throw\nx", "syntax.line-break", "write both on one line"),
        ("a.js", "x = <b><c></b></c>", "syntax.jsx-closing-tag", "write `</c>`"),
        ("a.js", "x = <></b>", "syntax.jsx-closing-tag", "write `</>`"),
        ("a.js", "x = <div>", "syntax.unclosed-element", "add `</div>`"),
        ("a.js", "let x: T", "syntax.typescript-in-javascript", "rename it to .ts or .tsx"),
        ("a.js", "'a' as b", "syntax.typescript-in-javascript", "rename it to .ts or .tsx"),
        ("a.mjs", "x = <b/>", "syntax.jsx-not-here", "rename it to .js or .jsx"),
        ("a.ts", "x = <b/>", "syntax.jsx-not-here", "rename it to .tsx"),
    ],
)
def test_a_frequent_mistake_has_its_own_code_and_fix(name, text, code, fix):
    found, _ = diagnostic(text, name)

    assert (code, fix) == (found.code, found.fix)


def test_a_missing_bracket_is_reported_with_the_place_it_was_opened():
    found, _ = diagnostic("function f() {\n  return [1, 2\n}\n")

    expected = "expected `]` to close the `[` of line 2, column 10, found `}`"
    assert expected == found.message


def test_a_mismatched_tag_names_both():
    found, _ = diagnostic("x = <a.b></c:d>")

    assert found.message == "`<a.b>` is closed by `</c:d>`"


@pytest.mark.parametrize(
    ("text", "caret"),
    [
        ("f(a b)", "        ^"),
        ("\tf(a bc)", "            ^^"),
        ("'\N{CJK UNIFIED IDEOGRAPH-6F22}' b", "         ^"),
        ("'\U0001f600' b", "         ^"),
        ("'e\N{COMBINING ACUTE ACCENT}' b", "        ^"),
    ],
)
def test_the_caret_stands_under_the_place(text, caret):
    found, source = diagnostic(text)

    assert caret == render(found, source).splitlines()[2]


def test_a_long_line_is_shown_around_the_place():
    found, source = diagnostic("x = '" + "a" * 5000 + "' b + '" + "c" * 5000 + "'")
    _, shown, caret = render(found, source).splitlines()

    assert len(shown) < 120
    assert shown[caret.index("^")] == "b"


def test_control_characters_and_lone_surrogates_are_shown_as_a_mark():
    found, source = diagnostic("'\x1b\ud800' b")
    _, shown, _ = render(found, source).splitlines()

    assert shown == "1 | '\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}' b"


def test_an_error_at_the_end_of_the_file_is_shown_after_the_last_character():
    found, source = diagnostic("f(")
    _, _, caret = render(found, source).splitlines()

    assert caret == "      ^"


def test_a_diagnostic_is_plain_data_for_a_program():
    found, _ = diagnostic("f(a b)")

    data = as_json(found)
    assert (
        data["code"],
        data["line"],
        data["column"],
        data["severity"],
    ) == ("syntax", 1, 5, "error")
