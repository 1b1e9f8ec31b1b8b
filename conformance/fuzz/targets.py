"""What can be generated, by the name that `--target` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.fuzz.generators.calls import calls
from conformance.fuzz.generators.directives import directives
from conformance.fuzz.generators.expressions import made_values
from conformance.fuzz.generators.forms import forms
from conformance.fuzz.generators.messages import messages
from conformance.fuzz.generators.projects import projects
from conformance.fuzz.generators.requests import requests
from conformance.fuzz.generators.round_trips import round_trips
from conformance.fuzz.generators.values import values
from conformance.fuzz.generators.wire import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.fuzz.example import Example

TARGETS: Mapping[str, st.SearchStrategy[Example]] = {
    "programs": st.one_of(projects(), directives()),
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
