"""Observation point `decode`: what an implementation reads in a message.

Rules of this module:

* A message is judged as a whole: accepted with a value, or refused with a code.
* A family is many messages with one verdict, which names the first that is not as expected.
* An implementation that declares `decode-codes: coarse` is asked for the first word of a code only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from conformance import notation
from conformance.observations.message import (
    READERS,
    SPELLINGS,
    body_as_json,
    read_message,
    read_surroundings,
)
from conformance.observations.message_family import Member, alone, read_family
from conformance.observations.observation import (
    Mismatch,
    Observation,
    Rejection,
    expect,
    unexpected_rejection,
)
from conformance.presentation import difference_sentence
from conformance.protocol import Rejected, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from conformance.messages.units import Message
    from conformance.notation import Value
    from conformance.protocol import Hello, Ok, Request
    from conformance.written import Written

FIELDS = frozenset({*READERS, *SPELLINGS, "type", "split", "limits", "family", "value", "rejects"})
#: The limits of SPEC.md Annex E that a decoder can be given.
LIMITS = ("body", "parts", "slots", "depth", "path", "string", "bigint", "bound", "header")


@dataclass(frozen=True, slots=True)
class Decode(Observation):
    """A message, or a family of them, and what has to become of it."""

    name: ClassVar[str] = "decode"
    needs_project: ClassVar[bool] = False

    surroundings: Mapping[str, Any]
    member: Member
    family: Callable[[Message], Iterable[Member]]
    value: Value
    rejection: Rejection | None

    @classmethod
    def read(cls, written: Written) -> Decode:
        """`{message, body | parts | rows, …, value}` or `rejects` instead of `value`."""
        fields = written.fields(FIELDS, required=("message",))
        if ("value" in fields) == ("rejects" in fields):
            written.refuse("missing-field", "a message has either a value or rejects")
        surroundings = read_surroundings(fields)
        if "limits" in fields:
            limits = fields["limits"].fields(LIMITS)
            surroundings["limits"] = {name: limit.integer() for name, limit in limits.items()}
        cuts = fields["split"].items() if "split" in fields else []
        member = Member(read_message(written, fields), split=tuple(cut.integer() for cut in cuts))
        written_family = fields.get("family")
        family = read_family(written_family) if written_family else alone
        value = fields["value"].value() if "value" in fields else None
        rejection = Rejection.read(fields["rejects"], ("decode",)) if "rejects" in fields else None
        return cls(surroundings, member, family, value, rejection)

    @property
    def rejects(self) -> bool:
        """Whether the message has to be refused."""
        return self.rejection is not None

    @property
    def needs(self) -> frozenset[str]:
        """The capability for the one kind of message."""
        return frozenset({f"decode.{self.surroundings['message']}"})

    @property
    def is_family(self) -> bool:
        """Whether there are many messages."""
        return self.family is not alone

    def members(self) -> Iterator[Decode]:
        """The same question about each message of the family."""
        for member in self.family(self.member.message):
            yield replace(self, member=member, family=alone)

    def request(self, files: Mapping[str, str]) -> Request:  # noqa: ARG002  (a message has no project)
        """Read the message."""
        message = self.member.message
        kind = {} if message.type is None else {"type": message.type}
        split = {"split": [*self.member.split]} if self.member.split else {}
        body = body_as_json(message.written())
        return {"op": "decode", **self.surroundings, **kind, "body": body, **split}

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | None:
        """Compare the value, or the refusal."""
        found = self.judge_member(reply, coarse=hello.choices.get("decode-codes") == "coarse")
        if found is None or not self.member.name:
            return found
        return replace(found, summary=f"the message ({self.member.name!r:.60}): {found.summary}")

    def judge_member(self, reply: Ok | Rejected, *, coarse: bool) -> Mismatch | None:
        """What is wrong with the reply about one message."""
        if self.rejection:
            wanted = self.rejection
            if coarse:
                codes = tuple(code.partition(".")[0] for code in wanted.codes)
                wanted = replace(wanted, codes=codes)
            return wanted.judge(reply)
        if isinstance(reply, Rejected):
            return unexpected_rejection(reply, notation.dump(self.value))
        expect(isinstance(reply.value, dict) and "value" in reply.value, "the ok has no value")
        try:
            seen = notation.decode(reply.value["value"])
        except notation.MalformedValue as error:
            raise Violation(f"not a value in tagged JSON: {error}") from None
        difference = notation.first_difference(self.value, seen)
        if difference is None:
            return None
        summary = difference_sentence(difference)
        return Mismatch("different-value", summary, notation.dump(self.value), notation.dump(seen))

    def shown(self) -> Mapping[str, str]:
        """The message, for people."""
        text = self.member.message.written()[:4000].decode("utf-8", "backslashreplace")
        return {f"message ({self.surroundings['message']})": text.replace("\r\n", "\n")}
