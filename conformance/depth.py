"""Room to follow deeply nested data by recursion, as the code that handles values does."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Frames that fit on the stack of a main thread with a wide margin: more than 1,000 levels of a value.
FRAMES = 10_000


@contextmanager
def room_to_recurse() -> Iterator[None]:
    """Let the block recurse deeper than Python allows by default; it is an error beyond that too."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(usual, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)
