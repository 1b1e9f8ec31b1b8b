"""Which failures to read first.

The rule of this module: a broken must before a broken should, the smallest program first, and one
failure of each clause before the second of any.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from conformance.specification import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conformance.case import Case

#: How many are shown whole.
SHOWN = 10

Some = TypeVar("Some")


class Lesson(NamedTuple):
    """What decides how much there is to learn from a failure, and how fast."""

    clause: str
    level: str | None
    #: The characters of its program.
    size: int


def size_of(case: Case, program: Mapping[str, object]) -> int:
    """The characters of the program of a point: its files, and what its client does."""
    return sum(map(len, case.files.values())) + len(str(program.get("client") or ""))


def ordered(failures: Iterable[Some], lesson_of: Callable[[Some], Lesson]) -> list[Some]:
    """The most instructive first."""
    by_weight = sorted(((lesson_of(failure), failure) for failure in failures), key=_weight)
    seen: Counter[str] = Counter()
    turns = []
    for lesson, failure in by_weight:
        turns.append((seen[lesson.clause], failure))
        seen[lesson.clause] += 1
    return [failure for _, failure in sorted(turns, key=lambda turn: turn[0])]


def _weight(weighed: tuple[Lesson, object]) -> tuple[int, int]:
    lesson, _ = weighed
    level = LEVELS.index(lesson.level) if lesson.level in LEVELS else len(LEVELS)
    return level, lesson.size
