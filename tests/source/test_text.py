"""Source texts: bytes that are no program, lines and columns, dialects."""

from __future__ import annotations

import pytest

from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.text import MAXIMUM_SIZE, Source, code_units, spells_a_directive


def refused(data):
    with pytest.raises(SyntaxDiagnostic) as caught:
        Source.from_bytes("a.js", data)
    return caught.value.diagnostic


def test_bytes_that_are_not_utf_8_are_refused_with_their_offset():
    found = refused(b"abc\xff")

    assert (found.code, found.message) == ("syntax.encoding", "byte 0xff at offset 3 is not UTF-8")


def test_a_binary_file_is_refused_with_the_offset_of_its_first_nul():
    found = refused(b"ab\0c")

    assert found.code == "syntax.binary"
    assert "offset 2" in found.message


def test_a_file_over_the_limit_is_refused_without_being_read():
    assert refused(b" " * (MAXIMUM_SIZE + 1)).code == "syntax.limit.size"


def test_a_byte_order_mark_is_no_character_of_the_text():
    assert Source.from_bytes("a.js", b"\xef\xbb\xbf'use server'").text == "'use server'"


def test_an_empty_file_is_a_text():
    assert Source.from_bytes("a.js", b"").text == ""


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\u2028", "\u2029"])
def test_a_line_ends_where_ecmascript_says(line_break):
    source = Source("a.js", f"ab{line_break}cd")

    assert source.position(source.text.index("d")) == (2, 2)
    assert [source.line(1), source.line(2)] == ["ab", "cd"]


def test_the_end_of_the_text_has_a_position():
    assert Source("a.js", "a\n").position(2) == (2, 1)


@pytest.mark.parametrize(
    ("name", "jsx", "typescript"),
    [
        ("a.js", True, False),
        ("a.cjs", True, False),
        ("a.jsx", True, False),
        ("a.mjs", False, False),
        ("a.ts", False, True),
        ("a.mts", False, True),
        ("a.cts", False, True),
        ("a.tsx", True, True),
        ("dir.ts/a", True, False),
        ("A.TSX", True, True),
    ],
)
def test_a_dialect_follows_from_the_name(name, jsx, typescript):
    dialect = Source(name, "").dialect

    assert (jsx, typescript) == (dialect.jsx, dialect.typescript)


def test_code_units_split_astral_characters_and_keep_lone_surrogates():
    assert code_units("a\U0001f600\ud800") == "a\ud83d\ude00\ud800"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("'use server'", True), ('f("use client")', True), ("'use strict'", False), ("", False)],
)
def test_a_text_that_spells_no_directive_needs_no_parse(text, spelled):
    assert spells_a_directive(text) == spelled
