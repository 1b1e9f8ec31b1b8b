"""`python -m conformance mutants`: which defects the corpus catches, and by which cases.

Rules of this module:

* A mutant counts as caught when a case of its own clause catches it.
* With every case asked, the *spine* is told, the points that are the only ones to catch something,
  and what catches nothing.
* The report is written after each mutant: a run that is interrupted has something to show.
"""

from __future__ import annotations

import difflib
import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from conformance import corpus, lint
from conformance.mutants import MUTANTS
from conformance.mutants.campaign import Campaign, Extent, findings
from conformance.problems import Place, Problem, Refused, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.lint import Subject
    from conformance.mutants import Mutant
    from conformance.mutants.campaign import Finding


def run(names: Sequence[str], extent: Extent, *, jobs: int, report: Path | None) -> int:
    """Examine the mutants of these names, or all; 1 when one is not caught by its own clause."""
    subject = lint.Subject.of(corpus.ROOT)
    mutants = chosen(names, subject.specification.clauses)
    campaign = Campaign(subject)
    for finding in findings(campaign, mutants, extent, jobs):
        if finding.extent is extent:
            print(line(finding), flush=True)  # noqa: T201  (a command line prints)
        if report is not None:
            write(report, campaign, subject, extent)
    found = [*campaign.found.values()]
    for text in summary(found):
        print(text)  # noqa: T201  (likewise)
    if extent is not Extent.OWN_CLAUSE:
        for text in [*backbone(found), *table(standings(campaign, subject, found))]:
            print(text)  # noqa: T201  (likewise)
    return 0 if all(finding.own for finding in found) else 1


def write(report: Path, campaign: Campaign, subject: Subject, extent: Extent) -> None:
    """Write what has been found so far."""
    found = [*campaign.found.values()]
    standing = None if extent is Extent.OWN_CLAUSE else standings(campaign, subject, found)
    text = json.dumps(as_json(found, standing), indent=1) + "\n"
    report.write_text(text, encoding="utf-8")


def chosen(names: Sequence[str], clauses: Iterable[str]) -> list[Mutant]:
    """The mutants of these names, all when there are none; each is tied to a clause that exists."""
    for name in names:
        if name not in MUTANTS:
            near = difflib.get_close_matches(name, MUTANTS, n=1)
            fix = f"did you mean {near[0]}?" if near else "without a name, all are examined"
            message = f"there is no mutant {name}"
            raise Refused(Problem("mutant.unknown", message, Place("mutants"), fix))
    mutants = [MUTANTS[name] for name in names or MUTANTS]
    for mutant in mutants:
        if mutant.clause not in clauses:
            message = f"{mutant.name} violates {mutant.clause}, which does not exist"
            raise Refused(Problem("mutant.unknown-clause", message, Place("SPEC.md")))
    return mutants


def line(finding: Finding) -> str:
    """A mutant and how it was caught."""
    mutant = finding.mutant
    if not finding.own:
        others = f"{len(finding.catches)} elsewhere" if finding.catches else "nothing catches it"
        return f"SURVIVES  {mutant.name:36} {mutant.clause:32} {others}"
    first, more = finding.own[0], len(finding.catches) - 1
    least = "at least " if finding.extent is Extent.SPINE else ""
    others = f" and {least}{more} more" if more else ""
    how = "" if first.verdict == "fail" else f" ({first.verdict})"
    return f"caught    {mutant.name:36} {mutant.clause:32} {first.point}{how}{others}"


def summary(found: Sequence[Finding]) -> Iterator[str]:
    """What there is to say of all mutants together."""
    caught = sum(bool(finding.own) for finding in found)
    seconds = sum(finding.seconds for finding in found)
    clauses = len({finding.mutant.clause for finding in found})
    yield (
        f"{caught} of {plural(len(found), 'mutant')} of {plural(clauses, 'clause')} "
        f"are caught by a case of their own clause ({seconds:.1f} s)"
    )


def backbone(found: Sequence[Finding]) -> Iterator[str]:
    """The points of the spine, with the mutants that only they catch."""
    alone = spine(found)
    catching = {catch.point for finding in found for catch in finding.catches}
    yield f"{plural(len(catching), 'point')} catch something, {len(alone)} of them alone:"
    for point, names in sorted(alone.items()):
        yield f"  {point}  {', '.join(names)}"


def spine(found: Iterable[Finding]) -> dict[str, list[str]]:
    """The points that are the only ones to catch some mutants, with the names of these."""
    alone: defaultdict[str, list[str]] = defaultdict(list)
    for finding in found:
        if len(finding.catches) == 1:
            alone[finding.catches[0].point].append(finding.mutant.name)
    return alone


#: How a point may stand to the mutants: the last does not concern the reference at all.
STANDINGS = ("alone", "with others", "nothing", "not applicable")


def standings(
    campaign: Campaign, subject: Subject, found: Sequence[Finding]
) -> dict[str, dict[str, list[str]]]:
    """Chapter by chapter, the points that stand in each way to the mutants."""
    alone = spine(found)
    catching = {catch.point for finding in found for catch in finding.catches}
    clauses = subject.specification.clauses
    chapters = dict.fromkeys(clause.chapter for clause in clauses.values())
    standing: dict[str, dict[str, list[str]]] = {
        chapter: {each: [] for each in STANDINGS} for chapter in chapters
    }
    for point in campaign.points:
        if point.name in alone:
            how = "alone"
        elif point.name in catching:
            how = "with others"
        else:
            how = "nothing" if campaign.is_applicable(point) else "not applicable"
        standing[clauses[point.case.clause].chapter][how].append(point.name)
    return {chapter: own for chapter, own in standing.items() if any(own.values())}


def table(standing: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[str]:
    """How many points of each chapter catch a mutant that no other does, one, or none."""
    yield f"{'chapter':10}{'points':>8}" + "".join(f"{each:>16}" for each in STANDINGS)
    rows = {chapter: [len(own[each]) for each in STANDINGS] for chapter, own in standing.items()}
    rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    for chapter, counts in rows.items():
        yield f"{chapter:10}{sum(counts):8}" + "".join(f"{count:16}" for count in counts)


def as_json(found: Sequence[Finding], standing: Mapping[str, Any] | None) -> dict[str, Any]:
    """The findings as data."""
    frequent = Counter(catch.point for finding in found for catch in finding.catches)
    return {
        "mutants": [
            {
                "name": finding.mutant.name,
                "clause": finding.mutant.clause,
                "vice": finding.mutant.vice,
                "asked": finding.extent.value,
                "caught": bool(finding.own),
                "catches": [
                    {"point": each.point, "clause": each.clause, "verdict": each.verdict}
                    for each in finding.catches
                ],
                "seconds": round(finding.seconds, 3),
            }
            for finding in found
        ],
        "points": dict(sorted(frequent.items())),
        "spine": dict(sorted(spine(found).items())),
        "chapters": standing,
    }
