"""What can be wrong with the things people give the suite, said in one line with a code and a place.

Rules of this module:

* A problem is data. The sentence is made here and nowhere else.
* A problem names what to do next whenever one fix is likely.
* Whoever finds a problem goes on with everything that does not depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and the line and column in it where they are known (both count from 1)."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """The place as compilers print it, so that editors can jump to it."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a stable dotted code, a sentence, a place, and a likely fix."""

    code: str
    message: str
    place: Place
    fix: str | None = None

    def __str__(self) -> str:
        """`place: code: message` and, where one is known, the fix on the next line."""
        fix = f"\n  fix: {self.fix}" if self.fix else ""
        return f"{self.place}: {self.code}: {self.message}{fix}"


class Refused(Exception):  # noqa: N818  (it reads as what happened: the input was refused)
    """Raised where a problem ends the reading of one thing; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def plural(count: int, noun: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
