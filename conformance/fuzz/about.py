"""What a disagreement is about: the clause that it is filed under, and those by which it may be known.

Rules of this module:

* Where the second opinion refuses, the clauses that name the code of the refusal say why: those
  that the example exercises, or else those that refine one of them.
* Functions that differ by nothing but their names are about names.
* Otherwise it is the clauses that the example exercises, and of those the ones that not every
  example does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.fuzz.signature import RENAMED
from conformance.protocol import Rejected

if TYPE_CHECKING:
    from collections.abc import Collection

    from conformance.fuzz.example import Example
    from conformance.protocol import Ok
    from conformance.specification import Specification

#: Clauses that nearly every example exercises.
COMMON = frozenset(
    {
        "capture.not-uses",
        "capture.outer",
        "function.form.arrow",
        "function.form.declaration",
        "function.form.expression",
        "function.inline",
        "module.kinds",
        "value.array",
    }
)


def clauses_about(
    example: Example,
    answer: Ok | Rejected | None,
    signature: str,
    specification: Specification,
) -> Collection[str]:
    """The clauses that a disagreement with an answer is about."""
    if signature.endswith(RENAMED):
        return {"function.name"}
    naming = clauses_naming(answer.code, specification) if isinstance(answer, Rejected) else set()
    exercised = example.clauses
    refining = {slug for slug in naming if any(slug.startswith(f"{each}.") for each in exercised)}
    return naming & exercised or refining or naming or telling(example)


def clauses_naming(code: str, specification: Specification) -> set[str]:
    """The clauses whose sentence names an error code."""
    clauses = specification.clauses
    return {slug for slug, clause in clauses.items() if f"`{code}`" in clause.sentence}


def telling(example: Example) -> frozenset[str]:
    """The clauses that not every example exercises, if there is one."""
    return example.clauses - COMMON or example.clauses
