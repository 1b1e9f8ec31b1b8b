"""What can be generated, by the name that `--target` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.fuzz.generators.calls import calls
from conformance.fuzz.generators.directives import directives
from conformance.fuzz.generators.exports import exports
from conformance.fuzz.generators.expressions import made_values
from conformance.fuzz.generators.forms import forms
from conformance.fuzz.generators.graphs import importing
from conformance.fuzz.generators.messages import messages
from conformance.fuzz.generators.projects import projects
from conformance.fuzz.generators.prologues import prologues
from conformance.fuzz.generators.references import references
from conformance.fuzz.generators.requests import requests
from conformance.fuzz.generators.restrictions import restrictions
from conformance.fuzz.generators.round_trips import round_trips
from conformance.fuzz.generators.sources import sources
from conformance.fuzz.generators.values import values
from conformance.fuzz.generators.wire import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.fuzz.example import Example

#: Of each kind as many as show most in a given time: those that only compile are cheap.
PROGRAMS = (
    *(projects() for _ in range(4)),
    *(exports() for _ in range(3)),
    *(importing() for _ in range(2)),
    *(references() for _ in range(2)),
    *(prologues() for _ in range(6)),
    *(restrictions() for _ in range(4)),
    *(sources() for _ in range(2)),
    directives(),
)
TARGETS: Mapping[str, st.SearchStrategy[Example]] = {
    "programs": st.one_of(PROGRAMS),
    "directives": directives(),
    "values": values(),
    "round-trips": round_trips(),
    "calls": calls(),
    "messages": messages(),
    "expressions": made_values(),
    "forms": forms(),
    "requests": requests(),
    "wire": wire(),
}
