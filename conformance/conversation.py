"""One implementation in conversation: started once, greeted once, restarted after a crash.

Rules of this module:

* What will be observed next is known, and sent ahead as far as the transport takes it, but not
  across a family: its questions are put one after the other, unless the transport wants them too.
* A crash or a timeout is that of the point that was waited for. The points that were sent after it
  are sent again, to a fresh adapter.
* A point that is observed out of turn finds a fresh adapter, and nothing is sent ahead any more.
* A point is itself and no other: two questions that are alike are two points.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance import protocol, verdict
from conformance.protocol import Violation
from conformance.transports import AdapterFailure
from conformance.verdict import CRASH, FAIL, NOT_RUN, PASS, UNSUPPORTED, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.case import Case
    from conformance.choices import Choice
    from conformance.implementation import Implementation
    from conformance.known_failures import Key, KnownFailure
    from conformance.observations.observation import Observation
    from conformance.protocol import Hello
    from conformance.specification import Specification
    from conformance.transports import Transport

    Point = tuple[Case, Observation]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds, and how closely replies are checked."""

    case: float = 10.0
    #: Until the reply to hello: a large tool chain may take its time to load.
    start: float = 60.0
    #: Whether each reply is also held against the published schema.
    strict: bool = False
    #: Seconds for one answer, however many an implementation asks for.
    at_most: float = math.inf


@dataclass(slots=True)
class Conversation:
    """The conversation with one implementation."""

    implementation: Implementation
    choices: Mapping[str, Choice]
    specification: Specification
    known: Mapping[Key, KnownFailure]
    limits: Limits = field(default_factory=Limits)
    #: The command that asks this implementation again, up to the case.
    rerun: str = ""
    #: Where `known` is written, if anywhere.
    known_path: Path | None = None
    transport: Transport | None = None
    hello: Hello | None = None
    #: Whether it failed to start: then nothing more is asked of it.
    given_up: bool = False
    #: The points that will be observed, in order, and those of them that were sent.
    upcoming: deque[Point] = field(default_factory=deque)
    sent: deque[Point] = field(default_factory=deque)

    def observe(self, case: Case, observation: Observation) -> Verdict:
        """The verdict on one observation point of one case."""
        point = case, observation
        if self.upcoming and _is_same(self.upcoming[0], point):
            self.upcoming.popleft()
        if self.implementation.problem:
            return Verdict(UNSUPPORTED, summary=self.implementation.problem)
        if self.given_up:
            return Verdict(NOT_RUN, summary="the adapter did not start; its first item says why")
        try:
            hello, transport = self.greeted()
        except AdapterFailure as failure:
            self.given_up = True
            self.stop()
            return verdict.of_failure(failure)
        found = verdict.before_asking(case, observation, hello)
        if found is None:
            found = self.ask(point, hello, transport)
        return verdict.with_known_failure(found, self.known.get((case.id, observation.name)))

    def ask(self, point: Point, hello: Hello, transport: Transport) -> Verdict:
        """Put the question; after a crash the next one goes to a fresh adapter."""
        try:
            if self.sent and not _is_same(self.sent[0], point):
                transport = self.start_afresh()
            if point[1].is_family and not transport.families_ahead:
                return self.ask_members(point, hello, transport)
            self.send_ahead(point, hello, transport)
            self.sent.popleft()
            return self.answer_members(point[1], hello, transport)
        except AdapterFailure as failure:
            self.stop()
            return verdict.of_failure(failure)

    def ask_members(self, point: Point, hello: Hello, transport: Transport) -> Verdict:
        """Put the questions of a family, up to the first that is not answered as it has to be."""
        found = Verdict(PASS)
        for member in point[1].members():
            transport.send(member.request(point[0].files))
            found = self.answer(member, hello, transport)
            if found.kind != PASS:
                break
        return found

    def answer_members(
        self, observation: Observation, hello: Hello, transport: Transport
    ) -> Verdict:
        """The verdict on the replies to a point that was sent whole; the first that is no pass counts."""
        found = Verdict(PASS)
        for member in observation.members():
            seen = self.answer(member, hello, transport)
            found = seen if found.kind == PASS else found
            if self.transport is None:  # it broke the protocol and was ended
                break
        return found

    def answer(self, observation: Observation, hello: Hello, transport: Transport) -> Verdict:
        """The verdict on the reply that comes next."""
        patience = max(self.limits.case, self.implementation.patience)
        reply = transport.receive(min(patience, self.limits.at_most))
        found = verdict.of_reply(observation, reply, hello, strict=self.limits.strict)
        if found.kind in (FAIL, CRASH):
            found = replace(found, output=transport.output)
        if found.kind == CRASH:
            self.stop()
        return found

    def send_ahead(self, point: Point, hello: Hello, transport: Transport) -> None:
        """Send a point, unless it was, and of those that come after it as many as may be sent."""
        if not self.sent:
            self.send(point, transport)
        while self.upcoming and len(self.sent) < transport.window:
            if self.upcoming[0][1].is_family and not transport.families_ahead:
                break
            case, observation = coming = self.upcoming.popleft()
            if verdict.before_asking(case, observation, hello) is None:
                self.send(coming, transport)

    def send(self, point: Point, transport: Transport) -> None:
        """Send a point: its question, or those of its members."""
        self.sent.append(point)
        case, observation = point
        for member in observation.members():
            transport.send(member.request(case.files))

    def start_afresh(self) -> Transport:
        """A new adapter that nothing was sent to, where the plan turned out to be wrong."""
        self.forget()
        _, transport = self.greeted()
        return transport

    def forget(self) -> None:
        """Observe nothing of what was going to be; what was sent of it ends with the adapter."""
        if self.sent:
            self.stop()
        self.upcoming.clear()

    def greeted(self) -> tuple[Hello, Transport]:
        """The adapter, started and introduced."""
        if self.transport is not None and self.hello is not None:
            return self.hello, self.transport
        self.transport = self.implementation.connect()
        self.transport.start()
        reply = self.transport.ask(protocol.hello(), self.limits.start)
        try:
            if self.limits.strict:
                protocol.check_schema("hello-reply", reply)
            hello = protocol.read_hello(protocol.read_reply(reply), self.choices)
        except Violation as violation:
            message = f"hello was not answered properly: {violation}"
            raise AdapterFailure("adapter.hello", message, self.transport.output) from None
        if self.hello not in (None, hello):
            message = "it introduces itself differently than before it was restarted"
            raise AdapterFailure("adapter.hello", message, self.transport.output)
        self.hello = hello
        return hello, self.transport

    def stop(self) -> None:
        """End the adapter; it is started again when it is needed again."""
        if self.transport is not None:
            self.transport.stop()
        self.transport = None
        self.upcoming.extendleft(reversed(self.sent))
        self.sent.clear()


def _is_same(point: Point, other: Point) -> bool:
    return point[0] is other[0] and point[1] is other[1]
