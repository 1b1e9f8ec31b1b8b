"""What messages may hold, by direction, and how a value that they may not hold is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from refimpl.language.errors import Throw

#: What to do about a refusal, by what was met.
FIXES = {
    "function": "only server functions can be sent: give it the directive 'use server'",
    "class-instance": "send a plain object with what is needed of it",
    "null-prototype": "spread it into a plain object: {...value}",
    "symbol": "use a registered one: Symbol.for(key)",
    "regexp": "send its source and flags",
    "error": "send its name and message",
    "element": "elements go from the server to the client only",
    "iterable": "spread it into an array: [...value]",
    "locked-stream": "send it before anybody reads it",
    "typed-array": "send it as a Float32Array",
}


class UnsupportedValue(Exception):  # noqa: N818 - a refusal that becomes an error of the call
    """A value outside the contract; `code` begins with `unsupported-value`.

    Clause: value.unsupported.path.
    """

    def __init__(self, kind: str, path: str, description: str) -> None:
        fix = FIXES.get(kind)
        super().__init__(f"{description} cannot be sent ({path})" + (f"; {fix}" if fix else ""))
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
