"""The Flight profile as a codec of calls: whole requests, and responses as they come.

Rules of this module:

* A request body is the text of the root, or multipart; which one, its Content-Type tells.
* An outcome is a promise as the root of a response: React's client awaits it.
* An error row says what React's says; a phase and a code that are not those of a throw are two
  more fields, which React's client does not look at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from refimpl.values import model
from refimpl.values.outcome import DecodeError, Fulfilled, Outcome, Rejected, failure_of
from refimpl.wire.arguments_decoder import ArgumentsDecoder, decode_arguments
from refimpl.wire.arguments_encoder import encode_arguments
from refimpl.wire.errors import malformed
from refimpl.wire.limits import DEFAULT, RESULT, Limits
from refimpl.wire.multipart import MultipartReader, boundary_of, write_multipart
from refimpl.wire.profiles import REACT_19_3, Profile
from refimpl.wire.result_decoder import ResultDecoder
from refimpl.wire.result_encoder import ResultEncoder
from refimpl.wire.text import decode_utf8, encode_utf8

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.values.model import Value

#: What a body that is only the root's text is sent as.
TEXT_TYPE = "text/plain;charset=UTF-8"


def encode_request(arguments: list[Value], profile: Profile = REACT_19_3) -> tuple[str, bytes]:
    """The Content-Type and the body of a request. Clause: wire.arguments.body."""
    encoded = encode_arguments(arguments, profile)
    if isinstance(encoded, str):
        return TEXT_TYPE, encode_utf8(encoded)
    boundary, body = write_multipart(encoded)
    return f"multipart/form-data; boundary={boundary}", body


def decode_request(
    boundary: str | None, body: bytes, limits: Limits = DEFAULT, profile: Profile = REACT_19_3
) -> list[Value]:
    """The arguments in the body of a request; multipart when there is a boundary."""
    limits.check("body", len(body))
    if boundary is None:
        return decode_arguments(decode_utf8(body), limits, profile)
    decoder = ArgumentsDecoder(limits, profile=profile)
    reader = MultipartReader(boundary, limits, decoder.feed)
    reader.feed(body)
    reader.end()
    decoder.end()
    if decoder.failed is not None:
        raise decoder.failed
    arguments: list[Value] = decoder.root.value
    return arguments


class FlightCodec:
    """Implements `calls.messages.Codec`; `request_body` is the limit that the server has at its door."""

    argument_types = frozenset({"text/plain", "multipart/form-data"})
    content_type = "text/x-component"

    def __init__(
        self,
        profile: Profile = REACT_19_3,
        *,
        development: bool = False,
        request_body: int = DEFAULT.body,
    ) -> None:
        self.profile = profile
        self.development = development
        self.limits = replace(DEFAULT, body=request_body)

    def encode_arguments(self, arguments: list[Value]) -> tuple[str, bytes]:
        """The Content-Type and the body of a request."""
        return encode_request(arguments, self.profile)

    def decode_arguments(self, content_type: str, body: bytes) -> list[Value]:
        """The arguments in the body of a request. Clause: wire.multipart.boundary."""
        boundary = None
        if not content_type.lower().startswith("text/plain"):
            boundary = boundary_of(content_type)
            if boundary is None:
                raise malformed("multipart", "the Content-Type names no boundary")
        return decode_request(boundary, body, self.limits, self.profile)

    def encode_outcome(self, outcome: Outcome, body: model.Stream) -> None:
        """Write the body of a response, and close it. Clause: wire.outcome."""
        root = model.Promise()
        if isinstance(outcome, Fulfilled):
            root.fulfill(outcome.value)
        else:
            root.reject(failure_of(outcome))
        OutcomeEncoder(body, self.profile, development=self.development).start(root)

    def decode_outcome(self, told: Callable[[Outcome], None]) -> OutcomeDecoder:
        """Read the body of a response. Clause: wire.outcome."""
        return OutcomeDecoder(told)


class OutcomeEncoder(ResultEncoder):
    """Closes the body when nothing is pending any more."""

    def __init__(self, body: model.Stream, profile: Profile, *, development: bool) -> None:
        super().__init__(body.push, profile=profile, development=development)
        self.body = body

    def later(self, number: int, job: Callable[[], None]) -> None:
        """Do `job`, and see whether it was the last. Clause: wire.truncated."""
        super().later(number, job)
        if not self.busy and self.finished:
            self.body.close()


class OutcomeDecoder:
    """Implements `calls.messages.Decoding`."""

    def __init__(self, told: Callable[[Outcome], None]) -> None:
        self.told = told
        self.interruption: model.Error | model.Unsupported | None = None
        self.decoder = ResultDecoder(RESULT)
        self.settled(self.decoder.root)

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.decoder.feed(data)

    def interrupt(self, reason: model.Error | model.Unsupported) -> None:
        """No more will come. Clause: wire.truncated."""
        if self.decoder.failed is None:
            self.interruption = reason
            self.decoder.fail(malformed("truncated", "nobody reads on"), reason)

    def settled(self, promise: model.Promise) -> None:
        """Tell the outcome when what the root leads to has settled."""
        value: Value = promise
        while isinstance(value, model.Promise):
            if value.state == "pending":
                value.when_settled(self.settled)
                return
            if value.state == "rejected":
                self.told(rejection(self.interruption or value.value))
                return
            value = value.value
        self.told(Fulfilled(value))


def rejection(reason: model.Error | model.Unsupported | DecodeError) -> Rejected:
    """The outcome of a call whose response is, or has, an error."""
    if isinstance(reason, DecodeError):
        return Rejected("decode", reason.code, "", "Error", str(reason))
    if isinstance(reason, model.Unsupported):
        return Rejected("call", reason.code, "")
    texts = (None, None) if reason.redacted else (reason.name, reason.message)
    return Rejected(reason.phase, reason.code, reason.digest or "", *texts)
