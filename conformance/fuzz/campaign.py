"""A campaign: batch after batch until there is no more time, and everything that was found.

Rules of this module:

* Whatever was found is kept at once: a campaign that is interrupted has lost nothing but the batch
  it was at, and the next one with the same folder goes on where this one was.
* Workers do not know of each other, so a finding is news only if it still is when it arrives.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.fuzz import worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from conformance.fuzz.finding import Finding
    from conformance.fuzz.plan import Known, Plan
    from conformance.fuzz.worker import Outcome


@dataclass(slots=True)
class Totals:
    """What a campaign has come to so far; this and no more is needed to go on with it."""

    batches: int = 0
    examples: int = 0
    seconds: float = 0.0
    verdicts: Counter[str] = field(default_factory=Counter)
    clauses: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    #: What came to the same examples as these, and would do so again.
    others: list[Known] = field(default_factory=list)

    @property
    def known(self) -> list[Known]:
        """What is no news any more."""
        return [*(finding.known for finding in self.findings), *self.others]

    @property
    def news(self) -> list[Finding]:
        """The findings that nobody has explained."""
        return [finding for finding in self.findings if finding.is_news]

    def add(self, outcome: Outcome) -> list[Finding]:
        """Count what came of a batch; the findings that are still new."""
        self.examples += outcome.examples
        self.verdicts += outcome.verdicts
        self.clauses += outcome.clauses
        self.again += outcome.again
        return [finding for finding in outcome.findings if self.keep(finding)]

    def keep(self, finding: Finding) -> bool:
        """Whether a finding is new. It takes the place of larger ones that are the same."""
        if any(known.covers(finding.signature, finding.features) for known in self.known):
            self.again[finding.signature] += 1
            return False
        if any(known.is_same(finding.known) for known in self.known):
            self.again[finding.signature] += 1
            self.others.append(finding.known)
            return False
        covers = finding.known.covers
        larger = [each for each in self.findings if covers(each.signature, each.features)]
        self.again[finding.signature] += len(larger)
        self.findings = [each for each in self.findings if each not in larger] + [finding]
        return not larger


@dataclass(slots=True)
class Budget:
    """When a campaign ends: after so many examples, or seconds, whichever comes first."""

    examples: int | None = None
    seconds: float | None = None

    def is_spent(self, examples: int, seconds: float) -> bool:
        """Whether no more batch is to be begun."""
        return (self.examples is not None and examples >= self.examples) or (
            self.seconds is not None and seconds >= self.seconds
        )


@dataclass(slots=True)
class Campaign:
    """One plan, carried out."""

    plan: Plan
    executor: Executor
    #: How many batches are under way at once.
    width: int
    totals: Totals
    #: Told what is new whenever a batch has come in.
    report: Callable[[Totals, list[Finding]], None]

    def run(self, budget: Budget) -> None:
        """Carry it out; an interrupt ends it with what was found."""
        began = time.monotonic()
        before = self.totals.seconds, self.totals.examples
        under_way: set[Future[Outcome]] = set()
        submitted = self.totals.examples
        if self.plan.database:
            self.take(self.executor.submit(worker.replay, self.plan, self.totals.known))
        try:
            while True:
                while len(under_way) < self.width:
                    if budget.is_spent(submitted - before[1], time.monotonic() - began):
                        break
                    under_way.add(self.submit())
                    submitted += self.plan.batch
                if not under_way:
                    break
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                self.totals.seconds = before[0] + time.monotonic() - began
                for future in done:
                    self.take(future)
        finally:
            for future in under_way:
                future.cancel()

    def submit(self) -> Future[Outcome]:
        """Begin a batch."""
        number = self.totals.batches
        self.totals.batches += 1
        return self.executor.submit(worker.run_batch, self.plan, number, self.totals.known)

    def take(self, future: Future[Outcome]) -> None:
        """Count what a batch has come to."""
        self.report(self.totals, self.totals.add(future.result()))
