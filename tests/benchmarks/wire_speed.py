"""How fast values cross, beside React: `python tests/benchmarks/wire_speed.py [ROUNDS]`.

Median milliseconds to encode and decode arguments and results, ours and those of React 19.3.1's
production build in Node in the same run, and the ratio. React's packages are installed from the lock
file of the implementation `react`; without Node.js only our figures are printed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that it also runs as a file

from conformance.implementations import installation
from refimpl.wire.arguments_decoder import decode_arguments
from refimpl.wire.arguments_encoder import encode_arguments
from refimpl.wire.result_decoder import decode_result
from refimpl.wire.result_encoder import encode_result
from tests.benchmarks.wire_shapes import SPEED

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
VERSION = "19.3.1"
COLUMNS = ("arguments encode", "arguments decode", "result encode", "result decode")


def milliseconds(times: int, action: Callable[[], object]) -> tuple[float, object]:
    """The time one of `times` took, and what it made."""
    started = time.perf_counter()
    for _ in range(times):
        made = action()
    return (time.perf_counter() - started) * 1000 / times, made


def ours(rounds: int) -> dict[str, list[float]]:
    """By shape: the median of each column."""
    table = {}
    for name, shape in SPEED.items():
        value = shape.make(shape.n)
        times = 200 if shape.n == 1 else 1
        found: list[list[float]] = [[], [], [], []]
        for _ in range(rounds):
            first, body = milliseconds(times, lambda: encode_arguments(value))  # noqa: B023 - called at once
            second, _ = milliseconds(times, lambda: decode_arguments(body))  # noqa: B023 - called at once
            third, written = milliseconds(times, lambda: encode_result(value))  # noqa: B023 - called at once
            fourth, _ = milliseconds(times, lambda: decode_result(written))  # noqa: B023 - called at once
            for column, figure in zip(found, (first, second, third, fourth), strict=True):
                column.append(figure)
        table[name] = [statistics.median(column) for column in found]
    return table


def reacts(rounds: int) -> dict[str, list[float]] | None:
    """The same of React, or None where it cannot be installed."""
    folder = ROOT / "conformance" / "implementations" / "react" / VERSION
    try:
        packages = installation.install("react", folder)
    except installation.InstallationError as error:
        print(error, file=sys.stderr)
        return None
    shapes = json.dumps({name: [shape.script, shape.n] for name, shape in SPEED.items()})
    script = str(Path(__file__).with_suffix(".mjs"))
    environment = {
        **os.environ,
        "NODE_ENV": "production",
        "USE_SERVER_PACKAGES": str(packages),
    }
    command = ["node", "--conditions", "react-server", script, shapes, str(rounds)]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    table: dict[str, list[float]] = json.loads(output.stdout)
    return table


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    mine, theirs = ours(rounds), reacts(rounds)
    print(f"median ms of {rounds} rounds: ours / React {VERSION} in Node = ratio")
    print(f"{'':16}" + "".join(f"{column:>28}" for column in COLUMNS))
    for name, figures in mine.items():
        cells = []
        for column, figure in enumerate(figures):
            beside = theirs[name][column] if theirs else None
            ratio = f" / {beside:.4f} = {figure / beside:5.2f}" if beside else ""
            cells.append(f"{figure:.4f}{ratio}".rjust(28))
        print(f"{name:16}" + "".join(cells))


if __name__ == "__main__":
    main()
