"""The outcome of a call does not depend on any other call that is in flight.

It depends on its function, its arguments and its captures, whatever the order in which messages
and timers come, and whatever the network does to the messages of others. A message that is late,
comes twice or in pieces changes nothing; one that is lost or damaged ends its own call, and no other.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from refimpl.application import Application, Settings, build
from refimpl.calls.faults import Fault
from refimpl.language.promises import perform_promise_then
from refimpl.language.values import undefined

FILES = {
    "actions.js": """'use server'
        const wait = ms => new Promise(done => setTimeout(done, ms))
        export const echo = async (text, ms) => { await wait(ms); return 'echo ' + text }
        export const fail = async (text, ms) => { await wait(ms); throw new Error(text) }
        export const refuse = async (text, ms) => { await wait(ms); return () => text }
        export const streamed = async (text, ms) => ({ late: wait(ms).then(() => 'late ' + text) })
        export const made = async (text, ms) => {
          let count = 0
          await wait(ms)
          return async again => { 'use server'; await wait(ms); return text + again + ++count }
        }
        """,
    "client.js": """
        import { echo, fail, made, refuse, streamed } from './actions.js'
        const code = error => error instanceof Error ? 'refused' : 'strange'
        export const calls = {
          echo, streamed: (...all) => streamed(...all).then(x => x.late),
          fail: (...all) => fail(...all).catch(code), refuse: (...all) => refuse(...all).catch(code),
          made: async (text, ms) => { const f = await made(text, ms); return (await Promise.all([f(1), f(2)])).join() },
        }
        export default () => calls
        """,
}
EXPECTED = {
    "echo": "echo {0}",
    "fail": "refused",
    "refuse": "refused",
    "made": "{0}11,{0}21",
    "streamed": "late {0}",
}
HARMLESS, HARMFUL = ("delay", "split", "duplicate"), ("refuse", "drop", "cut", "corrupt")
FAULTS = st.lists(
    st.builds(
        Fault,
        st.integers(1, 8),
        st.sampled_from(["request", "response"]),
        st.sampled_from(HARMLESS + HARMFUL),
        st.integers(0, 3),
    ),
    max_size=3,
)


class CallsInFlight(RuleBasedStateMachine):
    """Calls are made, messages and timers come in some order; each call ends as if it were alone."""

    @initialize(sequential=st.booleans(), seed=st.integers(0, 9), faults=FAULTS)
    def begin(self, sequential: bool, seed: int, faults: list[Fault]) -> None:
        made = Settings(sequential=sequential, seed=seed, faults=tuple(faults))
        self.harmed = {fault.call for fault in faults if fault.do in HARMFUL}
        self.application: Application = build(FILES, made, ["client.js"])
        self.application.load_functions_of_client()
        self.calls: Any = self.application.run_client("client.js", None)
        self.made: list[tuple[str, list[str]]] = []

    @rule(name=st.sampled_from(sorted(EXPECTED)), delay=st.integers(0, 3))
    def call(self, name: str, delay: int) -> None:
        text = f"call {len(self.made)} "
        outcomes: list[str] = []
        self.made.append((EXPECTED[name].format(text), outcomes))

        def start() -> None:
            function = self.calls.get(name, self.calls)
            promise = function.call(undefined, [text, float(delay)])
            perform_promise_then(
                promise, outcomes.append, lambda reason: outcomes.append(f"threw {reason}")
            )

        self.application.client.run(start)

    @rule(choice=st.integers(0, 7))
    def go_on(self, choice: int) -> None:
        world = self.application.world
        world.schedule.clear()
        world.schedule.append(choice)
        world.step()

    @rule(identifier=st.sampled_from(("", "nothing", "__proto__")))
    def somebody_calls_what_is_not_there(self, identifier: str) -> None:
        outcomes: list[str] = []
        self.made.append(("refused", outcomes))

        def start() -> None:
            promise = self.application.client_references.proxy(identifier).call(undefined, [])
            perform_promise_then(promise, outcomes.append, lambda _: outcomes.append("refused"))

        self.application.client.run(start)

    def others(self) -> list[str]:
        """The outcomes that are not those of the calls if they were alone."""
        return [end for expected, ended in self.made for end in ended if end != expected]

    @invariant()
    def every_call_ends_once_and_only_the_harmed_ones_in_another_way(self) -> None:
        if hasattr(self, "application"):
            assert all(len(ended) <= 1 for _, ended in self.made)
            assert all(end.startswith(("threw", "refused")) for end in self.others())
            assert len(self.others()) <= len(self.harmed)

    def teardown(self) -> None:
        if hasattr(self, "application"):
            self.application.world.run()
            assert all(len(ended) == 1 for _, ended in self.made)
            self.every_call_ends_once_and_only_the_harmed_ones_in_another_way()
            self.application.close()


TestCallsInFlight = CallsInFlight.TestCase
TestCallsInFlight.settings = settings(
    max_examples=settings().max_examples * 40 // 100, stateful_step_count=25
)
