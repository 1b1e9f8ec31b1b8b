"""How a call ended, as a message says it, and what is wrong with a message that says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from refimpl.values import model

if TYPE_CHECKING:
    from refimpl.values.model import Value


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


def failure_of(rejected: Rejected) -> model.Error:
    """The error that stands for a failed call."""
    return model.Error(
        rejected.name or "Error",
        rejected.message or "",
        rejected.digest,
        redacted=rejected.message is None,
        phase=rejected.phase,
        code=rejected.code,
    )


def undecodable(error: DecodeError) -> model.Error:
    """The error that stands for a part of a message that cannot be read."""
    return model.Error("Error", str(error), phase="decode", code=error.code)
