"""Clients that make calls at once, over a network that delays, repeats, loses and damages messages.

Rules of this module:

* Every call is told apart by its text, and its outcome is noted beside it, so that an outcome that
  reached another call, or none, is seen. The server notes what ran.
* No call can notice another: what the network does to one changes nothing for the others.
* Nothing that happens is decided by two things that happen at the same moment: what is long is much
  longer than all that is short together, and a client gives up in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.builds import builds
from conformance.observations import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

FILES = {
    "log.js": "export const log = []\n",
    "actions.js": """'use server'
import { log } from './log.js'
const wait = ms => new Promise(done => setTimeout(done, ms))
const slow = 1000
const begin = async (text, ms) => { log.push(text); await wait(ms); return text }
export async function echo(text, ms) { return begin(text, ms) }
export async function fail(text, ms) { await begin(text, ms); throw new Error('call failed') }
export async function refuse(text, ms) { await begin(text, ms); return () => text }
export async function later(text, ms) { return { now: text, then_: begin(text, ms) } }
export async function lasting(text, ms) { return { now: await begin(text, ms), then_: wait(slow).then(() => text) } }
export async function broken(text, ms) {
  const failing = wait(ms).then(() => { throw new Error(text) }), bad = wait(ms).then(() => () => text)
  return { now: await begin(text, 0), failing, bad }
}
export async function pieces(text, ms) {
  await begin(text, 0)
  return (async function* () { yield text; await wait(ms); yield text + 2; await wait(ms + 1); yield text + 3 })()
}
export async function source(text, ms) {
  await begin(text, ms)
  return (async function* () {
    try { for (;;) { yield text; await wait(slow) } } finally { log.push(text + 'left') }
  })()
}
export async function long(text) { return begin(text, slow) }
export async function made(text, ms) {
  let count = 0
  await begin(text, ms)
  return async again => { 'use server'; await wait(ms); return text + again + ++count }
}
export async function seen() { return log }
""",
}
#: What `then` of a promise gives that has arrived is a question of its own; here they are awaited.
CLIENT = """import * as actions from './actions.js'
const wait = ms => new Promise(done => setTimeout(done, ms))
const digests = []
const told = error => {{
  if (!(error instanceof Error)) return ['strange', error]
  if (error.digest) digests.push(error.digest)
  const is_own = /call [0-9]/.test(error.message)
  return ['rejected', is_own ? error.name : '', is_own, typeof error.digest]
}}
const inside = async promise => {{ try {{ return [await promise] }} catch (error) {{ return told(error) }} }}
const all = async iterable => {{
  const found = []
  try {{ for await (const value of iterable) found.push(value) }} catch (error) {{ found.push(told(error)) }}
  return found
}}
const order = []
const uses = {{
  later: async made => [made.now, await inside(made.then_)],
  lasting: async made => [made.now, await Promise.race([inside(made.then_).finally(() => order.push('whole')), wait(700).then(() => 'still to come')])],
  broken: async made => [made.now, await inside(made.failing), await inside(made.bad)],
  pieces: all,
  source: all,
  made: async made => Promise.all([made(1), made(2)]),
}}
export default async host => {{
  const outcomes = []
  const call = async (name, text, ms, signal) => {{
    try {{
      const reference = actions[name]
      const value = await (signal ? host(signal, reference, text, ms) : reference(text, ms))
      order.push(text)
      return uses[name] ? await uses[name](value) : value
    }} catch (error) {{ order.push(text); return told(error) }}
  }}
{calls}
  const ended = await Promise.all(outcomes)
  await wait(3000)
  return [ended, order, new Set(digests).size === digests.length, await actions.seen()]
}}
"""
NAMES = {
    "echo": {"call.correlation"},
    "fail": {"call.isolation", "call.error.redacted", "call.error.digest"},
    "refuse": {"call.result.unsupported"},
    "later": {"value.promise"},
    "lasting": {"call.order.streaming", "call.result.streaming", "call.cancel.streaming"},
    "broken": {"call.result.late", "security.error.slots"},
    "pieces": {"value.async-iterator", "call.fault.pieces"},
    "source": {"call.cancel.sources"},
    "long": {"call.order.sequential"},
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
#: A signal that is aborted while the call is made, before, and never.
SIGNALS = ("AbortSignal.timeout(@)", "AbortSignal.abort('reason')", "new AbortController().signal")


def gives_up(number: int) -> int:
    """When a client gives up this call: what is short is over by then, what is long is not."""
    return 431 + 37 * number


class Call(NamedTuple):
    """One call; `waits`: the next is made when it has ended."""

    name: str
    delay: int
    waits: bool
    signal: str | None = None


_short = st.sampled_from([name for name in NAMES if name not in {"long", "lasting", "source"}])
_names = st.one_of(_short, _short, st.sampled_from(["long", "lasting"]))
_delays = st.integers(0, 4)
_one = st.builds(Call, _names, _delays, st.booleans(), st.none())
_signalled = st.builds(Call, _names, _delays, st.booleans(), st.sampled_from(SIGNALS))
#: What has no end is given up.
_endless = st.builds(Call, st.just("source"), _delays, st.just(value=True), st.just(SIGNALS[0]))
CALLS = st.lists(_one, min_size=2, max_size=5)
GIVEN_UP = st.lists(st.one_of(_one, _signalled, _endless), min_size=1, max_size=4)
SCHEDULES = st.lists(st.integers(0, 5), max_size=8)
_kinds = st.sampled_from([name for name in FAULTS if name != "cancel"])
_request = {"call": st.integers(1, 6), "message": st.just("request"), "do": _kinds, "at": _delays}
_response = {**_request, "message": st.just("response"), "at": st.integers(0, 30)}
_fault: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(_request),
    st.fixed_dictionaries(_response, optional={"piece": st.integers(1, 3)}),
)
_faults = st.lists(_fault, min_size=1, max_size=3, unique_by=lambda fault: fault["call"])
#: Often what happens to the call that is made last, whose failure nobody catches.
_last = st.booleans()


def client(calls: Sequence[Call]) -> str:
    """A client that makes these calls: at once, or after the one before has ended."""
    lines = []
    for number, (name, delay, waits, signal) in enumerate(calls):
        given = f", {signal.replace('@', str(gives_up(number)))}" if signal else ""
        lines.append(f"  outcomes.push(call('{name}', 'call {number} ', {delay}{given}))")
        if waits:
            lines.append("  await outcomes.at(-1)")
    return CLIENT.format(calls="\n".join(lines))


def scheduled(
    calls: Sequence[Call], schedule: list[int], seed: int, faults: list[dict[str, Any]], mode: str
) -> Example:
    """Calls under one schedule and some faults."""
    program: dict[str, Any] = {"client": client(calls), "seed": seed}
    if schedule:
        program["schedule"] = schedule
    found = {clause for call in calls for clause in NAMES[call.name]}
    if faults:
        program["faults"] = faults
        found |= {FAULTS[fault["do"]] for fault in faults}
        found |= {_detailed(fault) for fault in faults}
    if mode == "development":
        program["mode"] = mode
        found.add("call.error.development")
    if any(call.signal for call in calls):
        program["host"] = "call"
        found.add("call.cancel.signal")
    return Example(frozenset(found), asking(Run(program, None, None)), FILES)


def _detailed(fault: dict[str, Any]) -> str:
    where = f"piece of {fault['message']}" if "piece" in fault else fault.get("message", "call")
    return f"{FAULTS[fault['do']]}:{fault['do']} {where}"


@st.composite
def scheduled_calls(draw: st.DrawFn) -> Example:
    """Calls and a schedule, perhaps with faults, or by a client that gives up."""
    way = draw(st.sampled_from(["whole", "faulty", "cancelled", "signalled"]))
    calls = draw(GIVEN_UP if way == "signalled" else CALLS)
    faults: list[dict[str, Any]] = draw(_faults) if way == "faulty" else []
    happens_last: bool = draw(_last)
    if faults and happens_last:
        last = max([len(calls) + 1, *(fault["call"] for fault in faults)])
        faults[0] = {**faults[0], "call": last}
    if way == "cancelled":
        numbers = st.integers(1, len(calls))
        cancelled = draw(st.lists(numbers, min_size=1, max_size=2, unique=True))
        faults = [{"call": number, "do": "cancel", "at": gives_up(number)} for number in cancelled]
    mode = draw(st.sampled_from(["production", "production", "development"]))
    return scheduled(calls, draw(SCHEDULES), draw(st.integers(0, 9)), faults, mode)


def calls() -> st.SearchStrategy[Example]:
    """Calls of one build, and now and then those of a client of another."""
    return st.one_of(scheduled_calls(), scheduled_calls(), scheduled_calls(), builds())
