"""What answers make of the requests they answer: `dispatch` and `forms` expect just these answers.

Rules of this module:

* A refusal is expected with the first part of its code, as everywhere.
* Of headers, only what SPEC.md says of answers is expected, and only where the answer has it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.observations.answers import Answer, Expectation, decoded
from conformance.observations.observation import Rejection
from conformance.protocol import Ok

if TYPE_CHECKING:
    from conformance.observations import Dispatch, Forms
    from conformance.observations.dispatch import Step
    from conformance.observations.forms import Submission
    from conformance.protocol import JSON

#: What the headers of an answer show, and what they must not.
SHOWN = {"cache-control": "no-store", "vary": "origin", "x-content-type-options": "nosniff"}
LACKED = {"content-type": "html"}


def answered_requests(point: Dispatch, answer: Ok) -> Dispatch:
    """The requests, with what each was answered."""
    pairs = zip(point.steps, answer.value["answers"], strict=True)
    return replace(point, steps=tuple(_step(step, said) for step, said in pairs))


def answered_submissions(point: Forms, answer: Ok) -> Forms:
    """The submissions, with what each was answered."""
    pairs = zip(point.submissions, answer.value["answers"], strict=True)
    return replace(point, submissions=tuple(_submission(item, said) for item, said in pairs))


def _step(step: Step, said: JSON) -> Step:
    return replace(step, expected=_expected(step.expected, said))


def _submission(item: Submission, said: JSON) -> Submission:
    states = (decoded(said["states"]),) if said.get("states") else ()
    expected = _expected(item.expected, said)
    return replace(item, expected=expected, states=states, url=said.get("url"))


def _expected(before: Expectation, said: JSON) -> Expectation:
    """What is expected of the answer; what it has to hide is known before."""
    answer = Answer.read(said)
    headers = {name: str(value).lower() for name, value in answer.sent[1].items()}
    outcome = answer.outcome
    rejection, result = None, None
    if isinstance(outcome, Ok):
        result = decoded(outcome.value)
    else:
        rejection = Rejection((outcome.phase,), (outcome.code.partition(".")[0],))
    return replace(
        before,
        rejection=rejection,
        result=result,
        ran=() if answer.watched is None else (decoded(answer.watched),),
        shows={name: (text,) for name, text in SHOWN.items() if text in headers.get(name, "")},
        lacks={
            name: (text,) for name, text in LACKED.items() if text not in headers.get(name, text)
        },
    )
