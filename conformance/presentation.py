"""Differences and programs laid out for people: 80 columns, no colour needed."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from conformance import notation
from conformance.notation.comparison import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.notation import Difference, Value

WIDTH = 80
COLUMN = (WIDTH - 5) // 2


def brief(value: Value, width: int = 60) -> str:
    """A value on one line, cut to a readable length."""
    if value is ABSENT:
        return "nothing"
    text = " ".join(notation.dump(value, width=2000).split())
    return text if len(text) <= width else f"{text[: width - 1]}…"


def difference_sentence(difference: Difference) -> str:
    """`$[0].user.born: expected …, saw …`."""
    if difference.note:
        return f"{difference.path}: {difference.note}"
    expected, seen = brief(difference.expected), brief(difference.seen)
    return f"{difference.path}: expected {expected}, saw {seen}"


def side_by_side(left_title: str, left: str, right_title: str, right: str) -> Iterator[str]:
    """Two texts beside each other where both are narrow enough, else one after the other."""
    left_lines, right_lines = left.splitlines(), right.splitlines()
    if max(map(len, [*left_lines, *right_lines]), default=0) > COLUMN:
        yield from _stacked(left_title, left_lines)
        yield from _stacked(right_title, right_lines)
        return
    yield f"  {left_title:{COLUMN}} {right_title}".rstrip()
    for ours, theirs in zip_longest(left_lines, right_lines, fillvalue=""):
        mark = " " if ours == theirs else "|"
        yield f"  {ours:{COLUMN - 1}}{mark} {theirs}".rstrip()


def _stacked(title: str, lines: list[str]) -> Iterator[str]:
    yield f"  {title}"
    for line in lines:
        yield from textwrap.wrap(
            line, WIDTH, initial_indent="    ", subsequent_indent="      "
        ) or [""]


def numbered(text: str, caret_line: int | None = None) -> Iterator[str]:
    """A program with line numbers and a caret at one of its lines."""
    lines = text.splitlines()
    width = len(str(len(lines)))
    for number, line in enumerate(lines, start=1):
        mark = ">" if number == caret_line else " "
        yield f" {mark} {number:{width}} | {line}".rstrip()
        if number == caret_line:
            indent = len(line) - len(line.lstrip())
            yield f"   {'':{width}} | {' ' * indent}{'^' * max(len(line.strip()), 1)}"


def paragraph(text: str, indent: str = "  ") -> Iterator[str]:
    """A sentence wrapped to the width."""
    yield from textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
