"""SPEC.md is read clause by clause, and what is wrong with it is said."""

import pytest

from conformance import specification

ONE = "> **`directive.quotes`** — must · directive · source: react-docs\n> Between quotes.\n"


def codes(text):
    return [problem.code for problem in specification.read(text).problems]


def test_a_clause_has_a_slug_a_level_a_class_sources_and_a_sentence():
    text = "## 2.1 Text\n\n> **`a.b-c`** — should · wire · source: html, decision\n> One line\n> and another.\n"

    (clause,) = specification.read(text).clauses.values()

    assert clause == specification.Clause(
        "a.b-c", "should", "wire", ("html", "decision"), "One line and another.", "2.1 Text", 3
    )


def test_a_clause_can_be_untestable_with_a_reason():
    text = ONE.replace("react-docs", "react-docs · untestable: nobody can see it")

    (clause,) = specification.read(text).clauses.values()

    assert clause.untestable == "nobody can see it"


def test_two_clauses_in_one_quotation_are_two():
    text = ONE + ONE.replace("quotes", "text")

    assert [*specification.read(text).clauses] == ["directive.quotes", "directive.text"]


def test_a_header_in_a_code_block_is_no_clause():
    assert specification.read(f"```\n{ONE}```\n").clauses == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("> **`a.b`** - must · directive · source: html\n> So.\n", "specification.bad-header"),
        ("> **`A.b`** — must · directive · source: html\n> So.\n", "specification.bad-header"),
        ("> **`a.b`** — must · directive\n> So.\n", "specification.bad-header"),
        ("> **`a.b`** — shall · directive · source: html\n> So.\n", "specification.unknown-level"),
        ("> **`a.b`** — must · other · source: html\n> So.\n", "specification.unknown-class"),
        ("> **`a.b`** — must · wire · source: hearsay\n> So.\n", "specification.unknown-source"),
        ("> **`a.b`** — must · wire · source: html\n", "specification.no-sentence"),
        (ONE + "\n" + ONE, "specification.duplicate-slug"),
        (ONE + "\n> ~~`directive.quotes`~~ — retired: why\n", "specification.retired-slug"),
        ("> ~~`a.b`~~ gone\n", "specification.bad-tombstone"),
    ],
)
def test_it_is_one_problem_with_a_code(text, code):
    assert codes(text) == [code]


def test_a_problem_does_not_end_the_reading():
    text = "> **`bad`** must\n\n" + ONE

    assert [*specification.read(text).clauses] == ["directive.quotes"]


def test_a_tombstone_keeps_the_reason():
    text = "> ~~`a.b`~~ — retired: it was two clauses\n"

    assert specification.read(text).retired == {"a.b": "it was two clauses"}


@pytest.mark.parametrize(
    ("prefix", "covered"), [("a", True), ("a.b", True), ("a.bc", False), ("b", False)]
)
def test_a_prefix_is_a_whole_leading_part(prefix, covered):
    assert specification.covers(prefix, "a.b.c") is covered
