"""The Flight profile as a codec of calls: whole bodies, in which everything has settled.

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
from refimpl.values.outcome import Fulfilled, Outcome, Rejected
from refimpl.wire.arguments_decoder import ArgumentsDecoder, decode_arguments
from refimpl.wire.arguments_encoder import encode_arguments
from refimpl.wire.errors import EncodeError, malformed
from refimpl.wire.limits import DEFAULT, RESULT, Limits
from refimpl.wire.multipart import MultipartReader, boundary_of, write_multipart
from refimpl.wire.profiles import REACT_19_3, Profile
from refimpl.wire.result_decoder import decode_result
from refimpl.wire.result_encoder import encode_result
from refimpl.wire.text import decode_utf8, encode_utf8

if TYPE_CHECKING:
    from refimpl.values.model import Value

#: What a body that is only the root's text is sent as.
TEXT_TYPE = "text/plain;charset=UTF-8"


def encode_request(arguments: list[Value], profile: Profile = REACT_19_3) -> tuple[str, bytes]:
    """The Content-Type and the body of a request. Clause: wire.arguments.body."""
    encoded = encode_arguments(arguments, profile)
    if encoded.state == "rejected":
        raise encoded.value if isinstance(encoded.value, EncodeError) else EncodeError("rejected")
    if encoded.state == "pending":
        raise EncodeError("pending")
    if isinstance(encoded.body, str):
        return TEXT_TYPE, encode_utf8(encoded.body)
    boundary, body = write_multipart(encoded.body)
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

    def encode_outcome(self, outcome: Outcome) -> bytes:
        """The body of a response. Clause: wire.outcome."""
        root = model.Promise()
        if isinstance(outcome, Fulfilled):
            root.fulfill(outcome.value)
        else:
            root.reject(failure(outcome))
        return encode_result(root, self.profile, development=self.development)

    def decode_outcome(self, body: bytes) -> Outcome:
        """The outcome in the body of a response. Clause: wire.outcome."""
        value = decode_result(body, RESULT)
        while isinstance(value, model.Promise):
            if value.state == "rejected":
                error: model.Error = value.value
                texts = (None, None) if error.redacted else (error.name, error.message)
                return Rejected(error.phase, error.code, error.digest or "", *texts)
            value = value.value
        return Fulfilled(value)


def failure(rejected: Rejected) -> model.Error:
    """The error that stands for a failed call."""
    return model.Error(
        rejected.name or "Error",
        rejected.message or "",
        rejected.digest,
        redacted=rejected.message is None,
        phase=rejected.phase,
        code=rejected.code,
    )
