"""What crosses the network: HTTP-shaped requests and responses, and what they mean.

Rules of this module:

* A message is bytes and headers; no object of a realm is ever part of one.
* A `Codec` is handed in: this chapter does not know how values are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

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


@dataclass(frozen=True)
class Fulfilled:
    """The function's promise was fulfilled with `value`."""

    value: Value


@dataclass(frozen=True)
class Rejected:
    """The call failed on the server; what the client may know of it.

    `name` and `message` are those of the thrown error, in development only.
    """

    phase: str
    code: str
    digest: str
    name: str | None = None
    message: str | None = None


Outcome: TypeAlias = Fulfilled | Rejected


class DecodeError(Exception):
    """A body that is not what the codec's format allows; `code` is of phase decode."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


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
