"""The choices that an answer depends on: who declares another option is not judged by it.

The rule of this module: an example tells what it depends on by the clauses it exercises, an answer
by the diagnostics it has, and a refusal by its code, where that is the name of a choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.observations import Compile
from conformance.protocol import Ok, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.fuzz.example import Example
    from conformance.observations.observation import Observation

#: By the clauses that an example exercises.
DEPENDS = {
    "export.re-export": "re-export",
    "export.imported": "re-export",
    "export.star": "re-export",
    "export.namespace": "re-export",
    "export.function": "export-not-async",
    "export.async": "export-not-async",
    "export.evident": "export-not-async",
    "export.async-generator": "async-generator",
    "function.async-generator": "async-generator",
    "capture.snapshot": "capture-snapshot",
    "value.stream.bytes": "wire-profile",
    "capture.contents": "capture-snapshot",
    "function.inline": "inline-directive",
    "call.order.sequential": "dispatch-order",
}
#: Of what is only warned of, others may say nothing; who makes it an error refuses the program.
MISPLACED, NO_ERROR = "misplaced-directive", ("warning", "inert")


def requirements(
    example: Example,
    point: Observation,
    answer: Ok | Rejected | None,
    declared: Mapping[str, str],
) -> dict[str, tuple[str, ...]]:
    """The options that the subject must have declared, by choice."""
    choices = {DEPENDS[clause] for clause in example.clauses & DEPENDS.keys()}
    needed: dict[str, tuple[str, ...]] = {
        choice: (declared[choice],) for choice in sorted(choices & declared.keys())
    }
    if isinstance(answer, Rejected) and answer.code in declared:
        needed[answer.code] = (declared[answer.code],)
    files = answer.value if isinstance(point, Compile) and isinstance(answer, Ok) else {}
    if any(file["diagnostics"] for file in files.values()):
        needed[MISPLACED] = NO_ERROR
    return needed
