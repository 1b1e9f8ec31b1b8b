"""The runner: collects the corpus, asks, keeps what was seen, and sums up.

Rules of this module:

* A worker of pytest-xdist asks with its own adapters. The controller asks nothing: it learns the
  records from the reports, and who answered from what the workers leave behind.
* What is said of a run as a whole (the report, known failures that were not met, a capability that
  was declared and never used) is said once, by the controller, and only of a complete run.
"""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from conformance import (
    choices,
    conclusion,
    corpus,
    known_failures,
    parsed,
    results,
    specification,
    summary,
)
from conformance.conversation import Conversation, Limits
from conformance.implementation import UnknownImplementation, find_all
from conformance.items import CorpusFile, PointItem, ProblemItem
from conformance.plugin import asked_for_suite
from conformance.problems import Refused
from conformance.selection import Selection
from conformance.verdict import KNOWN_FAILURE

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from _pytest.terminal import TerminalReporter

    from conformance.results import Record
    from conformance.specification import Specification

WORDS = {"crash": "C", "timeout": "T", "unsupported": "u", "not-applicable": "n", "not-run": "-"}


@dataclass(slots=True, eq=False)
class Runner:
    """The plugin object of one pytest run."""

    config: pytest.Config
    root: Path
    specification: Specification
    reader: parsed.Reader
    conversations: list[Conversation]
    selection: Selection
    index: corpus.Index
    records: list[Record] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    implementations: dict[str, Any] = field(default_factory=dict)
    #: What is wrong with the run as a whole, a line each.
    objections: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: The failures that are not shown whole, a line each.
    untold: list[str] = field(default_factory=list)
    narrowed: bool = False
    began: float = field(default_factory=time.time)

    @classmethod
    def of(cls, config: pytest.Config) -> Runner:
        """The runner that the command line describes."""
        try:
            return _make(cls, config)
        except UnknownImplementation as unknown:
            raise pytest.UsageError(str(unknown)) from None
        except Refused as refused:
            raise pytest.UsageError(str(refused.problem)) from None

    # Collecting

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> CorpusFile | None:
        """A YAML file below the root of the corpus."""
        if file_path.suffix not in corpus.SUFFIXES or not file_path.is_relative_to(self.root):
            return None
        found: CorpusFile = CorpusFile.from_parent(parent, path=file_path, runner=self)
        return found

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what was not asked for."""
        if not self.selection:
            return
        kept = [item for item in items if self.takes(item)]
        if len(kept) < len(items):
            taken = set(map(id, kept))
            left = [item for item in items if id(item) not in taken]
            self.config.hook.pytest_deselected(items=left)
            items[:] = kept

    def takes(self, item: pytest.Item) -> bool:
        """Whether an item was asked for; a problem is nobody's case."""
        if not isinstance(item, PointItem):
            return not isinstance(item, ProblemItem)
        return self.selection.takes(item.case, self.specification.clauses.get(item.case.clause))

    def pytest_deselected(self) -> None:
        """Remember that the run is not complete."""
        self.narrowed = True

    # Running

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell each conversation what comes; a worker of pytest-xdist is told piece by piece."""
        if not hasattr(self.config, "workerinput"):
            for item in session.items:
                _announce(item)

    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:  # noqa: ARG002  (a hook is called by names)
        """Tell the conversation what comes next, where it does not know."""
        if hasattr(self.config, "workerinput"):
            _announce(nextitem)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Let the report carry the record, so that it reaches the controller and JUnit."""
        made = yield
        if call.when == "call" and isinstance(item, PointItem) and item.verdict:
            record = results.record_of(item, corpus.chapter_of(item.path, self.root))
            made.conformance = record  # type: ignore[attr-defined]  # pytest serialises what is added
            item.user_properties.extend(results.properties_of(record))
            if made.skipped and item.verdict.kind != KNOWN_FAILURE:
                made.longrepr = (
                    str(item.path),
                    item.case.place.line or 1,
                    str(call.excinfo.value) if call.excinfo else "",
                )
        elif call.when == "call" and isinstance(item, ProblemItem):
            made.conformance_problem = str(item.problem)  # type: ignore[attr-defined]  # likewise
        return made

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the record of an item, whoever ran it."""
        if record := getattr(report, "conformance", None):
            self.records.append(record)
        if problem := getattr(report, "conformance_problem", None):
            self.problems.append(problem)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Name what pytest would call failed or skipped by its verdict."""
        record = getattr(report, "conformance", None)
        if record is None or (letter := WORDS.get(record["verdict"])) is None:
            return None
        category = "failed" if report.failed else record["verdict"]
        return category, letter, record["verdict"].upper()

    # Summing up

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Learn from a worker who answered."""
        output = getattr(node, "workeroutput", {})
        for label, introduced in output.get("conformance", {}).items():
            known = self.implementations.setdefault(label, introduced)
            if known != introduced:
                self.objections.append(f"{label}: introduces itself differently to each worker")
        self.narrowed = self.narrowed or output.get("conformance_narrowed", True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End the adapters; on the controller, look at the run as a whole."""
        for conversation in self.conversations:
            conversation.stop()
            if conversation.hello:
                label = conversation.implementation.label
                self.implementations[label] = conversation.hello.as_json()
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["conformance"] = self.implementations
            output["conformance_narrowed"] = self.narrowed
            return
        self.conclude(session)

    def conclude(self, session: pytest.Session) -> None:
        """What can be said only of the whole run."""
        labels = [conversation.implementation.label for conversation in self.conversations]
        self.implementations = {label: self.implementations.get(label, {}) for label in labels}
        partial = conclusion.partial(self, session)
        if not partial:
            self.objections += conclusion.objections_to(self)
        if self.config.option.update_known_failures:
            conclusion.update_known_failures(self, partial)
        if path := self.config.option.report:
            results.write(path, conclusion.document_of(self, partial))
        if self.objections and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """The failures that were not shown whole, the counts, and what is wrong with the run."""
        terminalreporter.section("conformance")
        counts = summary.lines(self.records, self.implementations, self.problems)
        for line in (*self.untold, *counts, *self.objections, *self.notes):
            terminalreporter.write_line(line)


