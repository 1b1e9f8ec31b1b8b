"""The grid of clients and servers, read for its page; `conformance/interop.py` makes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance import digests, yaml_source
from conformance.problems import Place, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

#: What crosses, by the name it has in the file, with the words for it.
DIRECTIONS = {
    "arguments": "Arguments, from client to server",
    "result": "Results, from server to client",
}
FORM = 1


@dataclass(frozen=True, slots=True)
class Crossing:
    """What happened to the values that crossed from one party to the other."""

    agreed: int
    #: The cases whose value did not arrive as it has to, and what became of it.
    others: Sequence[Mapping[str, str]]

    @property
    def total(self) -> int:
        """How many values crossed, or should have."""
        return self.agreed + len(self.others)

    @property
    def condition(self) -> str:
        """The condition of the whole in a word."""
        return "fail" if self.others else "pass"


@dataclass(frozen=True, slots=True)
class Grid:
    """Who can speak with whom."""

    parties: Sequence[str]
    left_out: Mapping[str, str]
    crossings: Mapping[tuple[str, str, str], Crossing]
    reservations: tuple[str, ...]

    def crossing(self, client: str, server: str, direction: str) -> Crossing | None:
        """What crossed in a direction; None where one of the two cannot do its part."""
        return self.crossings.get((client, server, direction))

    def differing(self, direction: str) -> Iterator[tuple[str, str, Crossing]]:
        """The pairs between which something does not arrive as it has to."""
        for (client, server, its_direction), crossing in self.crossings.items():
            if its_direction == direction and crossing.others:
                yield client, server, crossing


def read(path: Path, root: Path, *, allow_partial: bool) -> Grid:
    """The grid in a file; one of another corpus is refused unless allowed."""
    shown = str(path)
    data: Any = json.loads(yaml_source.read_text(path, shown, "results"))
    if not isinstance(data, dict) or data.get("grid") != FORM:
        raise Refused(Problem("report.no-grid", f"this is no grid of form {FORM}", Place(shown)))
    stale = data["corpus"] != digests.of_corpus(root)
    if stale and not allow_partial:
        message = "this grid cannot be published (made with another corpus)"
        fix = "make it again: python -m conformance interop"
        raise Refused(Problem("report.partial", message, Place(shown), fix))
    return Grid(
        data["parties"],
        data["left-out"],
        {
            (pair["client"], pair["server"], direction): Crossing(**pair[direction])
            for pair in data["pairs"]
            for direction in DIRECTIONS
            if direction in pair
        },
        ("made with another corpus",) if stale else (),
    )
