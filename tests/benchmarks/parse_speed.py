"""The parser beside the Python peers esprima and calmjs.parse, in one run, interleaved.

Usage: python tests/benchmarks/parse_speed.py [rounds] [folder with node_modules]

Without a folder, the pinned packages are installed with npm into a temporary one. A peer that
cannot read a file is shown as a dash. Times are the best of the rounds; the last lines give the
median over the files of how many times faster we are, and the cost of starting up.
"""

from __future__ import annotations

import importlib
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refimpl.source.parser import parse
from refimpl.source.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGES = {
    "react@19.3.1": "react/cjs/react.development.js",
    "jquery@3.8.0": "jquery/dist/jquery.js",
    "lodash@4.18.1": "lodash/lodash.js",
    "acorn@8.19.0": "acorn/dist/acorn.js",
    "react-dom@19.3.1": "react-dom/cjs/react-dom-client.development.js",
}


def install(folder: str) -> Path:
    """Install the pinned packages without running their scripts."""
    command = ["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run([*command, *PACKAGES], check=True, stdout=subprocess.DEVNULL)
    return Path(folder)


def peers() -> dict[str, Callable[[str], Any]]:
    """The peers, by name."""
    warnings.simplefilter("ignore")  # calmjs.parse and esprima warn about their own regexps
    esprima = importlib.import_module("esprima")
    es5 = importlib.import_module("calmjs.parse").es5

    return {"esprima": esprima.parseScript, "calmjs": es5}


def measure(text: str, name: str, rounds: int) -> dict[str, float]:
    """Seconds for each parser; infinity for one that cannot read the text."""
    parsers: dict[str, Callable[[str], Any]] = {
        "ours": lambda source: parse(Source(name, source)),
        **peers(),
    }
    best = dict.fromkeys(parsers, math.inf)
    for _ in range(rounds):
        for which, parser in list(parsers.items()):
            start = time.perf_counter()
            try:
                parser(text)
            except Exception:  # noqa: BLE001 -- whatever a peer raises, it has not read the file
                del parsers[which]
                continue
            best[which] = min(best[which], time.perf_counter() - start)
    return best


def startup() -> float:
    """Seconds of a whole process that imports the parser and loads the grammar, best of five."""
    program = "from refimpl.source.text import Source; from refimpl.source.parser import parse; parse(Source('a.tsx', ''))"
    best = math.inf
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True, env=dict(os.environ))
        best = min(best, time.perf_counter() - start)
    return best


def main(rounds: int, folder: Path) -> None:
    """Print the table."""
    print(
        f"{'file':36}{'KB':>6}{'ours':>10}{'esprima':>10}{'calmjs':>10}   KB/s; times faster than"
    )
    ratios: dict[str, list[float]] = {"esprima": [], "calmjs": []}
    for path in PACKAGES.values():
        text = (folder / "node_modules" / path).read_text(encoding="utf-8")
        best = measure(text, path, rounds)
        kilobytes = len(text) / 1000
        cells = "".join(
            f"{kilobytes / seconds:>10.0f}" if math.isfinite(seconds) else f"{'-':>10}"
            for seconds in best.values()
        )
        for which, found in ratios.items():
            if math.isfinite(best[which]):
                found.append(best[which] / best["ours"])
        times = "   ".join(
            f"{which} {best[which] / best['ours']:.2f}"
            for which in ratios
            if math.isfinite(best[which])
        )
        print(f"{Path(path).name:36}{kilobytes:>6.0f}{cells}   {times}")
    for which, found in ratios.items():
        print(f"median: {statistics.median(found):.2f} times {which}, least {min(found):.2f}")
    print(f"whole process with a warm grammar cache: {startup():.3f} s")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    if len(sys.argv) > 2:
        main(count, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(count, install(temporary))
