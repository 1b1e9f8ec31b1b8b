"""What crosses the network: HTTP-shaped requests and responses, and what they mean.

Rules of this module:

* A message is bytes and headers; no object of a realm is ever part of one.
* A request is whole; the body of a response comes piece by piece, and may break off.
* A `Codec` is handed in: this chapter does not know how values are written.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.values.model import Value
    from refimpl.values.outcome import Outcome

#: The header by which a request names the server function it calls.
FUNCTION_HEADER = "server-function"

#: The header by which a client numbers its calls: a session's name, a slash, a number from 1.
CALL_HEADER = "server-function-call"

#: The header of RFC 9530: a digest of the body, by which a damaged message is known.
DIGEST_HEADER = "content-digest"

#: The header by which a response says why no function ran; its value is a code of phase dispatch.
REFUSAL_HEADER = "server-function-refused"


#: The codes of a refusal that are of phase decode; the others are of phase dispatch.
DECODE_CODES = ("malformed", "limit")


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A request is not carried out; `code` is of phase dispatch or decode."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal_phase(code: str) -> str:
    """The phase that the code of a refusal belongs to."""
    return "decode" if code.partition(".")[0] in DECODE_CODES else "dispatch"


@dataclass(frozen=True)
class Request:
    """A call on its way to the server."""

    method: str
    headers: dict[str, str]  #: names in lower case; of a field sent twice, both, with a comma
    body: bytes = field(repr=False)


class Body(model.Stream):
    """The body of a response: its chunks are bytes; if it breaks off, its error is a `Silence`.

    `stop` is told when nobody reads on, so that nothing more is made for the body.
    """

    __slots__ = ("stop",)

    def __init__(self) -> None:
        super().__init__("bytes")
        self.stop: Callable[[], None] = lambda: None

    @property
    def data(self) -> bytes:
        """What has come."""
        return b"".join(self.chunks)

    def cancel(self) -> None:
        """Nobody reads on. Clause: call.cancel.sources."""
        if self.state == "open":
            self.fail(Silence("cancelled", "The reader has gone"))
            self.stop()


@dataclass(frozen=True)
class Response:
    """The answer on its way to the client."""

    status: int
    headers: dict[str, str]  #: names in lower case
    body: Body = field(repr=False, compare=False)


@dataclass(frozen=True)
class Silence:
    """Instead of a response, or of the rest of one. `code` is of phase call and says what that may mean."""

    code: str
    message: str


def content_digest(body: bytes) -> str:
    """The value of `DIGEST_HEADER` for a body."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")
    return f"sha-256=:{digest}:"


def is_damaged(request: Request) -> bool:
    """Whether a request says of its body what is not so."""
    said = request.headers.get(DIGEST_HEADER)
    return said is not None and said != content_digest(request.body)


class Decoding(Protocol):
    """An outcome being read from the body of a response."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""

    def interrupt(self, reason: model.Error | model.Unsupported) -> None:
        """No more will come: what is missing, if anything is, has failed for this reason."""


class Codec(Protocol):
    """How values become bytes and back. Decoders raise `DecodeError`."""

    #: The media types of requests, without parameters.
    argument_types: frozenset[str]
    #: The Content-Type of responses.
    content_type: str

    def encode_arguments(self, arguments: list[Value]) -> tuple[str, bytes]:
        """The Content-Type and the body of a request."""

    def decode_arguments(self, content_type: str, body: bytes) -> list[Value]:
        """The arguments in the body of a request, whose type is one of `argument_types`."""

    def encode_outcome(self, outcome: Outcome, body: Body) -> None:
        """Write an outcome to `body`, as what is in it settles, and close it."""

    def decode_outcome(self, told: Callable[[Outcome], None]) -> Decoding:
        """Read an outcome; `told` gets it once, when its root is there."""
