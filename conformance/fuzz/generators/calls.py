"""Clients that make calls at once, over a network that delays, repeats, loses and damages messages.

Rules of this module:

* Every call is told apart by its text, and its outcome is noted beside it, so that an outcome that
  reached another call, or none, is seen.
* No call can notice another: what the network does to one changes nothing for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.observations import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

FILES = {
    "actions.js": """'use server'
const wait = ms => new Promise(done => setTimeout(done, ms))
export async function echo(text, ms) { await wait(ms); return text }
export async function fail(text, ms) { await wait(ms); throw new Error(text) }
export async function refuse(text, ms) { await wait(ms); return () => text }
export async function later(text, ms) { return { now: text, then_: wait(ms).then(() => text) } }
export async function made(text, ms) {
  let count = 0
  await wait(ms)
  return async again => { 'use server'; await wait(ms); return text + again + ++count }
}
"""
}
CLIENT = """import * as actions from './actions.js'
const uses = {{
  later: async made => [made.now, await made.then_],
  made: async made => Promise.all([made(1), made(2)]),
}}
const told = error => error instanceof Error ? 'rejected' : 'strange'
const call = async (name, text, ms) => {{
  try {{
    const value = await actions[name](text, ms)
    return uses[name] ? await uses[name](value) : value
  }} catch (error) {{ return told(error) }}
}}
export default async () => {{
  const outcomes = []
{calls}
  return Promise.all(outcomes)
}}
"""
NAMES = {
    "echo": {"call.correlation"},
    "fail": {"call.isolation", "call.error.redacted"},
    "refuse": {"call.result.unsupported"},
    "later": {"value.promise"},
    "made": {"capture.overlap", "capture.write", "call.result.reference"},
}
FAULTS = {
    "delay": "call.fault.damaged",
    "split": "call.fault.damaged",
    "duplicate": "call.replay",
    "drop": "call.fault.unknown",
    "cut": "call.fault.unknown",
    "corrupt": "call.fault.damaged",
    "refuse": "call.fault.lost",
    "cancel": "call.cancel",
}
_one = st.tuples(st.sampled_from([*NAMES]), st.integers(0, 4), st.booleans())
CALLS = st.lists(_one, min_size=1, max_size=4)
SCHEDULES = st.lists(st.integers(0, 5), max_size=8)
_fault = st.fixed_dictionaries(
    {
        "call": st.integers(1, 5),
        "message": st.sampled_from(["request", "response"]),
        "do": st.sampled_from([*FAULTS]),
        "at": st.integers(0, 4),
    }
)
FAULTY = st.lists(_fault, max_size=2, unique_by=lambda fault: fault["call"])


def client(calls: Sequence[tuple[str, int, bool]]) -> str:
    """A client that makes these calls: at once, or after the one before has ended."""
    lines = []
    for number, (name, delay, waits) in enumerate(calls):
        lines.append(f"  outcomes.push(call('{name}', 'call {number} ', {delay}))")
        if waits:
            lines.append("  await outcomes.at(-1)")
    return CLIENT.format(calls="\n".join(lines))


def scheduled(
    calls: Sequence[tuple[str, int, bool]],
    schedule: list[int],
    seed: int,
    faults: list[dict[str, Any]],
) -> Example:
    """Calls under one schedule and some faults."""
    program: dict[str, Any] = {"client": client(calls), "schedule": schedule, "seed": seed}
    if faults:
        program["faults"] = faults
    found = {clause for name, _, _ in calls for clause in NAMES[name]}
    found |= {FAULTS[fault["do"]] for fault in faults}
    found |= {f"{FAULTS[fault['do']]}:{fault['do']} {fault['message']}" for fault in faults}
    return Example(frozenset(found), asking(Run(program, None, None)), FILES)


@st.composite
def calls(draw: st.DrawFn) -> Example:
    """Calls, a schedule, and faults in a third of the examples."""
    faults = draw(FAULTY) if draw(st.integers(0, 2)) == 2 else []
    return scheduled(draw(CALLS), draw(SCHEDULES), draw(st.integers(0, 9)), faults)
