"""What an answer makes of a question: an observation point that expects just this answer.

Rules of this module:

* A refusal is expected with the first part of its code: how much further an implementation goes is
  its own. The codes of messages are compared as they are; who is coarse there says so.
* The message of an error is expected where the program has written it.
* Nothing is expected of the place of a diagnostic or of a refusal, unless the example is about
  places, nor of what the two have chosen to do differently: what is captured, and whether inert
  directives are spoken of.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance import notation
from conformance.fuzz.answered import answered_requests, answered_submissions
from conformance.fuzz.example import CANARY
from conformance.messages.canonical import canonical
from conformance.notation.model import Special, children, has_identity
from conformance.observations import Compile, Decode, Dispatch, Encode, Exposes, Forms, Run, Skew
from conformance.observations.compile import Diagnostic, File, Function
from conformance.observations.encode import message_of
from conformance.observations.observation import Rejection
from conformance.observations.run import result_of
from conformance.protocol import Ok, Rejected

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from conformance.notation import Value
    from conformance.observations.observation import Observation


GRANULARITY, MISPLACED = "capture-granularity", "misplaced-directive"


def expecting(
    point: Observation,
    answer: Ok | Rejected,
    *,
    differs: Collection[str] = (),
    places: bool = False,
) -> Observation | None:
    """The point that expects this answer; None where no case can.

    `differs`: the choices in which the subject is not like the one that answered. `places`: whether
    it has to name the same lines.
    """
    if isinstance(answer, Rejected):
        return _refused(point, answer, places=places)
    match point:
        case Run() | Skew():
            return replace(point, result=_without_messages(result_of(answer)))
        case Dispatch():
            return answered_requests(point, answer)
        case Forms():
            return answered_submissions(point, answer)
        case Compile():
            files = {
                path: _file(said, differs, places=places) for path, said in answer.value.items()
            }
            return replace(point, files=files)
        case Exposes():
            return replace(point, functions=tuple(answer.value["functions"]))
        case Decode():
            return replace(point, value=notation.decode(answer.value["value"]))
        case Encode():
            kind, body = message_of(answer.value)
            lines = canonical(point.surroundings["message"], kind, body)
            return replace(point, lines=tuple(lines))
    return point


def _without_messages(root: Value) -> Value:
    """A value in which errors have no messages but those of the program."""
    seen: set[int] = set()
    pending = [root]
    while pending:
        value = pending.pop()
        if has_identity(value) and id(value) not in seen:
            seen.add(id(value))
            pending.extend(children(value))
            if isinstance(value, Special) and CANARY not in value.fields.get("message", CANARY):
                del value.fields["message"]
    return root


def _refused(point: Observation, answer: Rejected, *, places: bool) -> Observation | None:
    code = answer.code if isinstance(point, Decode) else answer.code.partition(".")[0]
    place = (answer.file, answer.line) if places else (None, None)
    rejection = Rejection((answer.phase,), (code,), *place)
    match point:
        case Run() | Skew() | Compile() | Encode() | Decode():
            return replace(point, rejection=rejection)
    return None


def _file(said: Mapping[str, Any], differs: Collection[str], *, places: bool) -> File:
    diagnostics = tuple(
        Diagnostic(found["code"], found.get("line") if places else None)
        for found in said["diagnostics"]
    )
    return File(
        said["kind"],
        tuple(_function(function, differs) for function in said["functions"]),
        None if MISPLACED in differs else diagnostics,
    )


def _function(said: Mapping[str, Any], differs: Collection[str]) -> Function:
    captures = None if GRANULARITY in differs else said.get("captures")
    captured = None if captures is None else frozenset(captures)
    return Function(said["where"], (said["name"],), captured)
