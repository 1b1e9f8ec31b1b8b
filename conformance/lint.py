"""What the suite asks of its own texts: the corpus, SPEC.md, choices, lists of known failures.

Rules of this module:

* A rule is a generator of problems; `RULES` lists them all. A problem of the lint never changes
  what a run does.
* A title is a claim: it says what is so. "Should" and "test that" say something else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jsonschema

import spec
from conformance import choices as choices_
from conformance import corpus, examples, known_failures, specification, yaml_source
from conformance.bundle import published
from conformance.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conformance.case import Case
    from conformance.choices import Choice
    from conformance.corpus import CaseFile
    from conformance.specification import Specification

LONGEST_TITLE = 120
NOT_A_CLAIM = re.compile(r"\b(should|shouldn't|test that|tests that|check that)\b", re.IGNORECASE)
CHOICE = re.compile(r"\b[Cc]hoice[\s>]+`(?P<choice>[a-z-]+)`")


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that is looked at."""

    root: Path
    files: list[CaseFile]
    specification: Specification
    choices: Mapping[str, Choice]

    @classmethod
    def of(cls, root: Path) -> Subject:
        """The corpus at `root` and what it refers to."""
        folder = corpus.folder(root)
        known = choices_.load()
        files = corpus.read_all(folder, known)
        return cls(folder, files, specification.load(), known)

    @property
    def is_own(self) -> bool:
        """Whether this is the corpus that SPEC.md and the catalogue refer to."""
        return self.root == corpus.ROOT.resolve()

    @property
    def cases(self) -> Iterator[tuple[CaseFile, Case]]:
        """Every case that could be read, with its file."""
        return ((file, case) for file in self.files for case in file.cases)


def problems(subject: Subject) -> list[Problem]:
    """Everything that is wrong, in the order of the rules."""
    return [problem for rule in RULES for problem in rule(subject)]


def unreadable(subject: Subject) -> Iterator[Problem]:
    """Files and cases that could not be read."""
    for file in subject.files:
        yield from file.problems


def inconsistent(subject: Subject) -> Iterator[Problem]:
    """Ids used twice, and clauses that do not exist."""
    index = corpus.Index(subject.specification)
    for _, case in subject.cases:
        yield from index.problems([case])


def against_schema(subject: Subject) -> Iterator[Problem]:
    """Cases that were read, and yet the published schema refuses: the two have to agree."""
    schema = json.loads(spec.read("case.schema.json"))
    validator = jsonschema.Draft202012Validator(
        {**schema["$defs"]["case"], "$defs": schema["$defs"]}
    )
    for file in subject.files:
        for written, data in published(file):
            error = jsonschema.exceptions.best_match(validator.iter_errors(data))
            if error is not None:
                message = f"{error.json_path}: {error.message}"
                yield Problem("lint.schema", message, written.place)


def titles(subject: Subject) -> Iterator[Problem]:
    """Titles that are not one plain claim."""
    for _, case in subject.cases:
        if reason := _wrong_title(case.title):
            fix = "state in the present tense what is so, in one sentence with a full stop"
            yield Problem("lint.title", f"the title {reason}: {case.title!r}", case.place, fix)


def _wrong_title(title: str) -> str | None:
    if match := NOT_A_CLAIM.search(title):
        return f"says {match[0]!r}, which is no claim"
    if not title.endswith("."):
        return "does not end with a full stop"
    if len(title) > LONGEST_TITLE or "\n" in title:
        return f"is longer than one line of {LONGEST_TITLE} characters"
    return None


def ids(subject: Subject) -> Iterator[Problem]:
    """Ids that tell neither the chapter nor the subject of their clause."""
    for file, case in subject.cases:
        chapter = corpus.chapter_of(file.path, subject.root)
        subject_of_clause = case.clause.partition(".")[0]
        if case.id.partition("/")[0] not in (chapter, subject_of_clause):
            message = f"the id {case.id} begins with neither {chapter} nor {subject_of_clause}"
            yield Problem("lint.id", message, case.place)


def paths(subject: Subject) -> Iterator[Problem]:
    """Places in a case that are about a file the case does not have."""
    for _, case in subject.cases:
        for observation in case.observations:
            for path, line in observation.named_places():
                if path not in case.files:
                    message = f"{observation.name} names {path!r}, which is no file of the case"
                    yield Problem("lint.missing-file", message, case.place)
                elif line and line > len(case.files[path].splitlines()):
                    message = f"{observation.name} names line {line} of {path}, which is shorter"
                    yield Problem("lint.missing-line", message, case.place)


def clauses(subject: Subject) -> Iterator[Problem]:
    """What is wrong with SPEC.md itself."""
    yield from subject.specification.problems


def choices(subject: Subject) -> Iterator[Problem]:
    """Choices that SPEC.md names and do not exist, or that exist and no clause leaves open."""
    path = spec.path("SPEC.md")
    text = examples.BLOCK.sub(_blanked, yaml_source.read_text(path, path.name, "specification"))
    named = {match["choice"]: match.start() for match in CHOICE.finditer(text)}
    for choice, start in named.items():
        if choice not in subject.choices:
            place = Place(path.name, text.count("\n", 0, start) + 1)
            message = f"the choice {choice} does not exist"
            yield Problem("lint.unknown-choice", message, place)
    for choice in subject.choices:
        if choice not in named:
            message = f"SPEC.md leaves nothing open under the name {choice}"
            yield Problem("lint.unmentioned-choice", message, Place("spec/choices.yaml"))


def _blanked(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def embedded(subject: Subject) -> Iterator[Problem]:
    """Generated parts of SPEC.md that differ from what they are generated from."""
    if not subject.is_own:
        return
    cases = {case.id: case for _, case in subject.cases}
    yield from examples.problems(spec.path("SPEC.md"), cases, subject.choices)


def expectations(subject: Subject) -> Iterator[Problem]:
    """Lists of known failures that cannot be read, say nothing, or are about no case."""
    if not subject.is_own:
        return
    points = {
        (case.id, point.name): case for _, case in subject.cases for point in case.observations
    }
    folder = corpus.ROOT.parent / "implementations"
    for path in sorted(folder.rglob("known-failures.yaml")):
        shown = corpus.shown_path(path)
        entries, found = known_failures.load(path)
        yield from found
        for entry in entries.values():
            place = Place(shown, entry.line)
            if entry.reason == known_failures.UNEXPLAINED:
                message = f"{entry.case} [{entry.observation}] has no reason yet"
                yield Problem("known-failures.unexplained", message, place)
            if entry.key not in points:
                message = f"{entry.case} [{entry.observation}] is no point of the corpus"
                yield Problem("known-failures.unknown-case", message, place)
            elif points[entry.key].clause != entry.clause:
                message = f"{entry.case} belongs to the clause {points[entry.key].clause}"
                yield Problem("known-failures.other-clause", message, place)


RULES = (
    unreadable,
    inconsistent,
    against_schema,
    titles,
    ids,
    paths,
    clauses,
    choices,
    embedded,
    expectations,
)
