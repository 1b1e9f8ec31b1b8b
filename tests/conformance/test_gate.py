"""The two-way gate lets nothing through that stands alone."""

import pytest

from conformance import choices, corpus, gate, specification

SPEC = """
> **`a.must`** — must · directive · source: html
> So.

> **`a.should`** — should · directive · source: html
> So.

> **`a.hidden`** — must · directive · source: html · untestable: nobody sees it
> So.
"""
CASE = """
- id: a/{name}
  clause: {clause}
  title: It is so.
  origin: spec
  polarity: {polarity}
  files: {{a.js: ''}}
  exposes: []
"""
COMPLETE = [("a.must", "positive"), ("a.must", "negative"), ("a.should", "positive")]


@pytest.fixture
def found(tmp_path):
    def find(points=COMPLETE, code='"""Clauses: a.must, a.should"""'):
        text = "".join(
            CASE.format(name=f"case-{n}", clause=clause, polarity=polarity)
            for n, (clause, polarity) in enumerate(points)
        )
        (tmp_path / "a.yaml").write_text(text)
        source = tmp_path / "code.py"
        source.write_text(code)
        (file,) = corpus.read_all(tmp_path, choices.load())
        problems = gate.problems(specification.read(SPEC), file.cases, [source], tmp_path)
        return [(problem.code, problem.place.line) for problem in problems]

    return find


def test_a_complete_suite_is_let_through(found):
    assert found() == []


@pytest.mark.parametrize(
    ("left_out", "code"),
    [(0, "gate.no-positive-case"), (1, "gate.no-negative-case"), (2, "gate.no-case")],
)
def test_a_missing_case_is_not_let_through(found, left_out, code):
    points = [point for n, point in enumerate(COMPLETE) if n != left_out]

    assert [code for code, _ in found(points)] == [code]


def test_a_clause_no_code_names_is_not_let_through(found):
    assert found(code="# Clause: a.must\n") == [("gate.unnamed-clause", 5)]


def test_code_that_names_no_clause_is_not_let_through(found):
    code = '"""One.\n\nClauses: a.must, a.should,\n    a.nothing.\n"""'

    assert found(code=code) == [("gate.unknown-clause", 4)]


def test_a_grammar_names_clauses_in_its_comments(tmp_path):
    grammar = tmp_path / "a.lark"
    grammar.write_text("// clause: a.must\nstart: X\n")

    assert [slug for slug, _ in gate.names_in(grammar, tmp_path)] == ["a.must"]


def test_an_annotation_is_no_clause(tmp_path):
    source = tmp_path / "a.py"
    source.write_text("clause: str = ''\n")

    assert [*gate.names_in(source, tmp_path)] == []
