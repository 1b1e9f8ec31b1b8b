"""Encoding judged by meaning: a message may be spelled in another way if it says the same.

The rule of this module: what a message says is what the second opinion reads in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance import notation
from conformance.notation import Value
from conformance.observations import Encode
from conformance.observations.observation import Mismatch
from conformance.presentation import difference_sentence
from conformance.protocol import JSON, Ok

if TYPE_CHECKING:
    from conformance.protocol import Hello, Rejected

#: What a message says, given the answer to `encode`; a code where it says nothing.
Reader = Callable[[str, JSON], Value]
DIFFERENT = "different-message"


@dataclass(frozen=True, slots=True)
class Meaning(Encode):
    """A value, and the message that says what every message for it has to say."""

    reader: Reader
    written: JSON

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | None:
        """Compare the messages, and where they differ what they say."""
        found = Encode.judge(self, reply, hello)
        if found is None or found.code != DIFFERENT or not isinstance(reply, Ok):
            return found
        kind = self.surroundings["message"]
        ours, theirs = (self.reader(kind, message) for message in (self.written, reply.value))
        # An error says less than another where it lacks what the other states: both ways, then.
        difference = notation.first_difference(ours, theirs)
        if difference is None:
            ours, theirs = theirs, ours
            difference = notation.first_difference(ours, theirs)
        if difference is None:
            return None
        sentence = difference_sentence(difference)
        return Mismatch(DIFFERENT, sentence, notation.dump(ours), notation.dump(theirs))


def meaning(point: Encode, answer: Ok, reader: Reader) -> Meaning:
    """The point that asks for the same meaning as an answer."""
    return Meaning(
        point.surroundings, point.value, point.lines, point.rejection, reader, answer.value
    )
