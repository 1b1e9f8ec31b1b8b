"""Running the corpus against mutants: which points catch which.

Rules of this module:

* A point catches a mutant when the reference passes it and the mutant does not: it fails, crashes,
  or is not done in time.
* Whatever catches a mutant is asked of the reference as well: what that does not pass either
  ends the campaign.
* Mutants live in this process, one after the other. With several jobs, each worker is a fork.
"""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from conformance.conversation import Conversation, Limits
from conformance.implementation import REFERENCE, find
from conformance.problems import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.case import Case
    from conformance.lint import Subject
    from conformance.mutants.mutant import Mutant
    from conformance.observations.observation import Observation
    from conformance.verdict import Verdict

#: Seconds for one point: a mutant that needs longer hangs.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """One observation point of one case."""

    case: Case
    observation: Observation

    @property
    def name(self) -> str:
        """What pytest calls it."""
        return f"{self.case.id}[{self.observation.name}]"


@dataclass(frozen=True, slots=True)
class Catch:
    """A point that a mutant does not pass, and how."""

    point: str
    clause: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the corpus says of one mutant."""

    mutant: Mutant
    catches: list[Catch] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def own(self) -> list[Catch]:
        """The catches by cases of the mutant's own clause."""
        return [catch for catch in self.catches if catch.clause == self.mutant.clause]


class Campaign:
    """The corpus, ready to be asked of one mutant after the other."""

    def __init__(self, subject: Subject) -> None:
        self.points = [Point(case, each) for _, case in subject.cases for each in case.observations]
        self.conversation = Conversation(
            find(REFERENCE), subject.choices, subject.specification, {}, Limits(PATIENCE)
        )
        #: The points that the reference is known to pass.
        self.passed: set[Point] = set()

    def ask(self, point: Point) -> Verdict:
        """The verdict on a point, of whatever the reference is now."""
        return self.conversation.observe(point.case, point.observation)

    def confirm(self, point: Point) -> None:
        """Ask the reference without any defect; raises `Refused` when it fails too."""
        if point not in self.passed:
            found = self.ask(point)
            if found.is_bad:
                message = f"the reference does not pass {point.name}: {found.summary}"
                fix = "pytest conformance/ --impl=refimpl has to pass before mutants mean anything"
                raise Refused(Problem("mutant.broken-reference", message, point.case.place, fix))
            self.passed.add(point)

    def examine(self, mutant: Mutant, *, own_clause: bool) -> Finding:
        """What catches a mutant; among the cases of its own clause, the first is enough."""
        began = time.perf_counter()
        caught = self.own_catch(mutant) if own_clause else self.all_catches(mutant)
        for point in caught:
            self.confirm(point)
        catches = [Catch(p.name, p.case.clause, kind) for p, kind in caught.items()]
        return Finding(mutant, catches, time.perf_counter() - began)

    def own_catch(self, mutant: Mutant) -> dict[Point, str]:
        """The first point of the mutant's own clause that catches it."""
        with mutant.alive():
            for point in self.points:
                if point.case.clause == mutant.clause and (found := self.ask(point)).is_bad:
                    return {point: found.kind}
        return {}

    def all_catches(self, mutant: Mutant) -> dict[Point, str]:
        """Every point that catches the mutant."""
        with mutant.alive():
            return {p: found.kind for p in self.points if (found := self.ask(p)).is_bad}


def findings(
    campaign: Campaign, mutants: Iterable[Mutant], *, own_clause: bool, jobs: int = 1
) -> Iterator[Finding]:
    """What the corpus says of each mutant, in their order."""
    if jobs == 1:
        yield from (campaign.examine(mutant, own_clause=own_clause) for mutant in mutants)
        return
    with multiprocessing.get_context("fork").Pool(jobs, _inherit, [campaign]) as pool:
        yield from pool.imap(partial(_examine, own_clause=own_clause), mutants)


_inherited: Campaign


def _inherit(campaign: Campaign) -> None:
    """Keep what a worker gets from the process it is forked from: a campaign cannot be sent."""
    global _inherited  # noqa: PLW0603  (a worker has one campaign, and no other way to be given it)
    _inherited = campaign


def _examine(mutant: Mutant, *, own_clause: bool) -> Finding:
    return _inherited.examine(mutant, own_clause=own_clause)
