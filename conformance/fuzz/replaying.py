"""Putting the cases of a file to an implementation again, as the corpus would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import choices, corpus, specification
from conformance.conversation import Conversation
from conformance.implementation import find

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def lines(path: Path, implementation: str) -> Iterator[tuple[bool, str]]:
    """For each point whether it is bad, and a line about it."""
    known_choices = choices.load()
    spec = specification.load(None)
    conversation = Conversation(find(implementation), known_choices, spec, {})
    found = corpus.read_file(path, known_choices)
    for problem in found.problems:
        yield True, str(problem)
    try:
        for case in found.cases:
            for point in case.observations:
                verdict = conversation.observe(case, point)
                told = f"{verdict.kind} {verdict.code}".rstrip()
                yield verdict.is_bad, f"{case.id}[{point.name}]: {told} {verdict.summary}".rstrip()
    finally:
        conversation.stop()
