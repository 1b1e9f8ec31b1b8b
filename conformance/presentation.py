"""Differences and programs laid out for people: 80 columns, or those there are; no colour needed."""

from __future__ import annotations

import shutil
import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from conformance import notation
from conformance.notation.comparison import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.notation import Difference, Value

WIDEST, NARROWEST = 80, 40


def width() -> int:
    """The columns there are for a text."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def brief(value: Value, longest: int = 60) -> str:
    """A value on one line, cut to a readable length."""
    if value is ABSENT:
        return "nothing"
    text = " ".join(notation.dump(value, width=2000).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def difference_sentence(difference: Difference) -> str:
    """`$[0].user.born: expected …, saw …`."""
    if difference.note:
        return f"{difference.path}: {difference.note}"
    expected, seen = brief(difference.expected), brief(difference.seen)
    return f"{difference.path}: expected {expected}, saw {seen}"


def side_by_side(left_title: str, left: str, right_title: str, right: str) -> Iterator[str]:
    """Two texts beside each other where both are narrow enough, else one after the other."""
    left_lines, right_lines = left.splitlines(), right.splitlines()
    column = (width() - 5) // 2
    if max(map(len, [*left_lines, *right_lines]), default=0) > column:
        yield from _stacked(left_title, left_lines)
        yield from _stacked(right_title, right_lines)
        return
    yield f"  {left_title:{column}} {right_title}".rstrip()
    for ours, theirs in zip_longest(left_lines, right_lines, fillvalue=""):
        mark = " " if ours == theirs else "|"
        yield f"  {ours:{column - 1}}{mark} {theirs}".rstrip()


def _stacked(title: str, lines: list[str]) -> Iterator[str]:
    yield f"  {title}"
    for line in lines:
        yield from textwrap.wrap(
            line, width(), initial_indent="    ", subsequent_indent="      "
        ) or [""]


def numbered(text: str, caret_line: int | None = None) -> Iterator[str]:
    """A program with line numbers and a caret at one of its lines."""
    lines = text.splitlines()
    digits = len(str(len(lines)))
    for number, line in enumerate(lines, start=1):
        mark = ">" if number == caret_line else " "
        yield f" {mark} {number:{digits}} | {line}".rstrip()
        if number == caret_line:
            indent = len(line) - len(line.lstrip())
            yield f"   {'':{digits}} | {' ' * indent}{'^' * max(len(line.strip()), 1)}"


def paragraph(text: str, indent: str = "  ") -> Iterator[str]:
    """A sentence wrapped to the columns there are."""
    yield from textwrap.wrap(text, width(), initial_indent=indent, subsequent_indent=indent)


def encoded(text: str) -> bytes:
    """The text as UTF-8; half a character, which UTF-8 has none of, as JavaScript writes it."""
    return text.encode("utf-8", "backslashreplace")
