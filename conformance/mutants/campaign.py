"""Running the corpus against mutants: which points catch which.

Rules of this module:

* A point catches a mutant when the reference passes it and the mutant does not: it fails, crashes,
  or is not done in time.
* Whatever catches a mutant is asked of the reference as well: what that does not pass either
  ends the campaign.
* Mutants live in this process, one after the other. With several jobs, each worker is a fork.
* A mutant meets every point as if it were the first: what catches it does not depend on the order.
* A point is not asked where it is known what it would say, or where it does not matter.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from conformance.conversation import Conversation, Limits
from conformance.implementation import REFERENCE, find
from conformance.mutants import reach
from conformance.mutants.patching import Replaced
from conformance.problems import Problem, Refused
from conformance.verdict import before_asking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.case import Case
    from conformance.lint import Subject
    from conformance.mutants.mutant import Mutant
    from conformance.mutants.patching import Patch
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
    #: The cases of its own topic as far as they matter to the spine.
    TOPIC = "topic"
    #: All cases as far as they matter to the spine: up to the second that catches the mutant, and
    #: those that have caught none yet.
    SPINE = "spine"
    #: All cases.
    ALL = "all"

    @property
    def rounds(self) -> tuple[Extent, ...]:
        """What is asked of all mutants, one extent after the other.

        What is near to a mutant catches most, and after that little of what is far away matters.
        """
        return (Extent.TOPIC, Extent.SPINE) if self is Extent.SPINE else (self,)

    @property
    def wanted(self) -> float:
        """How many catches are wanted of each mutant."""
        return {Extent.OWN_CLAUSE: 1, Extent.TOPIC: 2, Extent.SPINE: 2}.get(self, math.inf)


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
    #: How much was asked.
    extent: Extent
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
        #: What earlier rounds found, by the name of the mutant, and the points that caught any.
        self.found: dict[str, Finding] = {}
        self.catching: set[str] = set()
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
        """What catches a mutant, beyond what is known of it."""
        began = time.perf_counter()
        known = self.found.get(mutant.name, Finding(mutant, extent))
        caught: dict[Point, str] = {}
        with Life(mutant, is_cold=extent is not Extent.OWN_CLAUSE) as life:
            for point in self.worth_asking(mutant, extent):
                is_enough = len(known.catches) + len(caught) >= extent.wanted
                if is_enough and not self.matters_always(point, extent):
                    continue
                life.begin()
                if (found := self.ask(point)).is_bad:
                    caught[point] = found.kind
        for point in caught:
            self.confirm(point)
        catches = [Catch(p.name, p.case.clause, kind) for p, kind in caught.items()]
        seconds = known.seconds + time.perf_counter() - began
        return Finding(mutant, extent, [*known.catches, *catches], seconds)

    def worth_asking(self, mutant: Mutant, extent: Extent) -> list[Point]:
        """The points that can catch a mutant, of an extent: those of its own clause come first."""

        def distance(point: Point) -> int:
            clause = point.case.clause
            return (clause != mutant.clause) + (topic(clause) != topic(mutant.clause))

        if extent is Extent.OWN_CLAUSE:
            return [point for point in self.points if not distance(point)]
        points = sorted(self.reaching.get(mutant.name, self.points), key=distance)
        if extent is Extent.TOPIC:
            return [point for point in points if distance(point) < 2]
        if mutant.name in self.found:  # its topic has been asked
            return [point for point in points if distance(point) == 2]
        return points

    def matters_always(self, point: Point, extent: Extent) -> bool:
        """Whether a point is asked also about a mutant that enough others catch."""
        return extent in {Extent.TOPIC, Extent.SPINE} and point.name not in self.catching

    def remember(self, finding: Finding) -> None:
        """Know a finding, for the next round."""
        self.found[finding.mutant.name] = finding
        self.catching.update(catch.point for catch in finding.catches)

    def is_applicable(self, point: Point) -> bool:
        """Whether it is a question to the reference at all, and not to who declares other choices."""
        hello, _ = self.conversation.greeted()
        return before_asking(point.case, point.observation, hello) is None


def topic(clause: str) -> str:
    """The first word of a clause."""
    return clause.partition(".")[0]


class Life(ExitStack):
    """A mutant that is alive for one point after the other, and remembers none of them."""

    def __init__(self, mutant: Mutant, *, is_cold: bool) -> None:
        super().__init__()
        self.mutant = mutant
        self.patch: Patch | None = None
        if is_cold:  # it knows nothing that was cached before, and leaves nothing that it caches
            reach.forget()
            self.callback(reach.forget)
        self.now = self.enter_context(ExitStack())

    def begin(self) -> None:
        """Let the mutant be alive, anew if a function of its own may keep what it has seen."""
        if self.patch is None or any(isinstance(each, Replaced) for each in self.patch.changes):
            self.now.close()
            self.patch = self.now.enter_context(self.mutant.alive())


@contextmanager
def settled() -> Iterator[None]:
    """While this context lasts, the collector of garbage passes over what is there already.

    Every point leaves much garbage; to look at the whole corpus as often takes a third of the time.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def findings(
    campaign: Campaign, mutants: Sequence[Mutant], extent: Extent, jobs: int = 1
) -> Iterator[Finding]:
    """What the corpus says of each mutant, in their order, round by round."""
    if extent is not Extent.OWN_CLAUSE and len(mutants) > FEW:
        campaign.reaching = reach.points_of(campaign, mutants)
    with settled():
        for each in extent.rounds:
            for finding in examined(campaign, mutants, each, jobs):
                campaign.remember(finding)
                yield finding


def examined(
    campaign: Campaign, mutants: Sequence[Mutant], extent: Extent, jobs: int
) -> Iterator[Finding]:
    """What one round finds."""
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
    finding = _inherited.examine(mutant, extent)
    _inherited.remember(finding)
    return finding
