"""FINDINGS.md: what real implementations get wrong, written so that their maintainers can use it.

Rules of this module:

* It is generated from the lists of known failures, the corpus and the specification; nothing is
  written by hand and nothing is withheld.
* One finding per mechanism: the points whose failure has the same written reason.
* What several versions or implementations have in common is told once and referred to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import choices, corpus, examples, known_failures, specification
from conformance.implementations import catalogue
from conformance.presentation import encoded
from conformance.problems import Place, Problem, plural
from conformance.site import mechanisms
from conformance.site.mechanisms import Failure, Mechanism
from conformance.site.survey import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.case import Case
    from conformance.implementations.catalogue import Manifest
    from conformance.known_failures import KnownFailure

PATH = Path(__file__).parent / "FINDINGS.md"
COMMAND = "python -m conformance findings --write"
#: What the code of a failure says, by how it begins.
CODES = (
    ("accepted", "It accepts what has to be refused."),
    ("rejected:", "It refuses, with `{}`."),
    ("different-value", "The value that arrives is another one."),
    ("exposes-more", "More functions are callable than have to be."),
    ("exposes-less", "Fewer functions are callable than have to be."),
    ("leaks", "Text reaches the client that has to stay on the server."),
    ("different-captures", "It captures other names."),
    ("different-functions", "It finds other server functions."),
    ("different-kind", "It takes the module for one of another kind."),
    ("different-message", "The message on the wire is another one."),
    ("other-place", "It names another place."),
    ("adapter.timeout", "It does not end."),
    ("adapter.", "It takes the whole process down."),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A mechanism of one version, and the list entry that tells most about it."""

    number: int
    mechanism: Mechanism
    entries: tuple[KnownFailure, ...]


@dataclass(slots=True)
class Version:
    """The findings of one version of an implementation."""

    manifest: Manifest
    version: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def points(self) -> int:
        """How many points fail."""
        return sum(len(finding.mechanism.failures) for finding in self.findings)


#: Where each reason was told first.
Told = dict[str, tuple[Version, Finding]]


def problems(path: Path = PATH) -> Iterator[Problem]:
    """That the file is not what it is generated from, if so."""
    found = path.read_bytes() if path.is_file() else b""
    if found != encoded(text()):
        message = "the findings are not those of the lists of known failures"
        yield Problem("findings.drift", message, Place(path.name), COMMAND)


def text() -> str:
    """The whole file."""
    versions = list(_versions())
    parts = [*_introduction(versions)]
    told: Told = {}
    for name in dict.fromkeys(version.manifest.name for version in versions):
        parts += _implementation([v for v in versions if v.manifest.name == name], told)
    return "\n".join(parts).rstrip() + "\n"


# What is known


def _versions() -> Iterator[Version]:
    known_choices = choices.load()
    files = corpus.read_all(corpus.ROOT, known_choices)
    cases = {case.id: case for file in files for case in file.cases}
    for manifest in catalogue.manifests():
        for number in manifest.versions:
            path = manifest.folder / number / catalogue.KNOWN_FAILURES
            entries, _ = known_failures.load(path)
            found = Version(manifest, number)
            groups = mechanisms.grouped(_failures(entries.values(), cases))
            for place, mechanism in enumerate(mechanisms.by_weight(groups), start=1):
                own = (entries[f.case.id, f.observation.name] for f in mechanism.failures)
                found.findings.append(Finding(place, mechanism, tuple(own)))
            yield found


def _failures(entries: Iterable[KnownFailure], cases: Mapping[str, Case]) -> Iterator[Failure]:
    """The entries that are about a point of the corpus; the lint objects to the others."""
    clauses = specification.load().clauses
    for entry in entries:
        case = cases.get(entry.case)
        for observation in case.observations if case else ():
            clause = clauses.get(case.clause) if case else None
            if case and clause and observation.name == entry.observation:
                outcome = Outcome(entry.verdict, entry.code, entry.reason, is_known=True)
                yield Failure(case, observation, clause, outcome)


# What is written


