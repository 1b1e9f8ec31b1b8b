"""Values that go the whole way: from the server to a client, through a call, and back to the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance import notation
from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.values import features, graphs
from conformance.observations import Run

if TYPE_CHECKING:
    from conformance.notation import Value

FILES = {
    "page.js": "export async function page(value) { return value }\n",
    "actions.js": "'use server'\nexport async function echo(value) { return value }\n",
}
#: What the client sees of the value itself, and of what comes back when it is sent.
CLIENTS = {
    "call.result.values": "export default async value => value\n",
    "call.arguments.values": (
        "import { echo } from './actions.js'\nexport default async value => echo(value)\n"
    ),
}


def carried(clause: str, value: Value) -> Example:
    """A value that a client is given."""
    program = {"entry": "page.js#page", "args": notation.encode([value]), "client": CLIENTS[clause]}
    return Example(features(value) | {clause}, asking(Run(program, None, None)), FILES)


@st.composite
def round_trips(draw: st.DrawFn) -> Example:
    """A value of the kinds that arguments have."""
    return carried(draw(st.sampled_from([*CLIENTS])), draw(graphs("arguments")))
