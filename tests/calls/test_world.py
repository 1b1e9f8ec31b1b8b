"""The virtual clock and the order of tasks."""

import pytest

from refimpl.calls import world as world_module
from refimpl.calls.world import TooManyTasks, World


class RecordingAgent:
    now = 0.0


class RecordingSide:
    """A side that runs tasks without a realm."""

    def __init__(self):
        self.agent = RecordingAgent()

    def run(self, task):
        task()


@pytest.fixture
def side():
    return RecordingSide()


def run_in_order(schedule, side, delays):
    world, order = World(schedule), []
    for name, delay in delays.items():
        world.after(delay, side, name, lambda name=name: order.append(name))
    world.run()
    return order


def test_tasks_of_one_instant_run_first_come_first_served(side):
    assert run_in_order([], side, {"a": 1, "b": 1, "c": 1}) == ["a", "b", "c"]


def test_an_earlier_task_runs_before_a_later_one(side):
    assert run_in_order([], side, {"late": 2, "early": 1}) == ["early", "late"]


def test_the_schedule_chooses_among_tasks_of_one_instant(side):
    assert run_in_order([2, 1], side, {"a": 1, "b": 1, "c": 1}) == ["c", "b", "a"]


def test_the_schedule_never_lets_a_later_task_go_first(side):
    assert run_in_order([1], side, {"late": 2, "early": 1}) == ["early", "late"]


def test_a_single_task_uses_up_no_choice(side):
    assert run_in_order([1], side, {"first": 0, "a": 1, "b": 1}) == ["first", "b", "a"]


def test_time_moves_to_the_moment_of_the_task(side):
    world, moments = World(now=100.0), []
    world.after(5, side, "x", lambda: moments.append((world.now, side.agent.now)))

    world.run()

    assert moments == [(105.0, 105.0)]


@pytest.mark.parametrize("delay", [-1.0, float("nan"), 0.0])
def test_a_delay_that_is_not_positive_is_now(side, delay):
    world = World(now=100.0)

    assert world.after(delay, side, "x", lambda: None).moment == 100.0


def test_a_cancelled_task_does_not_run(side):
    world, ran = World(), []
    world.after(1, side, "x", lambda: ran.append(1)).cancelled = True

    world.run()

    assert ran == []


def test_running_stops_when_asked(side):
    world, ran = World(), []
    for name in "ab":
        world.after(1, side, name, lambda name=name: ran.append(name))

    world.run(until=lambda: bool(ran))

    assert ran == ["a"]


def test_a_program_that_never_rests_is_stopped(side, monkeypatch):
    monkeypatch.setattr(world_module, "MAXIMUM_TASKS", 10)
    world = World()

    def again():
        world.after(1, side, "again", again)

    again()

    with pytest.raises(TooManyTasks):
        world.run()
