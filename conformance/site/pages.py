"""Makes the pages of the site.

Rules of this module:

* A page is a template and what it is given; nothing is decided in a template that could be here.
* Every page stands alone: it needs the style sheet and the script beside it, and no server.
* The same results give the same bytes.
"""

from __future__ import annotations

import shutil
from collections import Counter
from importlib import metadata
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

import spec
from conformance import digests, examples, results
from conformance.implementations import catalogue
from conformance.presentation import encoded
from conformance.site import badges, data, document, mechanisms, prose
from conformance.site.grid import DIRECTIONS
from conformance.specification import CLASSES, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.case import Case
    from conformance.observations.observation import Observation
    from conformance.site.grid import Grid
    from conformance.site.survey import Outcome, Subject, Survey
    from conformance.specification import Clause

HERE = Path(__file__).parent
#: What stands for each condition, so that colour is never the only sign, and what it is called.
MARKS = {
    "pass": ("✓", "passes"),
    "fail": ("✗", "fails"),
    "crash": ("✗", "crashes"),
    "timeout": ("✗", "does not answer in time"),
    "unsupported": ("?", "not asked"),
    "not-applicable": ("·", "does not apply"),
}
#: How many mechanisms of a page about an implementation are open at first.
OPEN = 5
#: The most cases of one mechanism that are named on a page.
NAMED = 40


