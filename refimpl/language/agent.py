"""Agents, execution contexts and the limits of a run (ECMA-262 §9.4 and §9.6).

* Everything that changes while guest code runs belongs to one `Agent`. Two agents share nothing.
* `surrounding.agent` is ECMAScript's *surrounding agent*: the one variable of the process. Only
  `Agent.enter` changes it, for the time of one task.
* Time and randomness are values given to the agent; nothing here asks the machine.
* Each limit has a name in `Limits`. Fuel and allocations end the run with an exception that guest
  code cannot catch; depth and string length are the guest's own RangeError.
"""

from __future__ import annotations

import sys
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from refimpl.language.frames import IN_LARGE_ROOM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from refimpl.language.functions import FunctionObject
    from refimpl.language.objects import JSObject
    from refimpl.language.realm import Realm
    from refimpl.language.suspension import Coroutine
    from refimpl.language.values import Symbol
    from refimpl.source.nodes import Node
    from refimpl.source.text import Source


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one agent may use."""

    fuel: int = 50_000_000  #: calls, loop turns and elements handled by built-ins
    depth: int = 2_500  #: nested [[Call]]s
    string_length: int = 2**25  #: code units of one String
    allocations: int = 20_000_000  #: objects, and cells of large strings and buffers


class LimitExceeded(BaseException):
    """A limit of the host ends the run; guest code cannot catch it."""


class OutOfFuel(LimitExceeded):
    """More steps than `Limits.fuel`."""


class OutOfMemory(LimitExceeded):
    """More allocations than `Limits.allocations`."""


class ExecutionContext:
    """One running piece of code: a function call, a module body or a script.

    `node` is what it evaluates now, for the guest's stack lines.
    """

    __slots__ = ("caller", "coroutine", "depth", "function", "generator", "node", "realm", "source")

    def __init__(
        self,
        realm: Realm,
        caller: ExecutionContext | None,
        function: FunctionObject | None = None,
        source: Source | None = None,
    ) -> None:
        self.realm = realm
        self.caller = caller
        self.function = function
        self.source = source
        self.depth: int = caller.depth + 1 if caller is not None else 0
        self.node: Node | None = None
        self.coroutine: Coroutine | None = None
        self.generator: JSObject | None = None


class Agent:
    """One thread of evaluation: contexts, jobs, limits, time and chance."""

    def __init__(self, limits: Limits | None = None, *, seed: int = 0, now: float = 0.0) -> None:
        self.limits = limits or Limits()
        self.fuel = self.limits.fuel
        self.allocations = self.limits.allocations
        self.depth_limit = self.limits.depth
        self.context: ExecutionContext = None  # type: ignore[assignment]  # set before guest code runs
        self.jobs: deque[Callable[[], object]] = deque()
        self.symbol_registry: dict[str, Symbol] = {}
        self.coroutines: set[Coroutine] = set()
        self.module_async_evaluation_count = 0
        self.random = Random(seed)  # noqa: S311 - Math.random is not a secret
        #: The virtual clock, in milliseconds since the epoch.
        self.now = now

    def charge(self, units: int = 1) -> None:
        """Pay for work: one unit per call and loop turn, n for a built-in that handles n elements."""
        self.fuel -= units
        if self.fuel < 0:
            raise OutOfFuel

    def allocate(self, cells: int) -> None:
        """Pay for memory beyond one object: cells of a large string, array or buffer."""
        self.allocations -= cells
        if self.allocations < 0:
            raise OutOfMemory

    def enqueue_job(self, job: Callable[[], object]) -> None:
        """HostEnqueuePromiseJob."""
        self.jobs.append(job)

    def run_jobs(self) -> None:
        """Perform the microtask checkpoint: jobs in order, until none is left."""
        if self.jobs:
            IN_LARGE_ROOM(self._perform_jobs)

    def _perform_jobs(self) -> None:
        while self.jobs:
            self.charge()
            self.jobs.popleft()()

    @contextmanager
    def enter(self, realm: Realm) -> Iterator[None]:
        """Make this the surrounding agent, with `realm` as the current realm."""
        outside, context, limit = surrounding.agent, self.context, sys.getrecursionlimit()
        surrounding.agent = self
        self.context = ExecutionContext(realm, None)
        sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)
            surrounding.agent, self.context = outside, context

    def close(self) -> None:
        """Unwind every suspended activation without running guest code."""
        for coroutine in [*self.coroutines]:
            coroutine.discard()
        self.jobs.clear()


#: Python frames, not guest calls: enough for `Limits.depth` calls inside deep expressions.
#: Beyond it is the guest's RangeError, as everywhere.
RECURSION_LIMIT = 400_000


class Surrounding:
    """Holder of the surrounding agent."""

    __slots__ = ("agent",)

    agent: Agent


surrounding = Surrounding()
surrounding.agent = None  # type: ignore[assignment]  # nobody runs guest code outside `Agent.enter`


def current_realm() -> Realm:
    """The realm of the running execution context."""
    return surrounding.agent.context.realm


def intrinsic(name: str) -> Any:
    """An intrinsic object of the current realm by its name, such as `%Array.prototype%`."""
    return surrounding.agent.context.realm.intrinsics[name]
