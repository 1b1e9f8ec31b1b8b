"""Observation point `run`: what a client program sees when the whole loop runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance import notation
from conformance.observations.observation import (
    Mismatch,
    Observation,
    Rejection,
    unexpected_rejection,
)
from conformance.observations.program import FIELDS, read_program
from conformance.presentation import difference_sentence
from conformance.protocol import Ok, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.notation import Value
    from conformance.protocol import Hello, Rejected, Request
    from conformance.written import Written


@dataclass(frozen=True, slots=True)
class Run(Observation):
    """The result of the client program, or the refusal it meets."""

    name: ClassVar[str] = "run"

    program: Mapping[str, Any]
    result: Value
    rejection: Rejection | None

    @classmethod
    def read(cls, written: Written) -> Run:
        """`{entry, args, client, …, result}` or `rejects` instead of `result`."""
        known = FIELDS | {"faults", "host", "result", "rejects"}
        fields = written.fields(known, required=("client",))
        program = read_program(fields)
        if "faults" in fields:
            program["faults"] = [_read_fault(item) for item in fields["faults"].items()]
        if "host" in fields:
            program["host"] = fields["host"].one_of(("call",))
        return cls(program, *read_ending(written, fields))

    @property
    def rejects(self) -> bool:
        """Whether the program has to be refused."""
        return self.rejection is not None

    @property
    def needs(self) -> frozenset[str]:
        """A run with faults needs a network that can have them; one that cancels, a host that lets it."""
        further = {"faults": "run.faults", "host": "run.signal"}
        return frozenset({"run", *(further[name] for name in further if name in self.program)})

    def named_places(self) -> Iterator[tuple[str, int | None]]:
        """The module of the entry and the place of the refusal."""
        yield from Observation.named_places(self)
        if self.rejection and self.rejection.file != self.program.get("client_file", "client.js"):
            yield from self.rejection.named_places()

    def request(self, files: Mapping[str, str]) -> Request:
        """Run the program."""
        return {"op": "run", "files": dict(files), "entry": None, **self.program}

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | None:  # noqa: ARG002  (the same for everybody)
        """Compare the result, or the refusal."""
        return judge_ending(reply, self.result, self.rejection)


#: What can happen to a message, and `cancel`, by which the client's host ends a call.
FAULTS = ("refuse", "drop", "duplicate", "delay", "cut", "split", "corrupt", "cancel")


def _read_fault(written: Written) -> dict[str, Any]:
    """`{call, message, do, at, piece}`."""
    fields = written.fields({"call", "message", "do", "at", "piece"}, required=("call", "do"))
    fault: dict[str, Any] = {"call": fields["call"].integer(), "do": fields["do"].one_of(FAULTS)}
    if "message" in fields:
        fault["message"] = fields["message"].one_of(("request", "response"))
    for name in ("at", "piece"):
        if name in fields:
            fault[name] = fields[name].integer()
    return fault


def read_ending(written: Written, fields: Mapping[str, Written]) -> tuple[Value, Rejection | None]:
    """How a client program has to end: with `result`, or as `rejects` says."""
    if ("result" in fields) == ("rejects" in fields):
        written.refuse("missing-field", "a run has either a result or rejects")
    rejection = Rejection.read(fields["rejects"]) if "rejects" in fields else None
    return fields["result"].value() if "result" in fields else None, rejection


def judge_ending(
    reply: Ok | Rejected, result: Value, rejection: Rejection | None
) -> Mismatch | None:
    """Compare how a client program ended with how it has to."""
    if rejection:
        return rejection.judge(reply)
    if not isinstance(reply, Ok):
        return unexpected_rejection(reply, notation.dump(result))
    seen = result_of(reply)
    difference = notation.first_difference(result, seen)
    if difference is None:
        return None
    return Mismatch(
        "different-value",
        difference_sentence(difference),
        notation.dump(result),
        notation.dump(seen),
    )


def result_of(reply: Ok) -> Value:
    """The value a run ended with."""
    if not isinstance(reply.value, dict) or "result" not in reply.value:
        raise Violation('the ok of a run is {"result": value}')
    try:
        return notation.decode(reply.value["result"])
    except notation.MalformedValue as error:
        raise Violation(f"the result is not a value in tagged JSON: {error}") from None
