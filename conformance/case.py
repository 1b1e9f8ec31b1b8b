"""A case: one small program and what every implementation has to show about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.observations import OBSERVATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.choices import Choice
    from conformance.observations.observation import Observation
    from conformance.problems import Place
    from conformance.written import Written

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)+")
POLARITIES = ("positive", "negative")
#: The origins that need no more than their name, and what the others carry.
ORIGINS: Mapping[str, frozenset[str]] = {
    "seed": frozenset({"seed", "block"}),
    "issue": frozenset({"issue"}),
    "divergence": frozenset({"divergence"}),
    "cve": frozenset({"cve"}),
    "fuzz": frozenset({"fuzz"}),
    "mutant": frozenset({"mutant"}),
}
PLAIN_ORIGINS = ("spec", "decision")
SEEDS = ("react", "next")

REQUIRED = ("id", "clause", "title", "origin")
FIELDS = frozenset({*REQUIRED, "files", "requires", "polarity", *OBSERVATIONS})


@dataclass(frozen=True, slots=True)
class Case:
    """What an author wrote, checked."""

    id: str
    clause: str
    title: str
    origin: str
    files: Mapping[str, str]
    #: For each choice named, the options of implementations that the case applies to.
    requires: Mapping[str, tuple[str, ...]]
    polarity: str
    observations: tuple[Observation, ...]
    place: Place


def read_case(written: Written, choices: Mapping[str, Choice]) -> Case:
    """The case written at one place."""
    fields = written.fields(FIELDS, required=REQUIRED)
    observations = tuple(
        kind.read(fields[name]) for name, kind in OBSERVATIONS.items() if name in fields
    )
    if not observations:
        names = ", ".join(OBSERVATIONS)
        written.refuse("no-observation", f"the case observes nothing; it needs one of {names}")
    if "files" not in fields and any(point.needs_project for point in observations):
        written.refuse("missing-field", "the field 'files' is missing")
    return Case(
        _read_id(fields["id"]),
        fields["clause"].text(),
        fields["title"].text(),
        _read_origin(fields["origin"]),
        _read_files(fields["files"]) if "files" in fields else {},
        _read_requires(fields["requires"], choices) if "requires" in fields else {},
        _polarity(fields.get("polarity"), observations),
        observations,
        written.place,
    )


def _read_id(written: Written) -> str:
    found = written.text()
    if not ID.fullmatch(found):
        fix = "write lower-case words joined by - and /, as in directive/quotes/single"
        written.refuse("invalid-value", f"{found!r} is no id", fix)
    return found


def _read_origin(written: Written) -> str:
    """Where a case comes from, on one line."""
    if not written.is_mapping:
        return written.one_of(PLAIN_ORIGINS)
    entries = dict(written.entries())
    kind = next((name for name in entries if name in ORIGINS), None)
    if kind is None:
        known = ", ".join([*PLAIN_ORIGINS, *ORIGINS])
        written.refuse("invalid-value", f"the origin is none of {known}")
    fields = written.fields(ORIGINS[kind], required=ORIGINS[kind])
    if kind == "seed":
        return f"seed {fields['seed'].one_of(SEEDS)}, block {fields['block'].integer()}"
    if kind == "fuzz":
        return f"fuzz seed {fields['fuzz'].integer()}"
    return f"{kind} {fields[kind].text()}"


def _read_files(written: Written) -> dict[str, str]:
    files: dict[str, str] = {}
    for path, field in written.entries():
        if not path or path.startswith("/") or ".." in path.split("/") or "\\" in path:
            reason = f"{path!r} is no path inside a project"
            field.refuse("invalid-value", reason, "write it relative to the project, with /")
        files[path] = field.text()
    if not files:
        written.refuse("missing-field", "the case has no files")
    return files


def _read_requires(written: Written, choices: Mapping[str, Choice]) -> dict[str, tuple[str, ...]]:
    requires: dict[str, tuple[str, ...]] = {}
    for name, field in written.entries():
        if name not in choices:
            known = ", ".join(choices)
            field.refuse("unknown-choice", f"the choice {name!r} is unknown; known are {known}")
        options = field.items() if field.is_list else [field]
        requires[name] = tuple(option.one_of(choices[name].options) for option in options)
    return requires


def _polarity(written: Written | None, observations: tuple[Observation, ...]) -> str:
    if written is not None:
        return written.one_of(POLARITIES)
    return "negative" if any(point.rejects for point in observations) else "positive"
