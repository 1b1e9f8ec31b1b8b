"""What people read fits into 80 columns and needs no colour."""

import pytest

from conformance.notation import load
from conformance.presentation import brief, numbered, paragraph, side_by_side


def test_narrow_texts_stand_beside_each_other_with_a_mark_where_they_differ():
    assert [*side_by_side("expected", "same\n1", "seen", "same\n2\n3")] == [
        "  expected                              seen",
        "  same                                  same",
        "  1                                   | 2",
        "                                      | 3",
    ]


def test_a_wide_text_comes_before_the_other():
    assert [*side_by_side("expected", "x" * 50, "seen", "y")] == [
        "  expected",
        "    " + "x" * 50,
        "  seen",
        "    y",
    ]


@pytest.mark.parametrize("width", [10, 37, 38, 39, 200])
def test_no_line_is_wider_than_80(width):
    lines = [*side_by_side("expected", "word " * width, "seen", "x" * width)]

    assert max(map(len, lines)) <= 80


def test_a_program_has_line_numbers():
    assert [*numbered("a\n\n  b\n")] == ["   1 | a", "   2 |", "   3 |   b"]


def test_a_caret_line_stands_under_the_line_it_is_about():
    assert [*numbered("a\n  bc\n", caret_line=2)] == ["   1 | a", " > 2 |   bc", "     |   ^^"]


def test_a_line_that_does_not_exist_gets_no_caret():
    assert [*numbered("a\n", caret_line=7)] == ["   1 | a"]


def test_a_long_value_is_cut():
    assert brief(load("[" + "1, " * 100 + "1]")).endswith("…")
    assert len(brief(load("[" + "1, " * 100 + "1]"))) == 60


def test_a_sentence_is_wrapped():
    assert max(map(len, paragraph("word " * 40))) <= 80
