"""The corpus as pytest sees it: a file of cases, and an item per observation point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance import verdict
from conformance.explanation import explain
from conformance.verdict import KNOWN_FAILURE, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from _pytest._code.code import ExceptionInfo, TerminalRepr

    from conformance.case import Case
    from conformance.conversation import Conversation
    from conformance.observations.observation import Observation
    from conformance.problems import Problem
    from conformance.runner import Runner


class Failed(Exception):  # noqa: N818  (a verdict, not an error of ours)
    """An observation point whose verdict makes the run fail."""


class CorpusFile(pytest.File):
    """A YAML file of cases."""

    def __init__(self, *, runner: Runner, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.runner = runner

    def collect(self) -> Iterator[pytest.Item]:
        """The problems of the file, then an item for each point of each case and implementation."""
        found = self.runner.reader.read(self.path)
        for problem in found.problems:
            yield self.problem(problem)
        for case in found.cases:
            repeated = case.id in self.runner.index.places
            for problem in self.runner.index.problems([case]):
                yield self.problem(problem)
            if not repeated:
                yield from self.points(case)

    def problem(self, problem: Problem) -> pytest.Item:
        """An item that fails with a problem."""
        line = f"[line {problem.place.line}]" if problem.place.line else ""
        name = f"{problem.code}{line}"
        item: pytest.Item = ProblemItem.from_parent(self, name=name, problem=problem)
        return item

    def points(self, case: Case) -> Iterator[pytest.Item]:
        """The items of a case."""
        several = len(self.runner.conversations) > 1
        for observation in case.observations:
            for conversation in self.runner.conversations:
                suffix = f"-{conversation.implementation.label}" if several else ""
                name = f"{case.id}[{observation.name}{suffix}]"
                item: pytest.Item = PointItem.from_parent(
                    self, name=name, case=case, observation=observation, conversation=conversation
                )
                yield item


class ProblemItem(pytest.Item):
    """Something in the corpus that cannot be run, as an item that fails and says so."""

    def __init__(self, *, problem: Problem, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.problem = problem
        self.nodeid_line = (problem.place.line or 1) - 1

    def runtest(self) -> None:
        """Fail."""
        raise Failed

    def repr_failure(
        self,
        excinfo: ExceptionInfo[BaseException],  # noqa: ARG002  (it says nothing)
        style: Any = None,  # noqa: ARG002  (there is one style)
    ) -> str:
        """The problem on its line."""
        return str(self.problem)

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Where the problem is."""
        return self.path, self.nodeid_line, self.name


class PointItem(pytest.Item):
    """One observation point of one case, asked of one implementation."""

    def __init__(
        self, *, case: Case, observation: Observation, conversation: Conversation, **arguments: Any
    ) -> None:
        super().__init__(**arguments)
        self.case = case
        self.observation = observation
        self.conversation = conversation
        self.verdict: Verdict | None = None

    def runtest(self) -> None:
        """Ask and judge."""
        self.verdict = self.conversation.observe(self.case, self.observation)
        if self.verdict.is_bad:
            raise Failed
        if self.verdict.kind == KNOWN_FAILURE:
            pytest.xfail(self.verdict.summary)
        if self.verdict.kind != verdict.PASS:
            pytest.skip(f"{self.verdict.kind}: {self.verdict.summary}")

    def repr_failure(
        self, excinfo: ExceptionInfo[BaseException], style: Any = None
    ) -> str | TerminalRepr:
        """What a person needs to understand the verdict and to see it again."""
        if self.verdict is not None and isinstance(excinfo.value, Failed):
            return explain(self)
        if self.verdict is not None and isinstance(excinfo.value, pytest.xfail.Exception):
            # Nobody is shown it, and making a traceback takes as long as ten points.
            return self.verdict.summary
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Where the case is written."""
        return self.path, (self.case.place.line or 1) - 1, self.name
