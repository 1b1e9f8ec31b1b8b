"""Two implementations and one question: where the second does not answer as the first.

Rules of this module:

* The answer of the second opinion becomes a case, and the subject is judged by it exactly as it is
  by the cases of the corpus.
* A subject in a process of its own works at the same time: it is sent the questions ahead, and is
  judged while the examples that follow are still drawn and answered by the second opinion.
* A subject in this process is asked after the second opinion has answered all questions of a batch,
  so that it may be another state of the same code.
* A second opinion that does not answer is a finding too: it has to answer everything.
* An answer that is late may be that of a busy machine: the first one of a batch is asked for again.
"""

from __future__ import annotations

from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from conformance import notation, protocol, verdict
from conformance.case import Case
from conformance.fuzz.expectation import expecting
from conformance.fuzz.requirements import requirements
from conformance.fuzz.signature import signature
from conformance.fuzz.spelling import meaning
from conformance.fuzz.taken_apart import message_from
from conformance.observations import Decode, Encode
from conformance.problems import Place
from conformance.protocol import Ok, Unsupported, Violation
from conformance.transports import AdapterFailure
from conformance.verdict import FAILURES, TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from conformance.conversation import Conversation
    from conformance.fuzz.example import Example
    from conformance.messages.units import Message
    from conformance.notation import Value
    from conformance.observations.observation import Observation
    from conformance.protocol import JSON, Hello, Rejected
    from conformance.verdict import Verdict

