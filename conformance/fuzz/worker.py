"""One batch of a campaign, done anywhere: drawn, asked, judged, and made smaller where it disagrees.

Rules of this module:

* A worker is told what is known already and returns what is new; it keeps nothing but its adapters.
* Every second batch steers clear of what the subject is known to fail, to see what is behind it.
* A thread has adapters of its own, as an adapter answers one question after the other.
"""

from __future__ import annotations

import gc
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance import choices, known_failures, specification
from conformance.conversation import Conversation, Limits
from conformance.depth import room_to_recurse
from conformance.fuzz import database, drawing
from conformance.fuzz.differential import Differential
from conformance.fuzz.finding import Finding, finding_of, is_of_adapter, is_withheld
from conformance.fuzz.plan import Known
from conformance.fuzz.reduction import reduced
from conformance.fuzz.suspicion import Suspicion
from conformance.fuzz.targets import TARGETS
from conformance.implementation import find
from conformance.protocol import Rejected
from conformance.verdict import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from conformance.fuzz.differential import Disagreement
    from conformance.fuzz.example import Example
    from conformance.fuzz.plan import Plan
    from conformance.protocol import Ok

#: Seconds to wait for an answer that is not expected to come.
HURRY = 2.0
#: So many new objects before Python looks for garbage.
OBJECTS = 50_000


class Patience:
    """Over after so many tries, or seconds: a count says the same everywhere, a clock ends it anyway."""

    def __init__(self, tries: int, seconds: float) -> None:
        self.tries = tries
        self.until = time.monotonic() + seconds

    def is_over(self) -> bool:
        """Whether it is; asked before each try."""
        self.tries -= 1
        return self.tries < 0 or time.monotonic() > self.until


@dataclass(slots=True)
class Outcome:
    """What came of a batch."""

    batch: int
    examples: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    clauses: Counter[str] = field(default_factory=Counter)
    #: How often a disagreement was met that is known already, by signature.
    again: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


