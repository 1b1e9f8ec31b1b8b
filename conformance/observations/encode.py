"""Observation point `encode`: the message that an implementation writes for a value.

The rule of this module: two messages are the same when they are so after canonicalisation, which
leaves the numbers and the order of parts and rows, and what only development builds say, to the
implementation.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance import notation
from conformance.messages.canonical import canonical
from conformance.messages.reading import Unreadable
from conformance.observations.message import (
    READERS,
    SPELLINGS,
    read_message,
    read_surroundings,
)
from conformance.observations.observation import (
    Mismatch,
    Observation,
    Rejection,
    expect,
    unexpected_rejection,
)
from conformance.protocol import Rejected, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.notation import Value
    from conformance.protocol import JSON, Hello, Ok, Request
    from conformance.written import Written

FIELDS = frozenset({*READERS, *SPELLINGS, "value", "rejects"})
#: A rejection inside the arguments is no fault of the value.
PHASES = ("encode", "call")


@dataclass(frozen=True, slots=True)
class Encode(Observation):
    """A value and the message that has to be written for it."""

    name: ClassVar[str] = "encode"
    needs_project: ClassVar[bool] = False

    surroundings: Mapping[str, Any]
    value: Value
    #: The message expected, canonicalised.
    lines: tuple[str, ...]
    rejection: Rejection | None

    @classmethod
    def read(cls, written: Written) -> Encode:
        """`{message, value, body | parts | rows}` or `rejects` instead of a message."""
        fields = written.fields(FIELDS, required=("message", "value"))
        if bool(SPELLINGS & fields.keys()) == ("rejects" in fields):
            written.refuse("missing-field", "a value has either a message or rejects")
        surroundings = read_surroundings(fields)
        rejection, lines = None, list[str]()
        if "rejects" in fields:
            rejection = Rejection.read(fields["rejects"], PHASES)
        else:
            message = read_message(written, fields)
            try:
                lines = canonical(surroundings["message"], message.type, message.written())
            except Unreadable as error:
                written.refuse("invalid-value", f"the expected message is none: {error}")
        return cls(surroundings, fields["value"].value(), tuple(lines), rejection)

    @property
    def rejects(self) -> bool:
        """Whether the value has to be refused."""
        return self.rejection is not None

    @property
    def needs(self) -> frozenset[str]:
        """The capability for the one kind of message."""
        return frozenset({f"encode.{self.surroundings['message']}"})

    def request(self, files: Mapping[str, str]) -> Request:  # noqa: ARG002  (a message has no project)
        """Write the message."""
        return {"op": "encode", **self.surroundings, "value": notation.encode(self.value)}

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | None:  # noqa: ARG002  (the same for everybody)
        """Compare the messages, or the refusal."""
        if self.rejection:
            return self.rejection.judge(reply)
        expected = "\n".join(self.lines)
        if isinstance(reply, Rejected):
            return unexpected_rejection(reply, expected)
        content_type, body = message_of(reply.value)
        try:
            seen = canonical(self.surroundings["message"], content_type, body)
        except Unreadable as error:
            shown = body.decode("utf-8", "backslashreplace")
            return Mismatch("unreadable", f"the message is none: {error}", expected, shown)
        if seen == [*self.lines]:
            return None
        return Mismatch("different-message", "the message is another", expected, "\n".join(seen))

    def shown(self) -> Mapping[str, str]:
        """The value, for people."""
        return {f"value ({self.surroundings['message']})": notation.dump(self.value)}


def message_of(data: JSON) -> tuple[str | None, bytes]:
    """The Content-Type and the bytes in an answer."""
    expect(isinstance(data, dict), "the ok of encode is an object")
    content_type, body = data.get("type"), data.get("body")
    expect(isinstance(content_type, str | None), "the type is a text or null")
    if isinstance(body, str):
        try:
            return content_type, body.encode("utf-8")
        except UnicodeEncodeError:
            raise Violation("the text of the body has unpaired surrogates") from None
    expect(isinstance(body, dict) and isinstance(body.get("base64"), str), "there is no body")
    try:
        return content_type, base64.b64decode(body["base64"], validate=True)
    except (binascii.Error, ValueError):
        raise Violation("the body is not in base64") from None
