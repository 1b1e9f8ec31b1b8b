"""The line at the foot of a terminal while a run goes on: how far, with what verdicts, at which case.

Rules of this module:

* It is for people who watch: a file or a log gets what pytest writes.
* The line never wraps and is gone when the run ends.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from conformance.verdict import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Generator

#: Seconds between two drawings: often enough to be alive, and cheap.
PAUSE = 0.05
ERASE_LINE = "\r\x1b[K"

Status = tuple[str, str, str]


def is_watched(config: pytest.Config) -> bool:
    """Whether somebody looks at a terminal and asked for neither more nor less than usual."""
    option = config.option
    return (
        option.verbose == 0
        and not option.collectonly
        and option.capture != "no"
        and sys.stdout.isatty()
        and os.environ.get("TERM") != "dumb"
    )


class Progress:
    """Takes the place of pytest's letters."""

    def __init__(self, config: pytest.Config) -> None:
        self.writer = config.get_terminal_writer()
        self.session: pytest.Session | None = None
        self.done = 0
        self.counts: Counter[str] = Counter()
        self.drawn = 0.0

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Know who counts the items."""
        self.session = session

    @property
    def total(self) -> int:
        """How much there is to do, as far as it is known."""
        return self.session.testscollected if self.session else 0

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, Status, Status]:
        """Leave the counting to pytest and write nothing."""
        category, _, _ = yield
        return category, "", ""

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:  # noqa: ARG002  (a hook is called by names)
        """An item begins."""
        if (now := time.monotonic()) - self.drawn > PAUSE:
            self.drawn = now
            self.draw(location[2])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """An item has its verdict."""
        record: dict[str, Any] | None = getattr(report, "conformance", None)
        if report.when == "call":
            self.done += 1
            self.counts[record["verdict"] if record else report.outcome] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Leave nothing behind."""
        self.writer.write(ERASE_LINE, flush=True)

    def draw(self, current: str) -> None:
        """Write the line over the one before."""
        line = self.line(current, self.writer.fullwidth - 1)
        self.writer.write(f"{ERASE_LINE}{line}", flush=True)

    def line(self, current: str, width: int) -> str:
        """How far, with what verdicts, and at which case; cut to the width of the terminal."""
        total = f"/{self.total}" if self.total else ""
        found = [f"{self.counts[kind]} {kind}" for kind in VERDICTS if self.counts[kind]]
        head = "  ".join([f"{self.done}{total}", *found])
        room = width - len(head) - 2
        if room < len(current) // 2:
            return f"{head[:width]}"
        return f"{head}  {current if len(current) <= room else current[: room - 1] + '…'}"
