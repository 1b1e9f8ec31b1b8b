"""A project in real time: its tasks happen when a clock says so.

Rules of this module:

* The clock is handed in; nothing here waits. Whoever drives it asks when the next task is due.
* Each task has the fuel of a whole run: a server goes on for longer than a program.
* A task that goes over a limit ends what is pending, and the server goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.application import Application


class LiveProject:
    """Runs the server of an application; `exceeded` is told the name of a limit that was met."""

    def __init__(
        self,
        application: Application,
        clock: Callable[[], float],
        exceeded: Callable[[str], None],
    ) -> None:
        self.application = application
        self.world = application.world
        self.clock = clock
        self.exceeded = exceeded

    def run(self, task: Callable[[], object]) -> None:
        """Do `task` on the server now, after everything that was due before it."""
        self.advance()
        self.world.after(0, self.application.server, "request", task)
        self.advance()

    def advance(self) -> float | None:
        """Run what is due; how many milliseconds there are until the next task, if there is one."""
        now = self.clock()
        while (moment := self.world.next_moment()) is not None and moment <= now:
            self.step()
        self.world.now = now
        return None if moment is None else moment - now

    def step(self) -> None:
        """Run one task."""
        self.world.count = 0
        agent = self.application.server.agent
        agent.fuel, agent.allocations = agent.limits.fuel, agent.limits.allocations
        try:
            self.world.step()
        except LimitExceeded as limit:
            agent.jobs.clear()
            self.exceeded(type(limit).__name__)