class Site:
    """The pages of one survey, written into a folder."""

    def __init__(self, survey: Survey, output: Path, interop: Grid | None = None) -> None:
        self.survey = survey
        self.output = output
        self.interop = interop
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters.update(
            inline=prose.inline, spoken=prose.spoken, code=prose.code, number="{:,}".format
        )
        self.environment.globals.update(
            survey=survey,
            marks=MARKS,
            levels=LEVELS,
            classes=CLASSES,
            has_interop=interop is not None,
            suite=metadata.version(results.DISTRIBUTION),
            corpus=digests.of_corpus(survey.root),
        )

    def write(self) -> int:
        """Write every page; how many there are."""
        pages = 0
        shutil.copytree(HERE / "assets", self.output / "assets", dirs_exist_ok=True)
        for path, text in self._files():
            target = self.output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(encoded(text))
            pages += path.endswith(".html")
        return pages

    def _files(self) -> Iterator[tuple[str, str]]:
        yield from self._data()
        yield "index.html", self._index()
        yield "spec.html", self._specification()
        yield "moving.html", self._page("moving")
        if self.interop is not None:
            yield "interop.html", self._page("interop", grid=self.interop, directions=DIRECTIONS)
        for chapter in self.survey.chapters:
            path = f"chapters/{chapter.name}.html"
            yield path, self._page("chapter", "../", chapter=chapter, sections=_sections(chapter))
        for clause in self.survey.specification.clauses.values():
            yield f"clauses/{clause.slug}.html", self._clause(clause)
        for subject in self.survey.subjects:
            yield f"implementations/{subject.id}.html", self._subject(subject)
            for class_name in CLASSES:
                tally = subject.tally(self._cases_of_class(class_name))
                yield f"badges/{subject.id}-{class_name}.svg", badges.badge(class_name, tally)
        for name, versions in self._histories():
            yield f"history/{name}.html", self._history(name, versions)

    def _data(self) -> Iterator[tuple[str, str]]:
        yield "data/search.js", data.script("search", data.search(self.survey))
        yield "data/moving.js", data.script("moving", data.moving(self.survey))
        for subject in self.survey.subjects:
            details = data.details(self.survey, subject)
            yield f"data/{subject.id}.js", data.script(subject.id, details)

    def _page(self, template_name: str, root: str = "", **given: Any) -> str:
        template = self.environment.get_template(f"{template_name}.html")
        return template.render(root=root, page=template_name, as_json=_as_json, **given)

    # The matrix

    def _index(self) -> str:
        undriven = [manifest for manifest in catalogue.manifests() if manifest.why_not]
        scores = data.matrix(self.survey)
        return self._page("index", matrix=scores, tally=self._must, undriven=undriven)

    def _must(self, subject: Subject, cases: Iterable[Case]) -> Any:
        """The score over the must-clauses of some cases, which is what decides conformance."""
        clauses = self.survey.specification.clauses
        return subject.tally(
            case
            for case in cases
            if case.clause in clauses and clauses[case.clause].level == "must"
        )

    def _cases_of_class(self, class_name: str) -> Iterator[Case]:
        """The cases that decide whether an implementation conforms to a class."""
        for clause in self.survey.specification.clauses.values():
            if clause.class_ == class_name and clause.level == "must":
                yield from self.survey.by_clause.get(clause.slug, ())

    # The specification

    def _specification(self) -> str:
        macros = self.environment.get_template("clause-in-text.html")
        text = spec.read("SPEC.md")

        def clause_html(clause: Clause) -> str:
            cases = self.survey.by_clause.get(clause.slug, [])
            support = [(subject, subject.tally(cases)) for subject in self.survey.newest]
            return macros.render(root="", clause=clause, cases=cases, support=support)

        shown = document.rendered(text, self.survey.specification, clause_html)
        return self._page("spec", html=shown.html, sections=shown.sections)

    # A clause

    def _clause(self, clause: Clause) -> str:
        cases = self.survey.by_clause.get(clause.slug, [])
        return self._page(
            "clause",
            "../",
            clause=clause,
            cases=cases,
            shown=[self._case(case) for case in cases],
            chapter=self.survey.chapter_of(cases[0]) if cases else None,
        )

    def _case(self, case: Case) -> dict[str, Any]:
        return {
            "case": case,
            "files": prose.block("".join(examples.files_of(case))),
            "points": [
                {
                    "observation": observation,
                    "html": prose.block("".join(examples.observed(observation))),
                    "failures": self._failures(case, observation),
                }
                for observation in case.observations
            ],
        }

    def _failures(self, case: Case, observation: Observation) -> list[dict[str, Any]]:
        """What those who fail do instead; who do the same stand together."""
        groups: dict[tuple[str, ...], list[Subject]] = {}
        outcomes: dict[tuple[str, ...], Outcome] = {}
        for subject in self.survey.subjects:
            outcome = subject.outcome(case, observation)
            if outcome and outcome.failed:
                key = outcome.state, outcome.code, outcome.summary, outcome.seen
                groups.setdefault(key, []).append(subject)
                outcomes[key] = outcome
        return [{"subjects": groups[key], "outcome": outcomes[key]} for key in groups]

    # An implementation

    def _subject(self, subject: Subject) -> str:
        found = mechanisms.of(self.survey, subject)
        return self._page(
            "implementation",
            "../",
            subject=subject,
            mechanisms=found,
            program=_program,
            open=OPEN,
            named=NAMED,
            rows=[
                (chapter, self._by_level(subject, chapter.cases))
                for chapter in self.survey.chapters
            ],
            used=[level for level in LEVELS if level in self._levels],
            class_scores=[(name, subject.tally(self._cases_of_class(name))) for name in CLASSES],
            unasked=_unasked(subject),
            versions=[s for s in self.survey.subjects if s.name == subject.name],
        )

    @property
    def _levels(self) -> set[str]:
        """The levels of the clauses that have cases."""
        clauses = self.survey.specification.clauses
        return {clauses[slug].level for slug in self.survey.by_clause if slug in clauses}

    def _by_level(self, subject: Subject, cases: Iterable[Case]) -> list[Any]:
        clauses = self.survey.specification.clauses
        by_level: dict[str, list[Case]] = {level: [] for level in LEVELS if level in self._levels}
        for case in cases:
            if clause := clauses.get(case.clause):
                by_level[clause.level].append(case)
        return [subject.tally(own) for own in by_level.values()]

    # The versions of one

    def _histories(self) -> Iterator[tuple[str, list[Subject]]]:
        for name, versions in groupby(self.survey.subjects, key=lambda subject: subject.name):
            if len(known := list(versions)) > 1:
                yield name, known

    def _history(self, name: str, versions: list[Subject]) -> str:
        steps = [
            {"older": older, "newer": newer, "changes": self._changes(older, newer)}
            for newer, older in pairwise(versions)
        ]
        return self._page(
            "history", "../", name=name, versions=versions, steps=steps, tally=self._must
        )

    def _changes(self, older: Subject, newer: Subject) -> dict[str, list[dict[str, Any]]]:
        """The points that began to pass and those that ceased to."""
        changes: dict[str, list[dict[str, Any]]] = {"broken": [], "fixed": []}
        for case, observation in data.points(self.survey):
            before, after = older.outcome(case, observation), newer.outcome(case, observation)
            if before and after and {before.state, after.state} - {"unsupported", "not-applicable"}:
                change = {
                    "case": case,
                    "observation": observation,
                    "before": before,
                    "after": after,
                }
                if before.failed and after.state == "pass":
                    changes["fixed"].append(change)
                elif before.state == "pass" and after.failed:
                    changes["broken"].append(change)
        return changes


def _sections(chapter: Any) -> list[tuple[str, list[Clause]]]:
    """The clauses of a chapter under the headings they have in the specification."""
    return [
        (title, list(clauses))
        for title, clauses in groupby(chapter.clauses, key=lambda clause: clause.section)
    ]


def _program(failure: mechanisms.Failure) -> Markup:
    """The program of a failure and what has to be seen of it."""
    parts = [*examples.files_of(failure.case), *examples.observed(failure.observation)]
    return prose.block("".join(parts))


def _unasked(subject: Subject) -> list[tuple[str, int]]:
    """Why points were not asked, the most frequent reason first."""
    reasons = Counter(o.summary for o in subject.outcomes.values() if o.state == "unsupported")
    return reasons.most_common()


def _as_json(value: Any) -> Markup:
    return Markup(data.compact(value))  # noqa: S704  (made safe for a script element)
