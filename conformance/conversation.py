"""One implementation in conversation: started once, greeted once, restarted after a crash."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance import protocol, verdict
from conformance.protocol import Violation
from conformance.transports import AdapterFailure
from conformance.verdict import CRASH, FAIL, NOT_RUN, UNSUPPORTED, Verdict

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


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds, and how closely replies are checked."""

    case: float = 10.0
    #: Until the reply to hello: a large tool chain may take its time to load.
    start: float = 60.0
    #: Whether each reply is also held against the published schema.
    strict: bool = False


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

    def observe(self, case: Case, observation: Observation) -> Verdict:
        """The verdict on one observation point of one case."""
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
            found = self.ask(case, observation, hello, transport)
        return verdict.with_known_failure(found, self.known.get((case.id, observation.name)))

    def ask(
        self, case: Case, observation: Observation, hello: Hello, transport: Transport
    ) -> Verdict:
        """Put the question; after a crash the next one goes to a fresh adapter."""
        try:
            reply = transport.ask(observation.request(case.files), self.limits.case)
        except AdapterFailure as failure:
            self.stop()
            return verdict.of_failure(failure)
        found = verdict.of_reply(observation, reply, hello, strict=self.limits.strict)
        if found.kind in (FAIL, CRASH):
            found = replace(found, output=transport.output)
        if found.kind == CRASH:
            self.stop()
        return found

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
