"""Where the specification leaves a choice: its id, its options, and what each of them means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import spec
from conformance import yaml_source
from conformance.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND = "choices"


@dataclass(frozen=True, slots=True)
class Choice:
    """One question the specification leaves open, and its named answers."""

    id: str
    question: str
    options: Mapping[str, str]


def load(shown: str = "spec/choices.yaml") -> dict[str, Choice]:
    """The choices of the specification, by id."""
    text = yaml_source.read_text(spec.path("choices.yaml"), shown, KIND)
    node = yaml_source.compose(text, shown, KIND)
    assert node is not None, "choices.yaml is part of this package"
    return {name: _choice(name, field) for name, field in Written(node, shown, KIND).entries()}


def _choice(name: str, written: Written) -> Choice:
    fields = written.fields({"question", "options"}, required=("question", "options"))
    options = {option: meaning.text() for option, meaning in fields["options"].entries()}
    return Choice(name, fields["question"].text(), options)
