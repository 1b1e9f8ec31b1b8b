"""The end of a run: whether it was a whole one, what is wrong with it, and what is written down.

Rules of this module:

* A run that left anything out is partial, and says what it left out.
* Lists of known failures are rewritten only after a run that was whole; reasons are kept.
"""

from __future__ import annotations

import subprocess
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

import spec
from conformance import known_failures, objections, results
from conformance.known_failures import UNEXPLAINED, KnownFailure
from conformance.verdict import NOT_RUN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.results import Document, Record
    from conformance.runner import Runner

#: Options of pytest itself that leave something out.
NARROWING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise")
FINISHED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
VERSION_SECONDS = 20.0


def partial(runner: Runner, session: pytest.Session) -> list[str]:
    """What the run left out; nothing when every case was asked of every implementation."""
    return list(_left_out(runner, session))


def _left_out(runner: Runner, session: pytest.Session) -> Iterator[str]:
    option = runner.config.option
    here = runner.config.invocation_params.dir
    places = {(here / argument).resolve() for argument in runner.config.args}
    narrowing = any(getattr(option, name, None) for name in NARROWING)
    if runner.selection or runner.narrowed or narrowing:
        yield "only a selection of the cases was asked for"
    if not any(runner.root.is_relative_to(place) for place in places):
        yield "only a part of the corpus was collected"
    if option.collectonly:
        yield "nothing was run"
    if session.shouldstop or session.shouldfail or session.exitstatus not in FINISHED:
        yield "the run was stopped"
    if runner.problems:
        yield "the corpus has problems"
    not_run = {r["implementation"] for r in runner.records if r["verdict"] == NOT_RUN}
    for conversation in runner.conversations:
        implementation = conversation.implementation
        if implementation.label in not_run:
            yield f"{implementation.label} did not start"
        if implementation.problem:
            yield f"{implementation.label} could not be asked: {implementation.problem}"


def objections_to(runner: Runner) -> Iterator[str]:
    """What is wrong with a whole run, though every item has its verdict."""
    yield from objections.unmet_known_failures(runner.conversations, runner.records)
    yield from objections.unused_capabilities(runner.implementations, runner.records)
    yield from objections.unfounded_choices(runner.implementations, runner.records)


def update_known_failures(runner: Runner, left_out: list[str]) -> None:
    """Rewrite the lists, if what was seen is everything."""
    if left_out:
        reason = "; ".join(left_out)
        runner.objections.append(
            f"known failures were not updated: the run was not complete ({reason})"
        )
        return
    for conversation in runner.conversations:
        if (path := conversation.known_path) is None:
            continue
        own = results.of(conversation.implementation.label, runner.records)
        failures = [_failure(record) for record in own if "listed_as" in record]
        entries = known_failures.updated(dict(conversation.known), failures)
        known_failures.write(path, entries)
        runner.notes.append(f"wrote {len(entries)} known failures to {path}")


def _failure(record: Record) -> KnownFailure:
    return KnownFailure(
        record["case"],
        record["observation"],
        record["clause"],
        record["listed_as"],
        record["code"],
        UNEXPLAINED,
    )


def document_of(runner: Runner, left_out: list[str]) -> Document:
    """The run as a sealed document."""
    run = results.Run(
        runner.root,
        runner.config.option.specification or spec.path("SPEC.md"),
        {c.implementation.label: _facts(runner, c.implementation) for c in runner.conversations},
        tuple(left_out),
        tuple(runner.problems),
        tuple(runner.objections),
        _node_version(runner),
    )
    timings = {
        "began": datetime.fromtimestamp(runner.began, UTC).isoformat(timespec="seconds"),
        "seconds": round(time.time() - runner.began, 3),
    }
    return results.document_of(run, runner.records, timings)


def _facts(runner: Runner, implementation: Any) -> dict[str, Any]:
    """How an implementation introduced itself, and what it was made of."""
    return {**runner.implementations.get(implementation.label, {}), **implementation.seals()}


def _node_version(runner: Runner) -> str | None:
    """The version of Node.js, where an adapter runs in it."""
    programs = [conversation.implementation.interpreter for conversation in runner.conversations]
    node = next((program for program in programs if program and program.endswith("node")), None)
    if node is None:
        return None
    try:
        shown = subprocess.run(  # noqa: S603  (the interpreter that ran the adapter)
            [node, "--version"],
            capture_output=True,
            text=True,
            timeout=VERSION_SECONDS,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return shown.strip() or None
