"""The corpus: every case of a folder, and what is wrong with the rest.

Rules of this module:

* A file that cannot be read costs its own cases, a case that cannot be read costs itself, and
  each is one problem. Everything else goes on.
* The chapter of a case is the folder its file lies in, directly below the root.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import yaml_source
from conformance.case import Case, read_case
from conformance.problems import Place, Problem, Refused
from conformance.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.choices import Choice
    from conformance.specification import Specification

ROOT = Path(__file__).parent / "corpus"
SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(slots=True)
class CaseFile:
    """One file of the corpus, read."""

    path: Path
    shown: str
    cases: list[Case] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def folder(path: Path) -> Path:
    """The root of a corpus, which has to exist."""
    root = path.resolve()
    if not root.is_dir():
        message = "there is no such folder"
        raise Refused(
            Problem("corpus.missing", message, Place(str(path)), "name a folder of cases")
        )
    return root


def files_of(root: Path) -> list[Path]:
    """The files of a corpus, in the order of their names."""
    return sorted(path for path in root.rglob("*") if path.suffix in SUFFIXES)


def shown_path(path: Path) -> str:
    """How a path is printed: from the working directory if it lies below."""
    return str(path.relative_to(here)) if path.is_relative_to(here := Path.cwd()) else str(path)


def read_file(path: Path, choices: Mapping[str, Choice]) -> CaseFile:
    """The cases of one file."""
    found = CaseFile(path, shown_path(path))
    try:
        text = yaml_source.read_text(path, found.shown)
        node = yaml_source.compose(text, found.shown)
        items = [] if node is None else Written(node, found.shown).items()
    except Refused as refused:
        found.problems.append(refused.problem)
        return found
    for item in items:
        try:
            found.cases.append(read_case(item, choices))
        except Refused as refused:
            found.problems.append(refused.problem)
    return found


def read_all(root: Path, choices: Mapping[str, Choice]) -> list[CaseFile]:
    """Every file of a corpus."""
    return [read_file(path, choices) for path in files_of(root)]


def chapter_of(path: Path, root: Path) -> str:
    """The chapter a file of the corpus belongs to."""
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 else path.stem


class Index:
    """What is wrong with cases only in view of others: ids used twice, clauses that do not exist."""

    def __init__(self, specification: Specification) -> None:
        self.specification = specification
        self.places: dict[str, Place] = {}
        #: Clauses that do not exist are reported where they are first named.
        self.unknown: set[str] = set()

    def problems(self, cases: Iterable[Case]) -> list[Problem]:
        """The problems of some more cases; their ids are known from here on."""
        return [problem for case in cases for problem in self._problems(case)]

    def _problems(self, case: Case) -> Iterable[Problem]:
        if case.id in self.places:
            message = f"the id {case.id} was already used at {self.places[case.id]}"
            yield Problem("corpus.duplicate-id", message, case.place, "an id names one case")
        self.places.setdefault(case.id, case.place)
        if case.clause in self.specification.retired:
            message = f"the clause {case.clause} is retired"
            yield Problem("corpus.retired-clause", message, case.place)
        elif case.clause not in self.specification.clauses and case.clause not in self.unknown:
            self.unknown.add(case.clause)
            message = f"the clause {case.clause} does not exist"
            fix = _nearest(case.clause, self.specification)
            yield Problem("corpus.unknown-clause", message, case.place, fix)


def _nearest(slug: str, specification: Specification) -> str | None:
    import difflib  # noqa: PLC0415  (only when something is wrong)

    near = difflib.get_close_matches(slug, specification.clauses, n=1)
    return f"did you mean {near[0]}?" if near else None
