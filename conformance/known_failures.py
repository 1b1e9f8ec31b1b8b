"""Lists of known failures: what an implementation is known to get wrong, how, and why.

Rules of this module:

* An entry holds for one observation point of one case and says how it fails: the verdict and its
  code. Failing in another way is news, and so is passing.
* Reasons are written by people. An updated list keeps them, and a new entry has a reason that the
  lint refuses until somebody explains it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import yaml

from conformance import yaml_source
from conformance.observations import OBSERVATIONS
from conformance.problems import Problem, Refused
from conformance.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KIND = "known-failures"
VERDICTS = ("fail", "crash", "timeout")
UNEXPLAINED = "TO BE EXPLAINED"
REQUIRED = ("case", "observation", "clause", "verdict", "code", "reason")
#: `evidence` and `upstream` are for the reader: how it was shown, and where it is being discussed.
FIELDS = frozenset({*REQUIRED, "evidence", "upstream"})

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """One entry of a list."""

    case: str
    observation: str
    clause: str
    verdict: str
    code: str
    reason: str
    evidence: str | None = None
    upstream: str | None = None
    line: int = 0

    @property
    def key(self) -> Key:
        """What the entry is about."""
        return self.case, self.observation


def load(path: Path) -> tuple[dict[Key, KnownFailure], list[Problem]]:
    """The entries of a list and what is wrong with the others."""
    shown = str(path)
    entries: dict[Key, KnownFailure] = {}
    problems: list[Problem] = []
    if not path.exists():
        return entries, problems
    try:
        node = yaml_source.compose(yaml_source.read_text(path, shown, KIND), shown, KIND)
        items = [] if node is None else Written(node, shown, KIND).items()
    except Refused as refused:
        return {}, [refused.problem]
    for item in items:
        try:
            entry = _read_entry(item)
        except Refused as refused:
            problems.append(refused.problem)
            continue
        if entry.key in entries:
            message = f"{entry.case} [{entry.observation}] is listed twice"
            problems.append(Problem(f"{KIND}.duplicate", message, item.place))
        entries[entry.key] = entry
    return entries, problems


def _read_entry(written: Written) -> KnownFailure:
    fields = written.fields(FIELDS, required=REQUIRED)
    return KnownFailure(
        fields["case"].text(),
        fields["observation"].one_of(OBSERVATIONS),
        fields["clause"].text(),
        fields["verdict"].one_of(VERDICTS),
        fields["code"].text(),
        fields["reason"].text().strip(),
        fields["evidence"].text() if "evidence" in fields else None,
        fields["upstream"].text() if "upstream" in fields else None,
        written.place.line or 0,
    )


def updated(
    entries: dict[Key, KnownFailure], failures: Iterable[KnownFailure]
) -> list[KnownFailure]:
    """The list after a complete run that failed in `failures`: reasons kept, the rest replaced."""
    found = sorted(failures, key=lambda failure: failure.key)
    return [_merged(entries.get(failure.key), failure) for failure in found]


def _merged(old: KnownFailure | None, new: KnownFailure) -> KnownFailure:
    if old is None or (old.verdict, old.code) != (new.verdict, new.code):
        return new
    return replace(old, clause=new.clause)


def write(path: Path, entries: Iterable[KnownFailure]) -> None:
    """Replace the list in a file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(map(_entry_text, entries)) or "[]\n", encoding="utf-8")


def _entry_text(entry: KnownFailure) -> str:
    mapping = yaml.MappingNode(yaml_source.MAPPING, [], flow_style=False)
    for name in (*REQUIRED, "evidence", "upstream"):
        if (content := getattr(entry, name)) is not None:
            key = yaml.ScalarNode(yaml_source.STRING, name)
            mapping.value.append((key, yaml.ScalarNode(yaml_source.STRING, content)))
    return yaml_source.write(yaml.SequenceNode(yaml_source.SEQUENCE, [mapping], flow_style=False))
