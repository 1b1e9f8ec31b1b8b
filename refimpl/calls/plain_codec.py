"""The codec of the plain notation: what the reference speaks when no wire profile is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.values import plain
from refimpl.values.outcome import DecodeError, Fulfilled, Outcome, Rejected

if TYPE_CHECKING:
    from refimpl.values.model import Value


class PlainCodec:
    """Arguments are a list; an outcome is `{value}`, or `{error}` with the fields of `Rejected`."""

    content_type = "application/vnd.server-function+json"

    def encode_arguments(self, arguments: list[Value]) -> bytes:
        """The argument list as one message."""
        return plain.write(arguments)

    def decode_arguments(self, body: bytes) -> list[Value]:
        """The argument list; anything else is malformed."""
        arguments = _read(body)
        if not isinstance(arguments, list):
            raise DecodeError("malformed.root", "the arguments are not a list")
        return arguments

    def encode_outcome(self, outcome: Outcome) -> bytes:
        """The outcome as one message."""
        if isinstance(outcome, Fulfilled):
            return plain.write({"value": outcome.value})
        fields = {name: value for name, value in vars(outcome).items() if value is not None}
        return plain.write({"error": fields})

    def decode_outcome(self, body: bytes) -> Outcome:
        """The outcome; anything else is malformed."""
        match _read(body):
            case {"value": value}:
                return Fulfilled(value)
            case {"error": {"phase": str(), "code": str(), "digest": str()} as fields}:
                known = ("phase", "code", "digest", "name", "message")
                return Rejected(**{name: fields[name] for name in known if name in fields})
        raise DecodeError("malformed.outcome", "neither a value nor an error")


def _read(body: bytes) -> Value:
    try:
        return plain.read(body)
    except ValueError as error:
        raise DecodeError("malformed", str(error)) from None
