"""What the script of the pages reads: data as JavaScript, so that pages work from a disk as well.

The rule of this module: a page opened as a file may load a script and may not fetch JSON. Each file
here calls one function of `assets/site.js` with its data.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.site.survey import STATES, Tally
from conformance.specification import CLASSES, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.case import Case
    from conformance.observations.observation import Observation
    from conformance.site.survey import Subject, Survey

#: A letter for each state, so that what one implementation did is one text.
LETTERS = dict(zip(STATES, "pfctun", strict=True))
NOT_ASKED = "u"
#: A sentence is enough to see what changes; the whole stands on the page of the clause.
LONGEST = 300


def script(name: str, data: Any) -> str:
    """A call that hands data to the page."""
    return f"useServer.receive({json.dumps(name)},{compact(data)})\n"


def compact(data: Any) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")


def points(survey: Survey) -> Iterator[tuple[Case, Observation]]:
    """Every point, in the order in which the others speak of them."""
    for chapter in survey.chapters:
        for case in chapter.cases:
            for observation in case.observations:
                yield case, observation


def matrix(survey: Survey) -> dict[str, Any]:
    """The scores by chapter, class and level: what the filters of the matrix add up."""
    newest = {subject.id for subject in survey.newest}
    return {
        "chapters": [chapter.name for chapter in survey.chapters],
        "classes": CLASSES,
        "levels": LEVELS,
        "subjects": [
            {"id": subject.id, "newest": subject.id in newest, "scores": _scores(survey, subject)}
            for subject in survey.subjects
        ],
    }


def _scores(survey: Survey, subject: Subject) -> dict[str, list[int]]:
    """`chapter class level` and the four numbers of its tally, where there are any."""
    tallies: dict[str, Tally] = {}
    clauses = survey.specification.clauses
    for chapter in survey.chapters:
        for case in chapter.cases:
            if clause := clauses.get(case.clause):
                key = f"{chapter.name} {clause.class_} {clause.level}"
                tally = tallies.setdefault(key, Tally())
                for observation in case.observations:
                    tally.add(subject.outcome(case, observation))
    return {
        key: [tally.passed, tally.failed, tally.unasked, tally.inapplicable]
        for key, tally in tallies.items()
    }


def moving(survey: Survey) -> dict[str, Any]:
    """What the page about moving compares: claims, and a letter per point and implementation."""
    numbers = {case.id: number for number, case in enumerate(survey.cases.values())}
    clauses = survey.specification.clauses
    return {
        "chapters": [[chapter.name, chapter.title] for chapter in survey.chapters],
        "cases": [
            [case.id, case.title, case.clause, survey.chapter_of(case), _level(clauses, case)]
            for case in survey.cases.values()
        ],
        "points": [[numbers[case.id], point.name] for case, point in points(survey)],
        "choices": {
            choice.id: [choice.question, dict(choice.options)] for choice in survey.choices.values()
        },
        "subjects": [
            {
                "id": subject.id,
                "name": f"{subject.name} {subject.version}",
                "choices": dict(subject.choices),
                "outcomes": "".join(_letter(subject, *point) for point in points(survey)),
            }
            for subject in survey.subjects
        ],
    }


def _level(clauses: Any, case: Case) -> str | None:
    clause = clauses.get(case.clause)
    return clause.level if clause else None


def _letter(subject: Subject, case: Case, observation: Observation) -> str:
    outcome = subject.outcome(case, observation)
    return LETTERS[outcome.state] if outcome else NOT_ASKED


def details(survey: Survey, subject: Subject) -> dict[int, str]:
    """What one implementation does instead, by the number of the point."""
    found = {}
    for number, (case, observation) in enumerate(points(survey)):
        outcome = subject.outcome(case, observation)
        if outcome and outcome.failed:
            text = outcome.summary
            found[number] = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return found


def search(survey: Survey) -> list[list[str]]:
    """What can be found: kind, title, detail, address from the root of the site."""
    entries = [
        ["implementation", f"{s.name} {s.version}", s.title, f"implementations/{s.id}.html"]
        for s in survey.subjects
    ]
    for slug, clause in survey.specification.clauses.items():
        entries.append(["clause", slug, clause.sentence, f"clauses/{slug}.html"])
    for case in survey.cases.values():
        address = f"clauses/{case.clause}.html#{case.id}"
        entries.append(["case", case.id, case.title, address])
    return entries
