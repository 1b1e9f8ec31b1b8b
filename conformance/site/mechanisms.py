"""Failures that have one cause, as far as somebody found it.

The rule of this module: points whose failure has the same written reason fail by one mechanism;
where no reason is written, those of one clause that fail with the same code.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance import instructive
from conformance.instructive import Lesson
from conformance.specification import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.case import Case
    from conformance.observations.observation import Observation
    from conformance.site.survey import Outcome, Subject, Survey
    from conformance.specification import Clause, Specification


@dataclass(frozen=True, slots=True)
class Failure:
    """One point that fails."""

    case: Case
    observation: Observation
    clause: Clause
    outcome: Outcome

    @property
    def lesson(self) -> Lesson:
        """How much there is to learn from it, and how fast."""
        size = instructive.size_of(self.case, self.observation.request({}))
        return Lesson(self.clause.slug, self.clause.level, size)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """Failures with one cause, the most instructive first."""

    reason: str
    failures: tuple[Failure, ...]

    @property
    def example(self) -> Failure:
        """The one to look at."""
        return self.failures[0]

    @property
    def level(self) -> str:
        """The strictest level of what is broken."""
        return min((failure.clause.level for failure in self.failures), key=LEVELS.index)

    @property
    def clauses(self) -> list[Clause]:
        """The clauses that are broken, in the order of the specification."""
        found = {failure.clause.slug: failure.clause for failure in self.failures}
        return sorted(found.values(), key=lambda clause: clause.line)

    @property
    def is_explained(self) -> bool:
        """Whether somebody looked at it and wrote down why."""
        return self.example.outcome.is_known


def of(survey: Survey, subject: Subject) -> list[Mechanism]:
    """What to fix first: must before should, and what is behind most failures."""
    return by_weight(grouped(failures_of(survey, subject)))


def by_weight(found: Iterable[Mechanism]) -> list[Mechanism]:
    """Broken musts first, and of those what is behind most failures."""
    return sorted(found, key=lambda m: (LEVELS.index(m.level), -len(m.failures), m.reason))


def failures_of(survey: Survey, subject: Subject) -> list[Failure]:
    """Every point that fails."""
    return list(_failures(survey.cases.values(), subject, survey.specification))


def _failures(
    cases: Iterable[Case], subject: Subject, specification: Specification
) -> Iterable[Failure]:
    for case in cases:
        clause = specification.clauses.get(case.clause)
        for observation in case.observations:
            outcome = subject.outcome(case, observation)
            if clause and outcome and outcome.failed:
                yield Failure(case, observation, clause, outcome)


def grouped(failures: Iterable[Failure]) -> list[Mechanism]:
    """The mechanisms behind some failures."""
    groups: dict[tuple[str, ...], list[Failure]] = defaultdict(list)
    for failure in failures:
        outcome = failure.outcome
        known = (outcome.summary,) if outcome.is_known else (failure.clause.slug, outcome.code)
        groups[known].append(failure)
    return [_mechanism(group) for group in groups.values()]


def _mechanism(group: list[Failure]) -> Mechanism:
    ordered = instructive.ordered(group, lambda failure: failure.lesson)
    return Mechanism(ordered[0].outcome.summary, tuple(ordered))
