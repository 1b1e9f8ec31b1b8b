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
        fields = written.fields(FIELDS | {"result", "rejects"}, required=("client",))
        if ("result" in fields) == ("rejects" in fields):
            written.refuse("missing-field", "a run has either a result or rejects")
        rejection = Rejection.read(fields["rejects"]) if "rejects" in fields else None
        result = fields["result"].value() if "result" in fields else None
        return cls(read_program(fields), result, rejection)

    @property
    def rejects(self) -> bool:
        """Whether the program has to be refused."""
        return self.rejection is not None

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
        if self.rejection:
            return self.rejection.judge(reply)
        if not isinstance(reply, Ok):
            return unexpected_rejection(reply, notation.dump(self.result))
        seen = result_of(reply)
        difference = notation.first_difference(self.result, seen)
        if difference is None:
            return None
        return Mismatch(
            "different-value",
            difference_sentence(difference),
            notation.dump(self.result),
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
