"""One generated example: what is asked about it, before anybody has answered.

The rule of this module: an observation point of an example states nothing yet. What is expected is
what the second opinion answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.messages.units import Message
from conformance.observations.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.observations import Encode

#: What generated clients note for a call that ended in an error.
THROWN = "thrown"

#: What is asked, given the message that the second opinion writes if there is a value to write.
Asked = Callable[[Message | None], tuple[Observation, ...]]

#: What a program throws begins with it, which tells its texts from those of an implementation.
CANARY = "CANARY"


@dataclass(frozen=True, slots=True)
class Example:
    """A program, a value or a message, and the questions about it."""

    #: The clauses it exercises, with `:` and a detail behind where one clause has many faces.
    features: frozenset[str]
    points: Asked
    files: Mapping[str, str] = field(default_factory=dict)
    #: The value whose message the questions are about.
    written: Encode | None = None

    @property
    def clauses(self) -> frozenset[str]:
        """The clauses it exercises."""
        return frozenset(feature.partition(":")[0] for feature in self.features)


def asking(*points: Observation) -> Asked:
    """The same questions, whatever is written."""
    return lambda _: points
