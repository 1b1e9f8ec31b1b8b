"""A stable merge sort whose comparator may throw, suspend or contradict itself.

It is written in Python because the comparator is guest code: Python's own sort would put a C
function on the stack between two guest calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def merge_sort(items: list[T], compare: Callable[[T, T], float]) -> list[T]:
    """The items in ascending order; equal ones keep theirs. A comparison that is NaN means equal."""
    runs = [[item] for item in items]
    while len(runs) > 1:
        pairs = range(0, len(runs) - 1, 2)
        merged = [_merge(runs[i], runs[i + 1], compare) for i in pairs]
        runs = merged + runs[2 * len(merged) :]
    return runs[0] if runs else []


def _merge(left: list[T], right: list[T], compare: Callable[[T, T], float]) -> list[T]:
    if compare(left[-1], right[0]) <= 0:
        return left + right
    merged: list[T] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if compare(left[i], right[j]) > 0:
            merged.append(right[j])
            j += 1
        else:
            merged.append(left[i])
            i += 1
    return merged + left[i:] + right[j:]
