"""Drawing examples by Hypothesis: many at once, one that disagrees made smaller, old ones again.

Rules of this module:

* Only Hypothesis's public interface is used. A batch is some runs whose test collects; the same seed
  draws the same batch again, so an example of it is found again by its number.
* A run is short: after its first ten examples Hypothesis rather changes those it has than draws new
  ones, and five of six would be like another.
* While an example is made smaller, it counts as failing only as long as it is the same disagreement.
* Hypothesis ends with the smallest example it has found, so the last that failed is the one.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, TypeVar
from unittest import SkipTest

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis import strategies as st
    from hypothesis.database import ExampleDatabase

T = TypeVar("T")

#: Examples of one run, and how many runs a batch can have.
RUN, RUNS = 10, 1_000


class StillDisagrees(Exception):  # noqa: N818  (what a property that fails says)
    """The example shows the disagreement."""


class TimeIsUp(BaseException):
    """Making it smaller has taken long enough; Hypothesis lets this one pass."""


def batch(strategy: st.SearchStrategy[T], seed: int, count: int) -> list[T]:
    """So many examples, or all there are if there are fewer."""
    return [*examples(strategy, seed, count)]


def examples(strategy: st.SearchStrategy[T], seed: int, count: int) -> Iterator[T]:
    """The examples of a batch; one run is drawn when those of the runs before it have been taken."""
    for run, begin in enumerate(range(0, count, RUN)):
        yield from _run(strategy, _seed(seed, run), min(RUN, count - begin))


def _run(strategy: st.SearchStrategy[T], seed: int, count: int) -> list[T]:
    drawn: list[T] = []

    def collect(example: T) -> None:
        drawn.append(example)

    phases = _settings(count, None, Phase.generate)
    seeded(seed)(settings(phases)(given(strategy)(collect)))()
    return drawn


def _seed(seed: int, run: int) -> int:
    return seed * RUNS + run


def smallest(
    strategy: st.SearchStrategy[T],
    seed: int,
    count: int,
    number: int,
    disagrees: Callable[[T], bool],
    *,
    is_over: Callable[[], bool],
    database: ExampleDatabase | None,
) -> T | None:
    """The smallest example found from the one with this number; None if it agrees this time."""
    run, number = divmod(number, RUN)
    count = min(RUN, count - run * RUN)
    drawn = 0
    best: list[T] = []

    # In this order: a seed that is set later takes the database away.
    @settings(_settings(count, database, Phase.generate, Phase.shrink))
    @seeded(_seed(seed, run))
    @given(strategy)
    def agrees(example: T) -> None:
        nonlocal drawn
        drawn += 1
        if drawn <= number:
            return
        if is_over():
            raise TimeIsUp
        if disagrees(example):
            best[:] = [example]
            raise StillDisagrees
        if not best:
            raise TimeIsUp

    with contextlib.suppress(StillDisagrees, TimeIsUp):
        agrees()
    return best[0] if best else None


def replayed(
    strategy: st.SearchStrategy[T], database: ExampleDatabase, disagrees: Callable[[T], bool]
) -> Iterator[T]:
    """The examples that a database holds, as far as they still disagree; the others leave it."""
    found: list[T] = []

    @settings(_settings(1000, database, Phase.reuse))
    @given(strategy)
    def agrees(example: T) -> None:
        if disagrees(example):
            found.append(example)
            raise StillDisagrees

    # Without any example there is nothing to run, which Hypothesis calls skipped.
    with contextlib.suppress(StillDisagrees, SkipTest):
        agrees()
    yield from found


def _settings(count: int, database: ExampleDatabase | None, *phases: Phase) -> settings:
    return settings(
        max_examples=count,
        database=database,
        phases=phases,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        suppress_health_check=[*HealthCheck],
    )