def _introduction(versions: list[Version]) -> Iterator[str]:
    yield "# Findings"
    yield ""
    yield "What released implementations of `'use server'` do otherwise than [SPEC.md](../SPEC.md) says, by implementation,"
    yield "version and mechanism. Each finding has the smallest program that shows it, what it does, what it should do and"
    yield "the command that shows it again. A clause whose source is `decision` is our reading of a question that nobody had"
    yield "answered; such a finding is a difference before it is a defect."
    yield ""
    yield f"This file is generated from the lists of known failures: `{COMMAND}`."
    yield ""
    yield "| implementation | version | findings | points |"
    yield "|---|---|---:|---:|"
    for version in versions:
        name = version.manifest.name
        anchor = _anchor(f"{name} {version.version}")
        link = f"[{version.version}](#{anchor})" if version.findings else version.version
        yield f"| {name} | {link} | {len(version.findings)} | {version.points} |"
    yield ""


def _implementation(versions: list[Version], told: Told) -> Iterator[str]:
    newest = versions[0]
    if not any(version.findings for version in versions):
        return
    yield f"## {newest.manifest.name}"
    yield ""
    yield f"{newest.manifest.title}. Reports go to <{newest.manifest.upstream}>."
    yield ""
    for version in versions:
        if version.findings:
            yield f"### {newest.manifest.name} {version.version}"
            yield ""
        for finding in version.findings:
            before = told.get(finding.mechanism.reason)
            yield from (_reference(finding, *before) if before else _finding(version, finding))
            told.setdefault(finding.mechanism.reason, (version, finding))


def _finding(version: Version, finding: Finding) -> Iterator[str]:
    mechanism, example = finding.mechanism, finding.mechanism.example
    entry = finding.entries[0]
    yield f"#### {finding.number}. {example.case.title}"
    yield ""
    yield f"**What it does.** {_what(entry.code)} {_one_line(mechanism.reason)}"
    yield ""
    yield f"**What it should do.** {example.clause.sentence}"
    yield f"([`{example.clause.slug}`](../SPEC.md), {example.clause.level}; source: {', '.join(example.clause.sources)})"
    yield ""
    yield "".join(examples.files_of(example.case)) + "".join(examples.observed(example.observation))
    yield f"Again: `python -m conformance run --impl={version.manifest.name}@{version.version} --case {example.case.id}`"
    yield ""
    for title, values in (
        ("Evidence", [e.evidence for e in finding.entries]),
        ("Upstream", [e.upstream for e in finding.entries]),
    ):
        for value in dict.fromkeys(filter(None, values)):
            yield f"{title}: {_one_line(value)}"
            yield ""
    yield from _points(mechanism)


def _reference(finding: Finding, first: Version, same: Finding) -> Iterator[str]:
    mechanism = finding.mechanism
    there = {_name(failure) for failure in same.mechanism.failures}
    here = {_name(failure) for failure in mechanism.failures}
    where = f"{first.manifest.name} {first.version}"
    yield f"#### {finding.number}. {mechanism.example.case.title}"
    yield ""
    yield f"As [{where}](#{_anchor(where)}), finding {same.number}"
    yield f"with the same {plural(len(here), 'point')}." if here == there else "with these points:"
    yield ""
    if here != there:
        yield from _points(mechanism)


def _points(mechanism: Mechanism) -> Iterator[str]:
    """Every point that fails by a mechanism, clause by clause, folded away."""
    count = plural(len(mechanism.failures), "point")
    clauses = plural(len(mechanism.clauses), "clause")
    yield f"<details><summary>{count} of {clauses}</summary>"
    yield ""
    for clause in mechanism.clauses:
        own = [f"`{_name(f)}`" for f in mechanism.failures if f.clause.slug == clause.slug]
        yield f"* `{clause.slug}` ({clause.level}): {', '.join(own)}"
    yield ""
    yield "</details>"
    yield ""


def _name(failure: Failure) -> str:
    return f"{failure.case.id} [{failure.observation.name}]"


def _what(code: str) -> str:
    """What the code of a failure says, in a sentence."""
    for beginning, sentence in CODES:
        if code.startswith(beginning):
            return sentence.format(code.removeprefix(beginning))
    return f"(`{code}`)"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _anchor(heading: str) -> str:
    """The anchor that readers of Markdown give to a heading."""
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")
