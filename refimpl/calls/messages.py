"""What crosses the network: HTTP-shaped requests and responses, and what they mean.

Rules of this module:

* A message is bytes and headers; no object of a realm is ever part of one.
* A `Codec` is handed in: this chapter does not know how values are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from refimpl.values.outcome import DecodeError as DecodeError
from refimpl.values.outcome import Fulfilled as Fulfilled
from refimpl.values.outcome import Outcome as Outcome
from refimpl.values.outcome import Rejected as Rejected

if TYPE_CHECKING:
    from refimpl.values.model import Value

#: The header by which a request names the server function it calls.
FUNCTION_HEADER = "server-function"

#: The header by which a response says why no function ran; its value is a code of phase dispatch.
REFUSAL_HEADER = "server-function-refused"


@dataclass(frozen=True)
class Request:
    """A call on its way to the server."""

    method: str
    headers: dict[str, str]  #: names in lower case
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Response:
    """The answer on its way to the client."""

    status: int
    headers: dict[str, str]  #: names in lower case
    body: bytes = field(repr=False)


class Codec(Protocol):
    """How values become bytes and back. Decoders raise `DecodeError`."""

    content_type: str

    def encode_arguments(self, arguments: list[Value]) -> bytes:
        """The body of a request."""

    def decode_arguments(self, body: bytes) -> list[Value]:
        """The arguments in the body of a request."""

    def encode_outcome(self, outcome: Outcome) -> bytes:
        """The body of a response."""

    def decode_outcome(self, body: bytes) -> Outcome:
        """The outcome in the body of a response."""
