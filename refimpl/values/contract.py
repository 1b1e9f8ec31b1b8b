"""What messages may hold, by direction, and how a value that they may not hold is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from refimpl.language.errors import Throw


class UnsupportedValue(Exception):  # noqa: N818 - a refusal that becomes an error of the call
    """A value outside the contract; `code` begins with `unsupported-value`.

    Clause: value.unsupported.path.
    """

    def __init__(self, kind: str, path: str, description: str) -> None:
        super().__init__(f"{description} cannot be sent ({path})")
        self.code = f"unsupported-value.{kind}"
        self.path = path


#: Why something cannot be sent: it is outside the contract, or the program threw while it was read.
Obstacle: TypeAlias = UnsupportedValue | Throw


@dataclass(frozen=True)
class Direction:
    """What one kind of message may hold besides what every message may."""

    elements: bool  #: JSX elements
    errors: bool  #: Error objects
    consumes: bool  #: promises, streams and iterators: looking at them uses them up


ARGUMENTS = Direction(elements=False, errors=False, consumes=True)
RESULTS = Direction(elements=True, errors=True, consumes=True)
CAPTURES = Direction(elements=False, errors=False, consumes=False)
