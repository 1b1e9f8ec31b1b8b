"""Every implementation of the catalogue, one sealed results file each, and the interop grid.

Rules of this module:

* Each run is a process of its own: what one implementation does to memory, threads or files is not
  felt by the next, and as many run at once as there are jobs.
* A run that fails does not stop the others. What failed is said at the end, with the place of its log.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.implementation import REFERENCE
from conformance.implementations import catalogue
from conformance.problems import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

GRID = "interop-grid.json"


@dataclass(frozen=True, slots=True)
class Run:
    """One run that has ended."""

    name: str
    status: int
    seconds: float
    log: Path

    @property
    def told(self) -> str:
        """The run on one line."""
        if self.status == 0:
            return f"{self.name}: {self.seconds:.0f} s"
        return f"{self.name}: {self.seconds:.0f} s, status {self.status}, see {self.log}"


def names(*, opt_in: bool = False) -> list[str]:
    """The reference, and every version in the catalogue that can be driven, opt-in ones if so wanted.

    Those that run programs take longest and come first, so that nobody waits for the last of them.
    """
    manifests = sorted(
        catalogue.manifests(), key=lambda manifest: "run" not in manifest.capabilities
    )
    versions = [
        f"{manifest.name}@{version}"
        for manifest in manifests
        for version in (manifest.versions if opt_in else manifest.ordinary)
    ]
    return [REFERENCE, *versions]


def run(wanted: Sequence[str], folder: Path, jobs: int) -> Iterator[Run]:
    """Run the suite for each name; a run is yielded when it has ended."""
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(jobs) as pool:
        started = [pool.submit(_run, name, folder) for name in wanted]
        for future in as_completed(started):
            yield future.result()


def _run(name: str, folder: Path) -> Run:
    file = re.sub(r"[^\w@.+-]+", "-", name)
    report = ["--report", str(folder / f"{file}.json")]
    options = ["-q", "--tb=no", "--no-color", f"--impl={name}", *report]
    return _logged(name, ["run", *options], folder / "logs" / f"{file}.log")


def run_grid(folder: Path) -> Run:
    """Let all who speak Flight speak with each other."""
    return _logged(GRID, ["interop", "-o", str(folder / GRID)], folder / "logs" / f"{GRID}.log")


def _logged(name: str, words: Iterable[str], log: Path) -> Run:
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with log.open("wb") as output:
        status = subprocess.run(  # noqa: S603  (this very program)
            [sys.executable, "-m", "conformance", *words],
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    return Run(name, status, time.monotonic() - began, log)


def summary(runs: Sequence[Run], seconds: float) -> str:
    """The last line."""
    failed = [run.name for run in runs if run.status]
    bad = f"; not as listed: {', '.join(failed)}" if failed else ""
    return f"{plural(len(runs), 'run')} in {seconds:.0f} s{bad}"
