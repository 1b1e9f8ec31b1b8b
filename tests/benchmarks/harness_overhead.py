"""What the runner costs per item, beside what pytest costs for any item that is read from YAML.

    python tests/benchmarks/harness_overhead.py [ITEMS]

Some programs are run over the same number of items, in one run of this script: a plug-in of twenty
lines that collects YAML and compares (the floor), and the suite against an adapter that answers at
once: in its process, through a pipe, through a pipe one request at a time, and in its process with
no parsed form of the corpus in the cache. The cost of an item
is what the second thousand takes, so that starting up does not count; the best of some rounds is
shown, because other processes can only make it slower.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
PER_FILE = 50
TARGETS = {"in process": 2.0, "pipe": 3.0}
QUIET = ("-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:xdist")

FLOOR = """
import pytest
import yaml


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".yaml":
        return File.from_parent(parent, path=file_path)


class File(pytest.File):
    def collect(self):
        for case in yaml.load(self.path.read_bytes(), Loader=yaml.CSafeLoader):
            yield Item.from_parent(self, name=case["id"], case=case)


class Item(pytest.Item):
    def __init__(self, *, case, **arguments):
        super().__init__(**arguments)
        self.case = case

    def runtest(self):
        assert self.case["run"]["result"] == 1
"""

ADAPTER = """
import json
import sys

GREETING = {"name": "instant", "version": "1", "capabilities": ["run"], "choices": {}}


def conformance_adapter(message):
    return {"ok": GREETING if message["op"] == "hello" else {"result": 1}}


if __name__ == "__main__":
    for line in sys.stdin:
        message = json.loads(line)
        reply = conformance_adapter(message)
        sys.stdout.write(json.dumps({**reply, "seq": message.get("seq")}) + "\\n")
        sys.stdout.flush()
"""

SPECIFICATION = """> **`speed.item`** — must · directive · source: decision
> An item costs little.
"""

CASE = """
- id: speed/case-{number}
  clause: speed.item
  title: An item costs little.
  origin: spec
  files:
    page.jsx: |
      export async function actions(list) {{
        'use server'
        return list.map(item => item + {number})
      }}
  run: {{entry: 'page.jsx#actions', client: 'export default () => 1', result: 1}}
"""


def write_items(folder: Path, count: int) -> Path:
    """A corpus of `count` cases."""
    chapter = folder / f"corpus-{count}" / "speed"
    chapter.mkdir(parents=True)
    for first in range(0, count, PER_FILE):
        cases = "".join(CASE.format(number=n) for n in range(first, min(first + PER_FILE, count)))
        (chapter / f"from-{first}.yaml").write_text(cases, encoding="utf-8")
    return chapter.parent


def commands(folder: Path) -> dict[str, list[str]]:
    """What is measured: the arguments of pytest, without the corpus."""
    adapter = f"{sys.executable} {folder / 'instant.py'}"
    suite = [f"--specification={folder / 'SPEC.md'}", "--color=no"]
    return {
        "floor": ["-p", "floor", "-p", "no:use-server-conformance"],
        "in process": [*suite, "--impl=instant"],
        "pipe": [*suite, f"--impl=cmd:{adapter}"],
        "pipe, one at a time": [*suite, "-p", "one_at_a_time", f"--impl=cmd:{adapter}"],
        "in process, no cache": [*suite, "-p", "no_cache", "--impl=instant"],
    }


def seconds(folder: Path, arguments: list[str], corpus: Path) -> float:
    """How long one run takes."""
    place = [str(corpus)] if "floor" in arguments else [f"--corpus={corpus}"]
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pytest", *QUIET, f"--rootdir={folder}", *arguments, *place],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def measure(folder: Path, items: int) -> dict[str, float]:
    """The cost of an item in seconds, by program; programs take turns."""
    few, many = write_items(folder, items // 2), write_items(folder, items)
    programs = commands(folder)
    best = {name: [float("inf"), float("inf")] for name in programs}
    for _ in range(ROUNDS):
        for name, arguments in programs.items():
            for index, corpus in enumerate((few, many)):
                best[name][index] = min(best[name][index], seconds(folder, arguments, corpus))
    return {name: (most - least) / (items - items // 2) for name, (least, most) in best.items()}


def main(items: int) -> int:
    """Print the table; 1 when a target is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "floor.py").write_text(FLOOR, encoding="utf-8")
        (folder / "instant.py").write_text(ADAPTER, encoding="utf-8")
        (folder / "one_at_a_time.py").write_text(
            "from conformance.transports import Stdio\n\nStdio.window = 1\n", encoding="utf-8"
        )
        (folder / "no_cache.py").write_text(
            "from conformance import parsed\n\nparsed._folder = lambda: None\n", encoding="utf-8"
        )
        (folder / "SPEC.md").write_text(SPECIFICATION, encoding="utf-8")
        costs = measure(folder, items)
    print(f"{items} items, best of {ROUNDS} rounds")
    print(f"{'':24}{'ms per item':>12}{'x floor':>10}{'target':>10}")
    missed = 0
    for label, cost in costs.items():
        ratio, target = cost / costs["floor"], TARGETS.get(label)
        shown = f"≤ {target:g}" if target else ""
        print(f"{label:24}{cost * 1000:12.2f}{ratio:10.2f}{shown:>10}")
        missed += bool(target and ratio > target)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
