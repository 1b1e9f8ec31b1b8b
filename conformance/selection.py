"""Which cases of the corpus were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance import specification

if TYPE_CHECKING:
    from conformance.case import Case
    from conformance.specification import Clause


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases were asked for."""

    cases: tuple[str, ...]
    clauses: tuple[str, ...]
    classes: tuple[str, ...]
    levels: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return bool(self.cases or self.clauses or self.classes or self.levels)

    def takes(self, case: Case, clause: Clause | None) -> bool:
        """Whether a case was asked for."""
        slug = case.clause
        covered = (specification.covers(prefix, slug) for prefix in self.clauses)
        return (
            (not self.cases or case.id in self.cases)
            and (not self.clauses or any(covered))
            and (not self.classes or (clause is not None and clause.class_ in self.classes))
            and (not self.levels or (clause is not None and clause.level in self.levels))
        )
