"""The corpus, the specification and the results of many runs, joined into what the pages show.

Rules of this module:

* Results are joined to the corpus and the specification they were made with, told by the digests.
* A verdict becomes one of six states. A known failure is a failure: that somebody knows of it does
  not make it pass. What was not asked is not a pass either, and never counted as one.
* Implementations are ordered by name, and the versions of one with the newest first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance import choices, corpus, digests, results, specification
from conformance.implementations import catalogue
from conformance.problems import Place, Problem, Refused
from conformance.verdict import (
    CRASH,
    FAIL,
    FAILURES,
    KNOWN_FAILURE,
    NOT_APPLICABLE,
    NOT_RUN,
    PASS,
    TIMEOUT,
    UNEXPECTED_PASS,
    UNSUPPORTED,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from conformance.case import Case
    from conformance.choices import Choice
    from conformance.observations.observation import Observation
    from conformance.results import Document, Record
    from conformance.specification import Clause, Specification

#: What a point can be shown as.
STATES = (PASS, FAIL, CRASH, TIMEOUT, UNSUPPORTED, NOT_APPLICABLE)

Point = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one implementation did at one point."""

    state: str
    code: str = ""
    #: What happened in a line; for a known failure, why.
    summary: str = ""
    is_known: bool = False
    expected: str = ""
    seen: str = ""

    @property
    def failed(self) -> bool:
        """Whether it was asked and did something else than it has to."""
        return self.state in FAILURES


@dataclass(slots=True)
class Tally:
    """How many points are in which of the four conditions that decide a score."""

    passed: int = 0
    failed: int = 0
    unasked: int = 0
    inapplicable: int = 0

    def add(self, outcome: Outcome | None) -> None:
        """Count one more."""
        if outcome is None or outcome.state == UNSUPPORTED:
            self.unasked += 1
        elif outcome.state == NOT_APPLICABLE:
            self.inapplicable += 1
        elif outcome.state == PASS:
            self.passed += 1
        else:
            self.failed += 1

    @property
    def tested(self) -> int:
        """How many were asked and answered, or should have been answered."""
        return self.passed + self.failed

    @property
    def condition(self) -> str:
        """The condition of the whole in a word."""
        if self.failed:
            return FAIL
        if self.passed:
            return PASS
        return UNSUPPORTED if self.unasked else NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Subject:
    """One version of an implementation, and what it did."""

    id: str
    name: str
    version: str
    title: str
    upstream: str
    #: What to write behind `--impl`.
    option: str
    capabilities: tuple[str, ...]
    choices: Mapping[str, str]
    #: What shows each declared choice, where the catalogue says so.
    evidence: Mapping[str, str]
    outcomes: Mapping[Point, Outcome]
    #: Why these results would not be published: partial, or made with another corpus.
    reservations: tuple[str, ...]
    document: Document = field(repr=False)

    def outcome(self, case: Case, observation: Observation) -> Outcome | None:
        """What it did; None when it was not asked."""
        return self.outcomes.get((case.id, observation.name))

    def tally(self, cases: Iterable[Case]) -> Tally:
        """The score over some cases."""
        found = Tally()
        for case in cases:
            for observation in case.observations:
                found.add(self.outcome(case, observation))
        return found


@dataclass(frozen=True, slots=True)
class Chapter:
    """A folder of the corpus."""

    name: str
    cases: tuple[Case, ...]
    clauses: tuple[Clause, ...]

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.name.capitalize()


@dataclass
class Survey:
    """Everything the pages are made from."""

    root: Path
    specification: Specification
    choices: Mapping[str, Choice]
    chapters: list[Chapter]
    cases: dict[str, Case]
    by_clause: dict[str, list[Case]]
    subjects: list[Subject]

    @property
    def newest(self) -> list[Subject]:
        """The newest version of each implementation."""
        found: dict[str, Subject] = {}
        for subject in self.subjects:
            found.setdefault(subject.name, subject)
        return list(found.values())

    def chapter_of(self, case: Case) -> str:
        """The name of the chapter of a case."""
        return self._chapters[case.id]

    @cached_property
    def _chapters(self) -> dict[str, str]:
        return {case.id: chapter.name for chapter in self.chapters for case in chapter.cases}


