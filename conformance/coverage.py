"""What holds each clause fast: its cases and its mutants, and what holds nothing, as a page.

Rules of this module:

* The page is made of SPEC.md, the corpus and the mutants; nothing in it is written by hand but the
  reasons in `mutants/blind.yaml`.
* A clause that can be tested and has no mutant is a blind spot, with a reason or without one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from conformance.problems import Place, Problem, Refused, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.lint import Subject
    from conformance.mutants import Mutant
    from conformance.specification import Clause

REASONS = Path(__file__).parent / "mutants" / "blind.yaml"


@dataclass(frozen=True, slots=True)
class Row:
    """One clause with what holds it fast."""

    clause: Clause
    positive: int
    negative: int
    points: int
    mutants: tuple[str, ...]

    @property
    def is_blind(self) -> bool:
        """Whether it can be tested and no mutant shows that it is."""
        return self.clause.untestable is None and not self.mutants


def rows(subject: Subject, mutants: Iterable[Mutant]) -> list[Row]:
    """A row for each clause, in the order of SPEC.md."""
    polarities: Counter[tuple[str, str]] = Counter()
    points: Counter[str] = Counter()
    for _, case in subject.cases:
        polarities[case.clause, case.polarity] += 1
        points[case.clause] += len(case.observations)
    names: dict[str, list[str]] = {}
    for mutant in mutants:
        names.setdefault(mutant.clause, []).append(mutant.name)
    return [
        Row(
            clause,
            polarities[slug, "positive"],
            polarities[slug, "negative"],
            points[slug],
            tuple(names.get(slug, ())),
        )
        for slug, clause in subject.specification.clauses.items()
    ]


def reasons(found: Iterable[Row], path: Path = REASONS) -> Mapping[str, str]:
    """Why clauses have no mutant; each has to be a clause that has none."""
    written: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    blind = {row.clause.slug for row in found if row.is_blind}
    for slug in written:
        if slug not in blind:
            message = f"{slug} is no clause that can be tested and has no mutant"
            raise Refused(Problem("coverage.stale-reason", message, Place(str(path))))
    return written


def page(found: list[Row], why: Mapping[str, str]) -> str:
    """The page, in Markdown."""
    return (
        "\n".join([*_head(found), *_chapters(found), *_blind(found, why), *_clauses(found)]) + "\n"
    )


def _head(found: list[Row]) -> Iterator[str]:
    testable = [row for row in found if row.clause.untestable is None]
    held = sum(bool(row.mutants) for row in testable)
    cases = sum(row.positive + row.negative for row in found)
    mutants = sum(len(row.mutants) for row in found)
    yield "# What the suite covers"
    yield ""
    yield "Made by `python -m conformance coverage`. A *mutant* is the reference with one defect; each is caught"
    yield "by a case of the clause it violates (`python -m conformance mutants --own-clause`)."
    yield ""
    yield (
        f"{plural(len(found), 'clause')}, {len(testable)} of them testable; {plural(cases, 'case')}; "
        f"{plural(mutants, 'mutant')} of {plural(held, 'clause')}."
    )
    yield ""


def _chapters(found: list[Row]) -> Iterator[str]:
    yield "| chapter | clauses | testable | cases | tests | mutants | clauses with a mutant |"
    yield "|---|---|---|---|---|---|---|"
    for chapter in dict.fromkeys(row.clause.chapter for row in found):
        own = [row for row in found if row.clause.chapter == chapter]
        testable = [row for row in own if row.clause.untestable is None]
        cases = sum(row.positive + row.negative for row in own)
        points = sum(row.points for row in own)
        mutants = sum(len(row.mutants) for row in own)
        held = sum(bool(row.mutants) for row in testable)
        cells = (chapter, len(own), len(testable), cases, points, mutants, held)
        yield "| " + " | ".join(map(str, cells)) + " |"
    yield ""


def _blind(found: list[Row], why: Mapping[str, str]) -> Iterator[str]:
    yield "## Blind spots"
    yield ""
    yield "What the suite cannot see at all is listed in SPEC.md, 1.8. Clauses without a mutant:"
    yield ""
    for row in found:
        if row.is_blind:
            yield f"* `{row.clause.slug}`: {why.get(row.clause.slug, 'nobody has broken it yet')}"
    yield ""
    yield "Clauses that no observation point can show, with the reason that SPEC.md gives:"
    yield ""
    for row in found:
        if row.clause.untestable is not None:
            yield f"* `{row.clause.slug}`: {row.clause.untestable}"
    yield ""


def _clauses(found: list[Row]) -> Iterator[str]:
    yield "## Clause by clause"
    yield ""
    yield "| clause | level | positive | negative | mutants |"
    yield "|---|---|---|---|---|"
    for row in found:
        if row.clause.untestable is None:
            names = ", ".join(name.replace("_", " ") for name in row.mutants) or "—"
            cells = (f"`{row.clause.slug}`", row.clause.level, row.positive, row.negative, names)
            yield "| " + " | ".join(map(str, cells)) + " |"
