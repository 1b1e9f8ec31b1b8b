"""Greedy reduction: whatever can go goes, the largest first, until nothing more can.

Rules of this module:

* What is tried is given as data: how much it saves, and what would be left.
* After a success the search goes on with what is not larger: larger pieces have been tried a moment
  ago. Only when a whole pass has changed something is everything tried again.
* Nothing is tried twice. Whoever asks says when it is enough.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

T = TypeVar("T")
U = TypeVar("U")


class Smaller(NamedTuple, Generic[T]):
    """Something smaller, how much it saves, and what tells it from others."""

    saved: int
    key: Hashable
    #: Makes what is left; None if it is not worth a try.
    make: Callable[[], T | None]

    def inside(self, where: Hashable, put: Callable[[T], U]) -> Smaller[U]:
        """The whole that this is a part of, made smaller by it; `where` tells it from others alike."""

        def make() -> U | None:
            left = self.make()
            return None if left is None else put(left)

        return Smaller(self.saved, (where, self.key), make)


def stretches(count: int) -> Iterator[tuple[int, int]]:
    """Where to begin and to end with what may go of so many items: all, halves of them, and each alone."""
    size = count
    while size:
        yield from ((at, min(at + size, count)) for at in range(0, count, size))
        size //= 2


def reduce(
    whole: T,
    smaller: Callable[[T], Iterable[Smaller[T]]],
    holds: Callable[[T], bool],
    is_over: Callable[[], bool],
) -> T:
    """The smallest that was found for which `holds` is true, as it is of the whole."""
    tried: set[Hashable] = set()
    limit, changed = sys.maxsize, False
    while True:
        for saved, key, make in sorted(smaller(whole), key=lambda each: -each.saved):
            if saved > limit or key in tried:
                continue
            tried.add(key)
            left = make()
            if left is None:
                continue
            if is_over():
                return whole
            if holds(left):
                whole, limit, changed = left, saved, True
                break
        else:
            if not changed:
                return whole
            limit, changed = sys.maxsize, False
