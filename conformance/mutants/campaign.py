"""Running the corpus against mutants: which points catch which.

Rules of this module:

* A point catches a mutant when the reference passes it and the mutant does not: it fails, crashes,
  or is not done in time.
* Whatever catches a mutant is asked of the reference as well: what that does not pass either
  ends the campaign.
* Mutants live in this process, one after the other. With several jobs, each worker is a fork.
* A point is not asked where it is known what it would say, or where it does not matter.
"""

from __future__ import annotations

import multiprocessing
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from conformance.conversation import Conversation, Limits
from conformance.implementation import REFERENCE, find
from conformance.mutants import reach
from conformance.problems import Problem, Refused
from conformance.verdict import before_asking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.case import Case
    from conformance.lint import Subject
    from conformance.mutants.mutant import Mutant
    from conformance.observations.observation import Observation
    from conformance.verdict import Verdict

#: Seconds for one point: a mutant that needs longer hangs.
PATIENCE = 10.0
#: Up to how many mutants are asked about everything: to find out what reaches them takes longer.
FEW = 5


class Extent(Enum):
    """How much is asked about a mutant."""

    #: The cases of its own clause, up to the first that catches it.
    OWN_CLAUSE = "own-clause"
    #: All cases up to the second that catches it, and those that have caught no mutant yet.
    SPINE = "spine"
    #: All cases.
    ALL = "all"


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
        #: The points that have caught a mutant.
        self.catching: set[Point] = set()
        #: The points that can catch a mutant, by its name, where that is known.
        self.reaching: dict[str, list[Point]] = {}

    def ask(self, point: Point) -> Verdict:
        """The verdict on a point, of whatever the reference is now."""
        return self.conversation.observe(point.case, point.observation)

    def confirm(self, point: Point) -> None:
        """Ask the reference without any defect; raises `Refused` when it fails too."""
        if point not in self.passed:
            self.check(point)

    def check(self, point: Point) -> None:
        """Ask, whatever is known already; raises `Refused` when the reference fails."""
        found = self.ask(point)
        if found.is_bad:
            message = f"the reference does not pass {point.name}: {found.summary}"
            fix = "pytest conformance/ --impl=refimpl has to pass before mutants mean anything"
            raise Refused(Problem("mutant.broken-reference", message, point.case.place, fix))
        self.passed.add(point)

    def examine(self, mutant: Mutant, extent: Extent) -> Finding:
        """What catches a mutant."""
        began = time.perf_counter()
        if extent is Extent.OWN_CLAUSE:
            caught = self.own_catch(mutant)
        else:
            caught = self.catches(mutant, wanted=2 if extent is Extent.SPINE else len(self.points))
        for point in caught:
            self.confirm(point)
        self.catching.update(caught)
        catches = [Catch(p.name, p.case.clause, kind) for p, kind in caught.items()]
        return Finding(mutant, catches, time.perf_counter() - began)

    def own_catch(self, mutant: Mutant) -> dict[Point, str]:
        """The first point of the mutant's own clause that catches it."""
        with mutant.alive():
            for point in self.points:
                if point.case.clause == mutant.clause and (found := self.ask(point)).is_bad:
                    return {point: found.kind}
        return {}

    def catches(self, mutant: Mutant, wanted: int) -> dict[Point, str]:
        """The points that catch the mutant: all, or so many and any that has not caught anything."""
        caught: dict[Point, str] = {}
        with forgetting(), mutant.alive():
            for point in self.nearest(mutant):
                matters = len(caught) < wanted or point not in self.catching
                if matters and (found := self.ask(point)).is_bad:
                    caught[point] = found.kind
        return caught

    def nearest(self, mutant: Mutant) -> list[Point]:
        """The points that can catch a mutant: those of its own clause first, then of its topic."""
        topic = mutant.clause.partition(".")[0]
        return sorted(
            self.reaching.get(mutant.name, self.points),
            key=lambda point: (
                point.case.clause != mutant.clause,
                point.case.clause.partition(".")[0] != topic,
            ),
        )

    def is_applicable(self, point: Point) -> bool:
        """Whether it is a question to the reference at all, and not to who declares other choices."""
        hello, _ = self.conversation.greeted()
        return before_asking(point.case, point.observation, hello) is None


@contextmanager
def forgetting() -> Iterator[None]:
    """Keep apart what the reference remembers of before, of this context, and of afterwards."""
    reach.forget()
    try:
        yield
    finally:
        reach.forget()


def findings(
    campaign: Campaign, mutants: Sequence[Mutant], extent: Extent, jobs: int = 1
) -> Iterator[Finding]:
    """What the corpus says of each mutant, in their order."""
    if extent is not Extent.OWN_CLAUSE and len(mutants) > FEW:
        campaign.reaching = reach.points_of(campaign, mutants)
    if jobs == 1:
        yield from (campaign.examine(mutant, extent) for mutant in mutants)
        return
    with multiprocessing.get_context("fork").Pool(jobs, _inherit, [campaign]) as pool:
        yield from pool.imap(partial(_examine, extent=extent), mutants)


_inherited: Campaign


def _inherit(campaign: Campaign) -> None:
    """Keep what a worker gets from the process it is forked from: a campaign cannot be sent."""
    global _inherited  # noqa: PLW0603  (a worker has one campaign, and no other way to be given it)
    _inherited = campaign


def _examine(mutant: Mutant, extent: Extent) -> Finding:
    return _inherited.examine(mutant, extent)
