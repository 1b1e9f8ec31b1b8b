"""Room for the Python frames of guest code: an optimization, without which speed depends on luck.

CPython (3.11 to 3.13) keeps frames in chunks of 16 KB and gives a chunk back as soon as it is empty. A loop
that calls across the edge of a chunk asks the system for memory at every call, and how deep the caller
stands decides whether it does. One frame that pretends to need many slots makes its chunk large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def room(slots: int) -> Callable[[Callable[[], T]], T]:
    """A function that calls its argument from a frame of so many slots."""

    def run(task: Callable[[], T]) -> T:
        return task()

    run.__code__ = run.__code__.replace(co_stacksize=slots)
    return run


#: For a script, a module or a run of jobs; and for one coroutine, of which there may be thousands.
IN_LARGE_ROOM: Final[Callable[[Callable[[], object]], object]] = room(1 << 18)
IN_SMALL_ROOM: Final[Callable[[Callable[[], object]], object]] = room(1 << 13)