def survey(paths: Sequence[Path], *, root: Path = corpus.ROOT, allow_partial: bool) -> Survey:
    """Join results files to the corpus; partial or stale ones are refused unless allowed."""
    known_choices = choices.load()
    found = specification.load()
    files = corpus.read_all(root, known_choices)
    cases = {case.id: case for file in files for case in file.cases}
    by_clause: dict[str, list[Case]] = defaultdict(list)
    for case in cases.values():
        by_clause[case.clause].append(case)
    documents = [(path, results.read(path)) for path in paths]
    digest = digests.of_corpus(root)
    subjects = [
        subject
        for path, document in documents
        for subject in _subjects(path, document, digest, allow_partial=allow_partial)
    ]
    _refuse_repetition(subjects)
    return Survey(
        root,
        found,
        known_choices,
        _chapters(files, root, found),
        cases,
        by_clause,
        _ordered(subjects),
    )


def _chapters(files: Sequence[corpus.CaseFile], root: Path, found: Specification) -> list[Chapter]:
    """The chapters of the corpus, in the order in which the specification treats of them."""
    cases: dict[str, list[Case]] = defaultdict(list)
    for file in files:
        cases[corpus.chapter_of(file.path, root)].extend(file.cases)
    chapters = []
    for name, own in cases.items():
        slugs = {case.clause for case in own}
        clauses = [clause for slug, clause in found.clauses.items() if slug in slugs]
        chapters.append(Chapter(name, tuple(own), tuple(clauses)))
    return sorted(chapters, key=_median_line)


def _median_line(chapter: Chapter) -> int:
    lines = sorted(clause.line for clause in chapter.clauses)
    return lines[len(lines) // 2] if lines else 0


# Subjects


def _refuse_repetition(subjects: Sequence[Subject]) -> None:
    for count, subject in enumerate(subjects):
        if subject.id in {other.id for other in subjects[:count]}:
            message = f"{subject.name} {subject.version} is in more than one of the results"
            fix = "give one results file for each version of an implementation"
            raise Refused(Problem("report.repeated", message, Place("report"), fix))


def _subjects(
    path: Path, document: Document, digest: str, *, allow_partial: bool
) -> Iterable[Subject]:
    reservations = [f"partial: {reason}" for reason in document["partial"]]
    if document["corpus"] != digest:
        reservations.append("made with another corpus")
    if reservations and not allow_partial:
        message = f"these results cannot be published ({'; '.join(reservations)})"
        fix = "run the whole suite again, or say --allow-partial, which marks them on every page"
        raise Refused(Problem("report.partial", message, Place(str(path)), fix))
    for label, facts in document["implementations"].items():
        yield _subject(label, facts, document, tuple(reservations))


def _subject(
    label: str, facts: Mapping[str, Any], document: Document, reservations: tuple[str, ...]
) -> Subject:
    manifest = next((m for m in catalogue.manifests() if m.name == label.partition("@")[0]), None)
    name = manifest.name if manifest else facts.get("name", label)
    version = facts.get("version") or label.partition("@")[2]
    return Subject(
        id=re.sub(r"[^A-Za-z0-9._-]+", "-", f"{name}-{version}"),
        name=name,
        version=version,
        title=manifest.title if manifest else label,
        upstream=manifest.upstream if manifest else "",
        option=f"{name}@{version}" if manifest else label,
        capabilities=tuple(facts.get("capabilities", ())),
        choices=facts.get("choices", {}),
        evidence={c: d.evidence for c, d in manifest.choices.items()} if manifest else {},
        outcomes={
            (record["case"], record["observation"]): _outcome(record)
            for record in results.of(label, document["results"])
            if record["verdict"] != NOT_RUN
        },
        reservations=reservations,
        document=document,
    )


def _outcome(record: Record) -> Outcome:
    verdict: str = record["verdict"]
    state: str = PASS if verdict == UNEXPECTED_PASS else record.get("listed_as", verdict)
    return Outcome(
        state,
        record.get("code", ""),
        record.get("summary", ""),
        verdict == KNOWN_FAILURE,
        record.get("expected", ""),
        record.get("seen", ""),
    )


def _ordered(subjects: Iterable[Subject]) -> list[Subject]:
    """By name, newest version first; the reference before all others."""
    by_version = sorted(subjects, key=lambda subject: _version_key(subject.version), reverse=True)
    return sorted(by_version, key=lambda subject: (subject.name != "refimpl", subject.name))


def _version_key(version: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.-]", version)
    ]
