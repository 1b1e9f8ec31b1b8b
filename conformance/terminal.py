"""What people at a terminal see at the end of a run.

Rules of this module:

* The ten most instructive failures are shown whole, the others on a line each. `-v` shows all of
  them whole, `-q` none.
* The counts come last, where the eye is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance import instructive
from conformance.instructive import Lesson
from conformance.problems import plural

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from _pytest.terminal import TerminalReporter

    from conformance.results import Record
    from conformance.runner import Runner


class Ending:
    """Decides which failures pytest shows, before it does."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: TerminalReporter
    ) -> Generator[None, None, None]:
        """Show the most instructive first; let pytest count all of them in the end."""
        failed = terminalreporter.stats.get("failed", [])
        ours = [report for report in failed if hasattr(report, "conformance")]
        others = [report for report in failed if not hasattr(report, "conformance")]
        option = terminalreporter.config.option
        whole, untold = _divided(ours, -1 if option.tbstyle == "no" else option.verbose)
        self.runner.untold += _lines(untold, more=bool(whole))
        if failed:
            terminalreporter.stats["failed"] = [*others, *whole]
        if not others:
            terminalreporter.reportchars = terminalreporter.reportchars.replace("f", "")
        yield
        if failed:
            terminalreporter.stats["failed"] = failed


def _divided(
    reports: list[pytest.TestReport], verbosity: int
) -> tuple[list[pytest.TestReport], list[pytest.TestReport]]:
    """The failures that are shown whole, and the others."""
    shown = len(reports) if verbosity > 0 else 0 if verbosity < 0 else instructive.SHOWN
    ordered = instructive.ordered(reports, _lesson_of)
    return ordered[:shown], ordered[shown:]


def _lines(reports: list[pytest.TestReport], *, more: bool) -> Iterator[str]:
    if not reports:
        return
    yield f"{plural(len(reports), 'more failure' if more else 'failure')}; -v shows each whole"
    for report in reports:
        record = _record(report)
        yield f"  {record['verdict']:8} {report.location[2]}  {record.get('code', '')}".rstrip()
    yield ""


def _record(report: pytest.TestReport) -> Record:
    record: Record = report.conformance  # the runner put it there
    return record


def _lesson_of(report: pytest.TestReport) -> Lesson:
    record = _record(report)
    return Lesson(record["clause"], record["level"], record["size"])
