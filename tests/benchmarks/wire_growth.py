"""How the cost of reading grows: `python tests/benchmarks/wire_growth.py`.

For every shape of tests/wire/shapes.py, doubled five times: the slope of the steps against the bytes,
both as logarithms. Steps are counted by the decoders, so the table is the same on every machine.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that it also runs as a file

from tests.wire.reading import steps_and_bytes
from tests.wire.shapes import REQUESTS, RESPONSES

SIZES = [256 * 2**i for i in range(6)]


def slope(points: list[tuple[int, int]]) -> float:
    """The least-squares slope of log steps over log bytes."""
    xs, ys = ([math.log(point[i]) for point in points] for i in (1, 0))
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    rise = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return rise / sum((x - mean_x) ** 2 for x in xs)


def main() -> None:
    """Print the table."""
    print(f"{'':40}{'slope':>8}{'bytes':>12}{'steps':>12}{'steps/byte':>12}")
    for title, shapes in (("request", REQUESTS), ("response", RESPONSES)):
        for name, body in shapes.items():
            points = [steps_and_bytes(body(size)) for size in SIZES]
            steps, length = points[-1]
            row = f"{f'{title}: {name}':40}{slope(points):8.3f}{length:12,}{steps:12,}"
            print(f"{row}{steps / length:12.3f}")


if __name__ == "__main__":
    main()
