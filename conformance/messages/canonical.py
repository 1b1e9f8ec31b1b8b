"""One spelling for messages that say the same: numbers in the order of first reference.

Rules of this module:

* What nothing refers to from the root is left out, and so is the order of parts and rows. Chunks of a
  stream and entries of a FormData keep theirs.
* Numbers that are equal stay equal: sharing and paths are compared as they are written.
* Of errors, imports and references only the members that SPEC.md names are kept.
* A row that refers to one that has failed is written as that failure: whoever reads it fails too.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from conformance.depth import room_to_recurse
from conformance.messages.reading import Unreadable, read_arguments, read_result

if TYPE_CHECKING:
    from conformance.messages.reading import Piece, Pieces

#: A tag with a number; a path may follow a plain reference.
ARGUMENT_TAG: Final = re.compile(r"\$([@hQWKiBRrXxAOoUSsLlGgMmV]?)([0-9a-f]+)((?::.*)?)", re.DOTALL)
RESULT_TAG: Final = re.compile(r"\$([@hQWKiBLZ]?)([0-9a-f]+)((?::.*)?)", re.DOTALL)
#: What refers to a row and does not fail with it.
NOT_NEEDED: Final = frozenset("@")
ERROR_MEMBERS: Final = ("digest", "name", "message", "cause", "errors", "phase", "code")
REFERENCE_MEMBERS: Final = ("id", "bound")
IMPORT_ITEMS: Final = 3


def canonical(message: str, content_type: str | None, body: bytes) -> list[str]:
    """A line for each piece of a message, the root first."""
    if message == "arguments":
        return _Canonical(read_arguments(content_type, body), ARGUMENT_TAG).lines()
    return _Canonical(_spread(read_result(body)), RESULT_TAG).lines()


def _spread(pieces: Pieces) -> Pieces:
    """The rows with every failure in the place of the rows that need it."""
    failures = [number for number, found in pieces.items() if found[0].label == "E"]
    spread = dict(pieces)
    while failures:
        failed = failures.pop()
        for number, (first, *others) in [*spread.items()]:
            if first.label == "" and not others and failed in _needed(first):
                spread[number] = spread[failed]
                failures.append(number)
    return spread


def _needed(piece: Piece) -> set[int]:
    """The rows without which this one has no value."""
    tags = map(RESULT_TAG.fullmatch, re.findall(r'"(\$[^"\\]*)"', piece.text))
    return {int(tag[2], 16) for tag in tags if tag and tag[1] not in NOT_NEEDED}


class _Canonical:
    """Renumbers pieces from the root on."""

    def __init__(self, pieces: Pieces, tag: re.Pattern[str]) -> None:
        self.pieces = pieces
        self.tag = tag
        #: The new number of each old one, and the old ones in their new order.
        self.numbers: dict[int, int] = {0: 0}
        self.order = [0]
        #: The letter of the first tag that named each number.
        self.letters: dict[int, str] = {}

    def lines(self) -> list[str]:
        """The pieces in their new order."""
        found = []
        for new, number in enumerate(self.order):  # it grows meanwhile
            for piece in self.pieces.get(number, ()):
                label = f" {piece.label}" if piece.label else ""
                found.append(f"{new:x}{label}: {self.content(piece, number)}")
            if number not in self.pieces:
                found.append(f"{new:x} is missing")
        return found

    def content(self, piece: Piece, number: int) -> str:
        """What a piece says, with new numbers."""
        if not piece.is_model:
            return piece.text
        try:
            with room_to_recurse():
                value = json.loads(piece.text, parse_int=float)
                return json.dumps(self.renumbered(self.kept(piece, number, value)))
        except ValueError:
            raise Unreadable(f"{piece.text[:40]!r} is no JSON") from None

    def kept(self, piece: Piece, number: int, value: Any) -> Any:
        """The members of a special row that mean something."""
        letter = self.letters.get(number)
        if isinstance(value, dict) and (piece.label == "E" or letter == "Z"):
            error = {name: value[name] for name in ERROR_MEMBERS if name in value}
            if letter == "Z":
                escaped = {"cause", "errors"} & error.keys()
                error.update({name: error[name].removeprefix("$") for name in escaped})
            return error
        if isinstance(value, dict) and letter == "h":
            return {name: value.get(name) for name in REFERENCE_MEMBERS}
        return value[:IMPORT_ITEMS] if piece.label == "I" else value

    def renumbered(self, value: Any) -> Any:
        """JSON data with the numbers in its tags replaced."""
        if isinstance(value, list):
            return [self.renumbered(item) for item in value]
        if isinstance(value, dict):
            return {name: self.renumbered(item) for name, item in value.items()}
        if isinstance(value, float):
            return _plain(value)
        if isinstance(value, str) and (found := self.tag.fullmatch(value)):
            return f"${found[1]}{self.number(int(found[2], 16), found[1]):x}{found[3]}"
        return value

    def number(self, old: int, letter: str) -> int:
        """The new number of what a tag with this letter names."""
        if old not in self.numbers:
            self.numbers[old] = len(self.order)
            self.order.append(old)
            self.letters[old] = letter
        return self.numbers[old]


def _plain(number: float) -> float:
    """A number as people write it: an integer without a fraction, but -0 stays what it is."""
    whole = number.is_integer() and math.copysign(1, number) == math.copysign(1, int(number))
    return int(number) if whole else number
