"""The clauses of SPEC.md as data.

Rules of this module:

* A clause is a block quotation whose first line is its header:
  ``> **`slug`** — level · class · source: …`` and, for what no observation point can show,
  ``· untestable: reason``. The lines after it are the sentence.
* A retired slug leaves a tombstone: ``> ~~`slug`~~ — retired: reason``. It never comes back.
* Reading never stops at a bad header: it becomes a problem and the rest is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import spec
from conformance import yaml_source
from conformance.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEVELS = ("must", "should", "may")
CLASSES = ("directive", "functions", "wire", "forms", "security")
SOURCES = (
    "seed-react",
    "seed-next",
    "react-docs",
    "next-docs",
    "ecmascript",
    "html",
    "fetch",
    "consensus",
    "decision",
)

SLUG = r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*"
HEADING = re.compile(r"#{1,6} (?P<title>.+)")
CLAUSE_LIKE = re.compile(r"> *\*\*`")
HEADER = re.compile(
    rf"> \*\*`(?P<slug>{SLUG})`\*\* — (?P<level>[a-z]+) · (?P<class>[a-z]+)"
    r" · source: (?P<sources>[a-z, -]+?)(?: · untestable: (?P<untestable>.+))?"
)
TOMBSTONE_LIKE = re.compile(r"> *~~`")
TOMBSTONE = re.compile(rf"> ~~`(?P<slug>{SLUG})`~~ — retired: (?P<reason>.+)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One normative sentence."""

    slug: str
    level: str
    class_: str
    sources: tuple[str, ...]
    sentence: str
    section: str
    line: int
    #: Why no observation point can show it, for a clause that is not tested.
    untestable: str | None = None

    @property
    def chapter(self) -> str:
        """The number of the chapter that it stands in; the annexes count as one."""
        number = self.section.split(".")[0].split(" ")[0]
        return number if number.isdigit() else "annexes"


@dataclass(slots=True)
class Specification:
    """SPEC.md, read."""

    clauses: dict[str, Clause] = field(default_factory=dict)
    retired: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def covers(prefix: str, slug: str) -> bool:
    """Whether `prefix` is a slug or a whole leading part of it."""
    return slug == prefix or slug.startswith(f"{prefix}.")


@cache
def load(path: Path | None = None) -> Specification:
    """The specification at `path`, or the one this package comes with."""
    source = path or spec.path("SPEC.md")
    return read(yaml_source.read_text(source, source.name, "specification"), source.name)


def read(text: str, shown: str = "SPEC.md") -> Specification:
    """The clauses, tombstones and problems of a specification text."""
    found = Specification()
    section = ""
    lines = text.splitlines()
    for index, line in _outside_code(lines):
        if heading := HEADING.fullmatch(line):
            section = heading["title"].strip()
        elif CLAUSE_LIKE.match(line):
            _read_clause(found, lines, index, section, shown)
        elif TOMBSTONE_LIKE.match(line):
            _read_tombstone(found, line, Place(shown, index + 1))
    for slug in found.retired.keys() & found.clauses.keys():
        place = Place(shown, found.clauses[slug].line)
        message = f"the slug {slug} is retired and cannot be used again"
        found.problems.append(Problem("specification.retired-slug", message, place))
    return found


def _outside_code(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not in a fenced code block, with their indices."""
    fence = ""
    for index, line in enumerate(lines):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and (not fence or mark == fence):
            fence = "" if fence else mark
        elif not fence:
            yield index, line


def _read_clause(
    found: Specification, lines: list[str], index: int, section: str, shown: str
) -> None:
    place = Place(shown, index + 1)
    header = HEADER.fullmatch(lines[index].rstrip())
    if header is None:
        form = "> **`slug`** — level · class · source: a, b [· untestable: reason]"
        message = "this is not the header of a clause"
        found.problems.append(Problem("specification.bad-header", message, place, f"write {form}"))
        return
    slug = header["slug"]
    sources = tuple(part.strip() for part in header["sources"].split(","))
    clause = Clause(
        slug,
        header["level"],
        header["class"],
        sources,
        _sentence(lines, index + 1),
        section,
        index + 1,
        header["untestable"],
    )
    found.problems.extend(_vocabulary_problems(clause, place))
    if slug in found.clauses:
        message = f"the slug {slug} was already used on line {found.clauses[slug].line}"
        found.problems.append(Problem("specification.duplicate-slug", message, place))
        return
    found.clauses[slug] = clause


def _sentence(lines: list[str], start: int) -> str:
    parts: list[str] = []
    for line in lines[start:]:
        if not line.startswith(">") or CLAUSE_LIKE.match(line):
            break
        parts.append(line.removeprefix(">").strip())
    return " ".join(part for part in parts if part)


def _vocabulary_problems(clause: Clause, place: Place) -> Iterator[Problem]:
    for what, words, allowed in (
        ("level", (clause.level,), LEVELS),
        ("class", (clause.class_,), CLASSES),
        ("source", clause.sources, SOURCES),
    ):
        for word in words:
            if word not in allowed:
                message = f"the {what} {word!r} is none of {', '.join(allowed)}"
                yield Problem(f"specification.unknown-{what}", message, place)
    if not clause.sentence:
        yield Problem("specification.no-sentence", f"{clause.slug} says nothing", place)


def _read_tombstone(found: Specification, line: str, place: Place) -> None:
    match = TOMBSTONE.fullmatch(line.rstrip())
    if match is None:
        fix = "write > ~~`slug`~~ — retired: reason"
        message = "this is not a tombstone"
        found.problems.append(Problem("specification.bad-tombstone", message, place, fix))
    else:
        found.retired[match["slug"]] = match["reason"]
