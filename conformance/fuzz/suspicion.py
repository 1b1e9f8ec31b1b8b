"""How suspicious a clause is: of the examples that exercise it, the share that ended in a disagreement.

The rule of this module: of the clauses that one disagreement may be about, the most suspicious one is
the likeliest. What every example exercises is no more suspicious than anything else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from conformance.fuzz.example import Example

#: A clause this much less suspicious than another is not what a disagreement comes from.
FAR = 0.5


@dataclass(slots=True)
class Suspicion:
    """What examples have shown so far."""

    met: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def learn(self, examples: Iterable[Example], disagreeing: Collection[int]) -> None:
        """Count examples, by clause; those that disagreed are known by their `id`."""
        for example in examples:
            self.met.update(example.clauses)
            if id(example) in disagreeing:
                self.failed.update(example.clauses)

    def of(self, clause: str) -> float:
        """How suspicious a clause is; one that nothing has exercised is as suspicious as can be."""
        return self.failed[clause] / self.met[clause] if self.met[clause] else 1.0

    def likeliest(self, clauses: Collection[str]) -> str:
        """The most suspicious of some clauses."""
        return max(sorted(clauses), key=self.of)

    def clears(self, clause: str, among: Collection[str]) -> bool:
        """Whether others are so much more suspicious that it is not this one."""
        return self.of(clause) < FAR * self.of(self.likeliest(among))
