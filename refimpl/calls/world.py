"""The world a program runs in: a virtual clock, the tasks to come, and the order they happen in.

Rules of this module:

* Time moves only when nothing is left to do at the present instant; nobody ever waits.
* Among the tasks of one instant the `schedule` chooses: a list of integers, one for each choice,
  taken modulo the number of tasks. An empty schedule means first come, first served. So a list of
  integers *is* an interleaving, and the same list gives the same run.
* A task runs inside one `Side`; when it has ended, the jobs it left (microtasks) run to the end.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from refimpl.language.agent import Agent
    from refimpl.language.realm import Realm

T = TypeVar("T")

#: Limit `world.tasks`: a program that keeps setting timers is stopped with `TooManyTasks`.
MAXIMUM_TASKS = 100_000


class TooManyTasks(Exception):  # noqa: N818 - a limit that was reached, not a fault
    """The program went on for more tasks than `world.tasks` allows."""


@dataclass(eq=False)
class Side:
    """The server or the client: one agent with one realm, sharing nothing with the other."""

    name: str
    agent: Agent
    realm: Realm

    def run(self, task: Callable[[], object]) -> None:
        """Run one task and the jobs it leaves."""
        with self.agent.enter(self.realm):
            task()
            self.agent.run_jobs()

    def ask(self, question: Callable[[], T]) -> T:
        """The answer to a question that looks at guest objects but leaves no jobs."""
        with self.agent.enter(self.realm):
            return question()


@dataclass(eq=False)
class Task:
    """Something that happens at a moment, in milliseconds of virtual time."""

    moment: float
    side: Side
    label: str
    run: Callable[[], object] = field(repr=False)
    cancelled: bool = False


class World:
    """Both sides' tasks on one clock."""

    def __init__(self, schedule: Iterable[int] = (), now: float = 0.0) -> None:
        self.now = now
        self.schedule = deque(schedule)
        self.tasks: list[Task] = []
        self.count = 0

    def after(self, delay: float, side: Side, label: str, run: Callable[[], object]) -> Task:
        """Plan a task `delay` milliseconds from now; a negative delay or NaN counts as 0."""
        task = Task(self.now + (delay if delay > 0 else 0.0), side, label, run)
        self.tasks.append(task)
        return task

    def next_moment(self) -> float | None:
        """When the next task is due; None when there is none."""
        self.tasks = [task for task in self.tasks if not task.cancelled]
        return min((task.moment for task in self.tasks), default=None)

    def step(self) -> bool:
        """Run the next task; False when there is none."""
        moment = self.next_moment()
        if moment is None:
            return False
        self.count += 1
        if self.count > MAXIMUM_TASKS:
            message = f"more than {MAXIMUM_TASKS} tasks: the program never comes to rest"
            raise TooManyTasks(message)
        self.now = moment
        due = [task for task in self.tasks if task.moment == self.now]
        choice = self.schedule.popleft() if self.schedule and len(due) > 1 else 0
        task = due[choice % len(due)]
        self.tasks.remove(task)
        task.side.agent.now = self.now
        task.side.run(task.run)
        return True

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Run tasks until `until()` holds or none is left."""
        while not until() and self.step():
            pass


class SideTimers:
    """The timers of one side: tasks of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.side: Side

    def set(self, delay: float, job: Callable[[], None]) -> Task:
        """Plan `job` in `delay` milliseconds."""
        return self.world.after(delay, self.side, "timer", job)

    def clear(self, handle: Task) -> None:
        """Cancel a timer; one that has run is none any more."""
        handle.cancelled = True
