"""The observation points: what a case can ask of an implementation, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.observations.compile import Compile
from conformance.observations.decode import Decode
from conformance.observations.dispatch import Dispatch
from conformance.observations.encode import Encode
from conformance.observations.exposes import Exposes
from conformance.observations.forms import Forms
from conformance.observations.run import Run
from conformance.observations.skew import Skew
from conformance.observations.withholds import Withholds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.observations.observation import Observation

#: By name, in the order in which a case's items are reported.
OBSERVATIONS: Mapping[str, type[Observation]] = {
    kind.name: kind
    for kind in (Compile, Run, Exposes, Withholds, Dispatch, Skew, Forms, Encode, Decode)
}

__all__ = [
    "OBSERVATIONS",
    "Compile",
    "Decode",
    "Dispatch",
    "Encode",
    "Exposes",
    "Forms",
    "Run",
    "Skew",
    "Withholds",
]
