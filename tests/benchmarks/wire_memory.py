"""What reading needs at most: `python tests/benchmarks/wire_memory.py`.

For every shape of tests/wire/shapes.py at about a megabyte: the peak of the memory that Python
allocates while the body is read, as a multiple of the body's bytes (the body itself is not counted),
and the same of what is kept when only the value is. No way to read can need less than the second:
an empty array is two bytes of JSON and 56 bytes of Python.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that it also runs as a file

from tests.wire.reading import read, size
from tests.wire.shapes import REQUESTS, RESPONSES

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1_000_000


def body_of(shape: Callable[[int], Any]) -> Any:
    """A body of about a megabyte, or of as many parts as there may be."""
    per_item = size(shape(2_000)) / 2_000
    return shape(min(int(MEGABYTE / per_item), MEGABYTE if per_item < 2 else 90_000))


def peak_and_kept(body: Any) -> tuple[int, int]:
    """The bytes allocated at once, at most, while `body` is read, and those of its value."""
    gc.collect()
    tracemalloc.start()
    try:
        value = read(body).root.value
        most = tracemalloc.get_traced_memory()[1]
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0]
        del value
    finally:
        tracemalloc.stop()
    return most, kept


def main() -> None:
    """Print the table."""
    print(f"{'':40}{'bytes':>12}{'peak':>14}{'peak/bytes':>12}{'value/bytes':>13}")
    for title, shapes in (("request", REQUESTS), ("response", RESPONSES)):
        for name, shape in shapes.items():
            body = body_of(shape)
            most, kept = peak_and_kept(body)
            length = size(body)
            row = f"{f'{title}: {name}':40}{length:12,}{most:14,}"
            print(f"{row}{most / length:12.1f}{kept / length:13.1f}")


if __name__ == "__main__":
    main()
