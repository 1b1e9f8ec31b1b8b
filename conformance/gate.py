"""The two-way gate: every clause has its cases and its code, and nothing refers to no clause.

Rules of this module:

* A must-clause that can be tested has a positive and a negative case; any other clause that can be
  tested has a case.
* Every clause that can be tested is named by the code that implements it: `Clause: slug` or
  `Clauses: a.b, c.d` in a Python comment or docstring, `// clause: slug` in a grammar.
* Whatever names a clause names one that exists.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from conformance.problems import Place, Problem
from conformance.specification import SLUG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from conformance.case import Case
    from conformance.specification import Clause, Specification

LIST = rf"{SLUG}(?:,[ \n#/]*{SLUG})*"
PYTHON_NAMES = re.compile(rf"\bClauses?: +(?P<slugs>{LIST})")
GRAMMAR_NAMES = re.compile(rf"// *[Cc]lauses?: +(?P<slugs>{LIST})")


def problems(
    specification: Specification, cases: Iterable[Case], code: Iterable[Path], root: Path
) -> list[Problem]:
    """Everything that the gate does not let through."""
    found = [*_untested(specification, cases)]
    named: set[str] = set()
    for path in code:
        for slug, place in names_in(path, root):
            named.add(slug)
            if slug not in specification.clauses:
                message = f"the clause {slug} does not exist"
                found.append(Problem("gate.unknown-clause", message, place))
    for clause in specification.clauses.values():
        if clause.untestable is None and clause.slug not in named:
            message = f"no code names the clause {clause.slug}"
            found.append(Problem("gate.unnamed-clause", message, _place(clause)))
    return found


def _untested(specification: Specification, cases: Iterable[Case]) -> Iterator[Problem]:
    polarities: defaultdict[str, set[str]] = defaultdict(set)
    for case in cases:
        polarities[case.clause].add(case.polarity)
    for clause in specification.clauses.values():
        if clause.untestable is not None:
            continue
        needed = ("positive", "negative") if clause.level == "must" else ()
        for polarity in needed:
            if polarity not in polarities[clause.slug]:
                message = f"the {clause.level}-clause {clause.slug} has no {polarity} case"
                yield Problem(f"gate.no-{polarity}-case", message, _place(clause))
        if not needed and not polarities[clause.slug]:
            message = f"the {clause.level}-clause {clause.slug} has no case"
            yield Problem("gate.no-case", message, _place(clause))


def _place(clause: Clause) -> Place:
    return Place("SPEC.md", clause.line)


def names_in(path: Path, root: Path) -> Iterator[tuple[str, Place]]:
    """The clauses a source file names, with their places."""
    text = path.read_text(encoding="utf-8")
    shown = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    pattern = PYTHON_NAMES if path.suffix == ".py" else GRAMMAR_NAMES
    for match in pattern.finditer(text):
        for slug in re.finditer(SLUG, match["slugs"]):
            line = text.count("\n", 0, match.start("slugs") + slug.start()) + 1
            yield slug[0], Place(shown, line)


def code_of(root: Path) -> list[Path]:
    """The sources that implement the specification."""
    return [*sorted((root / "refimpl").rglob("*.py")), *sorted((root / "spec").glob("*.lark"))]