PLACE = Place("fuzz")
#: Clauses that are about where something is: in their examples the places are compared.
PLACES = frozenset({"directive.misplaced.place", "conformance.errors.place"})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An answer that is not the one the second opinion gave."""

    example: Example
    #: With the one observation point that they disagree on.
    case: Case
    verdict: Verdict
    signature: str
    #: What the second opinion said, if it did.
    answer: Ok | Rejected | None

    @property
    def question(self) -> Observation | None:
        """What they disagree on as it was asked, before any answer; None if a value is to be written."""
        (point,) = self.case.observations
        if self.example.written is None:
            return next(each for each in self.example.points(None) if each.name == point.name)
        return replace(point, value=None, rejection=None) if isinstance(point, Decode) else None


@dataclass(frozen=True, slots=True)
class Stated:
    """A question with its answer: a case with one point, and what the second opinion said."""

    case: Case
    answer: Ok | Rejected


T = TypeVar("T")
#: An example, and its questions with what the second opinion said.
Answered: TypeAlias = "tuple[Example, list[Stated | Disagreement]]"


@dataclass(slots=True)
class Differential:
    """A subject under test and the second opinion it is held against."""

    opinion: Conversation
    subject: Conversation
    #: Entered while a subject in this process is asked.
    alive: Callable[[], AbstractContextManager[object]] = nullcontext
    #: How often each verdict was given.
    verdicts: dict[str, int] = field(default_factory=dict)

    def disagreements(
        self, examples: Iterable[Example], only: str | None = None
    ) -> Iterator[Disagreement]:
        """Where the two disagree, point by point; `only`: the one observation point to look at."""
        # Both are there before anything is drawn: Hypothesis also draws constants of the modules that are
        # loaded, and what was drawn before an adapter was could not be drawn again.
        self.hello(self.opinion)
        if self.window() > 1:
            yield from self.held_against(self.answers(examples, only))
            return
        asked = self.answered([*examples], only)
        with self.alive():
            yield from self.held_against(asked)

    def answered(self, examples: Iterable[Example], only: str | None = None) -> Sequence[Answered]:
        """Examples with all that the second opinion says of them."""
        return [*self.answers(examples, only)]

    def answers(self, examples: Iterable[Example], only: str | None) -> Iterator[Answered]:
        """The same, each when it is asked for."""
        return ((example, [*self.cases(example, only)]) for example in examples)

    def held_against(self, asked: Iterable[Answered]) -> Iterator[Disagreement]:
        """Where the subject does not answer as the second opinion did; who has seen enough may stop."""
        try:
            for example, made in behind(self.announced(asked), self.window()):
                if isinstance(made, Disagreement):
                    yield made
                else:
                    yield from self.judged(example, made)
        finally:
            self.subject.forget()

    def announced(
        self, asked: Iterable[Answered]
    ) -> Iterator[tuple[Example, Stated | Disagreement]]:
        """Each question with its example; the subject knows that it will be asked."""
        for example, found in asked:
            for made in found:
                if isinstance(made, Stated):
                    self.subject.upcoming.append((made.case, made.case.observations[0]))
                yield example, made

    def judged(self, example: Example, stated: Stated) -> Iterator[Disagreement]:
        """The disagreement about one question, if there is one."""
        case = stated.case
        (point,) = case.observations
        found = self.subject.observe(case, point)
        if found.kind == TIMEOUT and TIMEOUT not in self.verdicts:
            found = self.subject.observe(case, point)
        self.verdicts[found.kind] = self.verdicts.get(found.kind, 0) + 1
        if found.kind in FAILURES:
            what = signature(point, found)
            yield Disagreement(example, case, found, what, stated.answer)

    def cases(self, example: Example, only: str | None) -> Iterator[Stated | Disagreement]:
        """The questions about an example with the answers of the second opinion, one point each."""
        written = None
        points: tuple[Observation, ...] = ()
        known: dict[int, Ok | Rejected | None] = {}
        if example.written is not None:
            points = (example.written,)
            answer = known[id(example.written)] = yield from self.answer(example.written, example)
            written = self.message(example.written, answer) if answer else None
        if example.written is None or written is not None:
            points = example.points(written)
        for point in points:
            if only not in (None, point.name) or not point.needs <= self.capabilities():
                continue
            if id(point) not in known:
                known[id(point)] = yield from self.answer(point, example)
            if answer := known[id(point)]:
                try:
                    expected = self.expected(point, answer, example)
                except Violation as broken:
                    yield self.broken(point, example, _violation(broken))
                    continue
                if expected is not None:
                    yield Stated(self.case(example, expected, answer), answer)

    def expected(
        self, point: Observation, answer: Ok | Rejected, example: Example
    ) -> Observation | None:
        """The point that expects this answer; None where no case can."""
        places = not PLACES.isdisjoint(example.clauses)
        expected = expecting(point, answer, differs=self.differs(), places=places)
        if isinstance(expected, Encode) and isinstance(answer, Ok):
            return meaning(expected, answer, self.read)
        return expected

    def answer(
        self, point: Observation, example: Example
    ) -> Generator[Disagreement, None, Ok | Rejected | None]:
        """What the second opinion says, if it can be asked; if it breaks, that is a finding."""
        try:
            hello, transport = self.opinion.greeted()
            if not point.needs <= hello.capabilities:
                return None
            request = point.request(example.files)
            answer = protocol.read_reply(transport.ask(request, self.opinion.limits.case))
        except (AdapterFailure, Violation) as broken:
            self.opinion.stop()
            failure = broken if isinstance(broken, AdapterFailure) else _violation(broken)
            yield self.broken(point, example, failure)
            return None
        return None if isinstance(answer, Unsupported) else answer

    def broken(self, point: Observation, example: Example, failure: AdapterFailure) -> Disagreement:
        """The finding that the second opinion has no answer, or none that says anything."""
        found = verdict.of_failure(failure)
        what = f"{self.opinion.implementation.label} itself: {signature(point, found)}"
        return Disagreement(example, self.case(example, point), found, what, None)

    def case(
        self, example: Example, point: Observation, answer: Ok | Rejected | None = None
    ) -> Case:
        """A case with one point."""
        declared = self.hello(self.opinion).choices
        return Case(
            "fuzz/example",
            min(example.clauses),
            "",
            "fuzz",
            example.files,
            requirements(example, point, answer, declared),
            "negative" if point.rejects else "positive",
            (point,),
            PLACE,
        )

    def message(self, point: Encode, answer: Ok | Rejected) -> Message | None:
        """The message that the second opinion has written, if it has."""
        if not isinstance(answer, Ok):
            return None
        return message_from(point.surroundings["message"], answer.value)

    def read(self, kind: str, message: JSON) -> Value:
        """What the second opinion reads in a message; its refusal, where it refuses."""
        _, transport = self.opinion.greeted()
        request = {"op": "decode", "message": kind, **message}
        answer = protocol.read_reply(transport.ask(request, self.opinion.limits.case))
        return notation.decode(answer.value["value"]) if isinstance(answer, Ok) else str(answer)

    def capabilities(self) -> frozenset[str]:
        """What the subject can be asked."""
        return self.hello(self.subject).capabilities

    def window(self) -> int:
        """How many questions the subject can be sent before it has answered the first."""
        return self.subject.greeted()[1].window

    def differs(self) -> set[str]:
        """The choices in which the two are not alike."""
        ours, theirs = (self.hello(side).choices for side in (self.opinion, self.subject))
        return {choice for choice, option in ours.items() if theirs.get(choice, option) != option}

    def hello(self, side: Conversation) -> Hello:
        """How one of the two introduced itself."""
        return side.greeted()[0]


def behind(items: Iterator[T], count: int) -> Iterator[T]:
    """The same items, each when so many that come after it are there."""
    waiting = deque(islice(items, count))
    for item in items:
        waiting.append(item)
        yield waiting.popleft()
    yield from waiting


def _violation(violation: Violation) -> AdapterFailure:
    return AdapterFailure("adapter.protocol", f"the reply breaks the protocol: {violation}")