class Worker:
    """Asks the two sides of a plan."""

    def __init__(
        self, plan: Plan, alive: Callable[[], AbstractContextManager[object]] | None = None
    ) -> None:
        self.plan = plan
        self.strategy = TARGETS[plan.target]
        self.database = plan.database and database.opened(plan.database, plan.name)
        self.specification = specification.load(None)
        opinion, subject = (self.conversation(name) for name in (plan.opinion, plan.subject))
        self.sides = Differential(opinion, subject)
        if alive is not None:
            self.sides.alive = alive
        self.suspicion = Suspicion()
        #: The clauses of which no example is wanted in this batch.
        self.avoided: set[str] = set()
        self.before = gc.get_threshold()
        self.is_settled = False

    def conversation(self, name: str) -> Conversation:
        """A conversation with one of the two."""
        implementation = find(name)
        limits = Limits(self.plan.waits)
        path = implementation.known_failures
        known = known_failures.load(path)[0] if path else {}
        return Conversation(implementation, choices.load(), self.specification, known, limits)

    def run(self, batch: int, known: Sequence[Known]) -> Outcome:
        """One batch."""
        plan = self.plan
        outcome = Outcome(batch)
        self.avoided = {each.clause for each in known if each.clause} if batch % 2 else set()
        self.sides.verdicts.clear()
        seen = [*known]
        examples: dict[int, Example] = {}
        asked = self.sides.disagreements(self.drawn(batch, examples))
        disagreements = [found for found in asked if not is_of_adapter(found, plan)]
        numbers = {id(example): number for number, example in examples.items()}
        outcome.examples = len(examples)
        outcome.clauses.update(clause for each in examples.values() for clause in each.clauses)
        self.suspicion.learn(examples.values(), {id(found.example) for found in disagreements})
        for found in rarest_first(disagreements, known):
            if self.is_known(found, seen) or len(outcome.findings) == plan.news:
                outcome.again[found.signature] += 1
                continue
            finding = self.finding(found, batch, numbers[id(found.example)], seen)
            seen.append(finding.known)
            outcome.findings.append(finding)
        outcome.verdicts.update(self.sides.verdicts)
        self.settle()
        return outcome

    def drawn(self, batch: int, examples: dict[int, Example]) -> Iterator[Example]:
        """The examples of a batch that are to be looked at, which are kept by their numbers in it."""
        drawn = drawing.examples(self.strategy, self.plan.seed_of(batch), self.plan.batch)
        for number, example in enumerate(drawn):
            if self.is_wanted(example):
                examples[number] = example
                yield example

    def settle(self) -> None:
        """After the first batch: what is loaded by now stays, and a batch makes garbage by the thousand.

        Looking for it as often as Python does by default costs a fifth of a campaign of programs.
        """
        if not self.is_settled:
            self.is_settled = True
            gc.collect()
            gc.freeze()
            gc.set_threshold(OBJECTS)

    def replay(self, known: Sequence[Known]) -> Outcome:
        """The examples of earlier campaigns, of this one and of the rest of the fleet."""
        outcome = Outcome(-1)
        if not self.database:
            return outcome
        seen = [*known]

        def disagrees(example: Example) -> bool:
            outcome.examples += 1
            return any(True for _ in self.sides.disagreements([example]))

        for example in drawing.replayed(self.strategy, self.database, disagrees):
            for found in self.sides.disagreements([example]):
                if self.is_known(found, seen):
                    outcome.again[found.signature] += 1
                    continue
                seen.append(Known(found.signature, found.example.features))
                outcome.findings.append(self.described(found, -1, 0))
        return outcome

    @staticmethod
    def is_known(found: Disagreement, known: Sequence[Known]) -> bool:
        """Whether a disagreement was found before."""
        features = found.example.features
        return any(each.covers(found.signature, features) for each in known)

    def finding(
        self, found: Disagreement, batch: int, number: int, known: Sequence[Known]
    ) -> Finding:
        """A new disagreement, as small as it can be made while it stays the same."""
        if not is_withheld(found, self.plan):
            with self.hurrying(found):
                smaller = self.smallest(found, batch, number, known)
            # What was late in a hurry may only have been slow.
            if smaller and (smaller.verdict.kind != TIMEOUT or self.is_there(smaller, known)):
                found = smaller
        return self.described(found, batch, number)

    @contextmanager
    def hurrying(self, found: Disagreement) -> Iterator[None]:
        """While a disagreement is made smaller that no answer comes, less time to wait for it."""
        subject, usual = self.sides.subject, self.sides.subject.limits
        if found.verdict.kind == TIMEOUT:
            subject.limits = replace(usual, at_most=HURRY)
        try:
            yield
        finally:
            subject.limits = usual

    def is_there(self, found: Disagreement, known: Sequence[Known]) -> bool:
        """Whether a disagreement shows once more."""
        return self.same(found, known)(found.example) is not None

    def smallest(
        self, found: Disagreement, batch: int, number: int, known: Sequence[Known]
    ) -> Disagreement | None:
        """The smallest example of the same disagreement that was found; None if there is none any more."""
        wanted = self.same(found, known)

        def holds(example: Example) -> bool:
            return wanted(example) is not None

        patience = Patience(self.plan.tries, self.plan.shrinking / 2)
        drawn = drawing.smallest(
            self.strategy,
            self.plan.seed_of(batch),
            self.plan.batch,
            number,
            holds,
            is_over=patience.is_over,
            database=self.database or None,
        )
        if drawn is None or (smaller := wanted(drawn)) is None:
            return None
        if smaller.question is None:
            return smaller
        patience = Patience(self.plan.tries, self.plan.shrinking / 2)
        return wanted(reduced(drawn, smaller.question, holds, patience.is_over)) or smaller

    def same(
        self, found: Disagreement, known: Sequence[Known]
    ) -> Callable[[Example], Disagreement | None]:
        """The same disagreement about another example, if it is there and is not a known one."""
        (point,) = found.case.observations

        def look(example: Example) -> Disagreement | None:
            if not self.is_wanted(example):
                return None
            for other in self.sides.disagreements([example], point.name):
                if is_same(other, found) and not self.is_known(other, known):
                    return other
            return None

        return look

    def is_wanted(self, example: Example) -> bool:
        """Whether an example is to be looked at in this batch."""
        return not self.avoided & example.clauses

    def described(self, found: Disagreement, batch: int, number: int) -> Finding:
        """The finding that a disagreement is."""
        return finding_of(found, self.plan, self.sides.subject, self.suspicion, (batch, number))

    def close(self) -> None:
        """End the adapters, and leave the process as it was."""
        self.sides.opinion.stop()
        self.sides.subject.stop()
        gc.set_threshold(*self.before)
        gc.unfreeze()


def is_same(other: Disagreement, found: Disagreement) -> bool:
    """Whether two are the same disagreement: one signature, and one answer of the second opinion.

    What is refused for another reason, or has to be, is another disagreement, however alike it is seen.
    """
    return other.signature == found.signature and _kind(other.answer) == _kind(found.answer)


def _kind(answer: Ok | Rejected | None) -> tuple[str, ...]:
    if isinstance(answer, Rejected):
        return "rejected", answer.phase, answer.code
    return ("ok" if answer else "none",)


def rarest_first(found: Sequence[Disagreement], known: Sequence[Known]) -> list[Disagreement]:
    """Disagreements in turn, one of each signature: what was seen often does not keep others waiting."""
    seen = Counter(each.signature for each in known)
    ranks = []
    for each in found:
        ranks.append(seen[each.signature])
        seen[each.signature] += 1
    return [found[at] for at in sorted(range(len(found)), key=ranks.__getitem__)]


_own = threading.local()


def run_batch(plan: Plan, batch: int, known: Sequence[Known]) -> Outcome:
    """One batch, by the worker that this thread has for the plan."""
    with room_to_recurse():
        return worker(plan).run(batch, known)


def replay(plan: Plan, known: Sequence[Known]) -> Outcome:
    """What the database holds, by the worker that this thread has for the plan."""
    with room_to_recurse():
        return worker(plan).replay(known)


def worker(plan: Plan) -> Worker:
    """The worker of this thread; one for another plan ends."""
    found: Worker | None = getattr(_own, "worker", None)
    if found is None or found.plan != plan:
        if found is not None:
            found.close()
        found = _own.worker = Worker(plan)
    return found
