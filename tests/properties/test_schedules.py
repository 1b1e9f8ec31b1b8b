"""The same seed and schedule give the same bytes; no schedule changes an independent result."""

import re

from hypothesis import given
from hypothesis import strategies as st

from conformance.fuzz.generators.programs import Program, programs
from refimpl.application import Application, Settings
from tests.properties.reference import budget, ran, result

#: How a client calls one function after the other.
LOOP = re.compile(r"for \(const each of (\[.*\])\) results\.push\(await drain\(each\)\)")
SCHEDULES = st.lists(st.integers(0, 5), max_size=12)


def trace(application: Application) -> list[object]:
    """Everything that passed between client and server, and when."""
    return [application.network.trace, application.given_to_client()]


def concurrent(program: Program) -> str:
    """A client that makes all of its calls at once."""
    client, count = LOOP.subn(
        r"results.push(...await Promise.all(\1.map(drain)))", program.client()
    )
    assert count == 1
    return client


@budget(15)
@given(programs(), SCHEDULES, st.integers(0, 2**32))
def test_a_run_repeats_byte_by_byte(program: Program, schedule: list[int], seed: int):
    settings = Settings(schedule=tuple(schedule), seed=seed, sequential=False)
    client = concurrent(program)

    assert trace(ran(program, settings, client)) == trace(ran(program, settings, client))


@budget(25)
@given(programs(independent=True), SCHEDULES, st.integers(0, 9))
def test_a_schedule_changes_no_result_of_independent_calls(
    program: Program, schedule: list[int], seed: int
):
    files = program.files()

    found = result(program, files, schedule=schedule, seed=seed, client=concurrent(program))

    assert program.results == found