def _announce(item: pytest.Item | None) -> None:
    if isinstance(item, PointItem):
        item.conversation.upcoming.append((item.case, item.observation))


def _make(kind: type[Runner], config: pytest.Config) -> Runner:
    option = config.option
    spec = specification.load(option.specification)
    known_choices = choices.load()
    root = corpus.folder(option.corpus or corpus.ROOT)
    if option.known_failures and len(option.impl) > 1:
        raise pytest.UsageError("--known-failures is for one --impl; the catalogue has its own")
    limits = Limits(
        case=option.case_timeout, start=option.start_timeout, strict=option.protocol_check
    )
    conversations: list[Conversation] = []
    found: list[str] = []
    for implementation in find_all(option.impl):
        rerun = (
            f"{option.rerun_command or _given(config)} --impl={shlex.quote(implementation.option)}"
        )
        conversation = Conversation(implementation, known_choices, spec, {}, limits, rerun)
        conversation.known_path = option.known_failures or implementation.known_failures
        if path := conversation.known_path:
            conversation.known, problems = known_failures.load(path)
            found += map(str, problems)
        conversations.append(conversation)
    _set_places(config, root)
    selection = Selection(
        tuple(option.conformance_case),
        tuple(option.conformance_clause),
        tuple(option.conformance_class),
        tuple(option.conformance_level),
    )
    index = corpus.Index(spec)
    runner = kind(config, root, spec, parsed.Reader(known_choices), conversations, selection, index)
    runner.objections += found
    return runner


def _set_places(config: pytest.Config, root: Path) -> None:
    """Collect the corpus when nothing else was named, or when it is not the one inside."""
    if config.args_source is not pytest.Config.ArgsSource.ARGS or (
        config.option.corpus and asked_for_suite(config.args, config.invocation_params.dir)
    ):
        config.args[:] = [str(root)]


def _given(config: pytest.Config) -> str:
    """The command that was given, as far as it does not choose what to run."""
    words = ["pytest"]
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        words += [argument for argument in config.args if "::" not in argument]
    for name in ("corpus", "specification", "known_failures"):
        if value := getattr(config.option, name):
            words.append(f"--{name.replace('_', '-')}={value}")
    return shlex.join(words)
