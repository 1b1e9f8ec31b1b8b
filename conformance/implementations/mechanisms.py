"""Reasons that many known failures share, written once: `python -m conformance.implementations.mechanisms NAME@VERSION …`.

Rules of this module:

* A mechanism is what goes wrong in a piece of software that several implementations are made of. `mechanisms.yaml`
  says for which cases, in which implementations, and by which codes it is the reason; the first that fits counts.
* The command copies them into the lists. What no mechanism explains keeps the reason that stands in its list.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import known_failures, yaml_source
from conformance.implementations import catalogue
from conformance.known_failures import UNEXPLAINED, KnownFailure
from conformance.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FILE = Path(__file__).parent / "mechanisms.yaml"
FIELDS = ("cases", "in", "codes", "reason", "evidence")


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A reason, and for what it is one: patterns in which `*` stands for anything."""

    cases: tuple[str, ...]
    #: Of `name@version`.
    implementations: tuple[str, ...]
    codes: tuple[str, ...]
    reason: str
    evidence: str | None

    def explains(self, failure: KnownFailure, implementation: str) -> bool:
        """Whether it is the reason of a failure of `name@version`."""
        return (
            _fits(f"{failure.case}[{failure.observation}]", self.cases)
            and _fits(implementation, self.implementations)
            and _fits(failure.code, self.codes)
        )


def _fits(text: str, patterns: Iterable[str]) -> bool:
    # Brackets are no sets of characters here: they hold the observation point of a case.
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)


def load(path: Path = FILE) -> list[Mechanism]:
    """The mechanisms, in their order."""
    node = yaml_source.compose(
        yaml_source.read_text(path, path.name, known_failures.KIND), path.name, known_failures.KIND
    )
    return [] if node is None else [*map(_read, Written(node, path.name, "mechanisms").items())]


def _read(written: Written) -> Mechanism:
    fields = written.fields(FIELDS, required=("cases", "reason"))
    return Mechanism(
        fields["cases"].texts(),
        fields["in"].texts() if "in" in fields else ("*",),
        fields["codes"].texts() if "codes" in fields else ("*",),
        " ".join(fields["reason"].text().split()),
        " ".join(fields["evidence"].text().split()) if "evidence" in fields else None,
    )


def explained(
    failure: KnownFailure, implementation: str, mechanisms: Sequence[Mechanism]
) -> KnownFailure:
    """The failure with the reason and the evidence of its mechanism, if there is one."""
    for mechanism in mechanisms:
        if mechanism.explains(failure, implementation):
            return replace(failure, reason=mechanism.reason, evidence=mechanism.evidence)
    return failure


def explain(implementation: str) -> list[KnownFailure]:
    """Rewrite the list of `name@version`; what still has no reason."""
    name, _, version = implementation.partition("@")
    path = catalogue.FOLDER / name / version / catalogue.KNOWN_FAILURES
    entries, problems = known_failures.load(path)
    for problem in problems:
        raise SystemExit(str(problem))
    mechanisms = load()
    failures = [explained(entry, implementation, mechanisms) for entry in entries.values()]
    known_failures.write(path, failures)
    return [failure for failure in failures if UNEXPLAINED in failure.reason]


def main(implementations: Sequence[str]) -> None:
    """Explain the lists, and say what is left."""
    for implementation in implementations:
        for failure in explain(implementation):
            sys.stdout.write(
                f"{implementation}: {failure.case}[{failure.observation}] {failure.code}\n"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
