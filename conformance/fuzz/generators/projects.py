"""Questions about programs: what they compile to, what is callable, what a client gets, what leaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.programs import SMALL, Writing, decorated, programs
from conformance.observations import Compile, Exposes, Run, Withholds

if TYPE_CHECKING:
    from conformance.fuzz.generators.programs import Program
    from conformance.observations.observation import Observation

CLIENT_FILE = "client.js"
#: Besides what it compiles to: running shows most, and takes longest.
QUESTIONS = ("run", "run", "run", "run", "exposes", "withholds", None)
WRITINGS = ("plain", "plain", "plain", "unique", "decorated")
CANARY = 8


def question(program: Program, name: str) -> Observation:
    """One of the questions that need a running project."""
    started = {"entry": program.entry, "client": program.client()}
    if name == "run":
        return Run(started, None, None)
    if name == "exposes":
        return Exposes({"entry": program.entry}, ())
    canaries = tuple(text for text in program.canaries if len(text) >= CANARY)
    return Withholds(started, canaries, ())


@st.composite
def projects(draw: st.DrawFn) -> Example:
    """A program, written in some way, and one or two questions about it."""
    program = draw(programs(size=SMALL))
    way = draw(st.sampled_from(WRITINGS))
    typed = program.page.path.endswith(("ts", "tsx"))
    writing = {
        "plain": lambda: Writing(program.name, typed=lambda: typed),
        "unique": lambda: Writing(lambda binding: f"r{binding}"),
        "decorated": lambda: decorated(draw, program.name, typed=typed),
    }[way]()
    name = draw(st.sampled_from(QUESTIONS))
    asked = [question(program, name)] if name else []
    features = program.features | {"module.kinds"}
    if way == "decorated":
        features |= {"directive.before.comments", "directive.termination"}
    if typed:
        features |= {"source.types"}
    return Example(features, asking(Compile({}, None), *asked), program.files(writing))
