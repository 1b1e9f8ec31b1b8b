"""Judging: what one implementation's answer to one observation point is worth.

Rules of this module:

* This is the only place that turns what happened into a verdict.
* Seven things can be said of an answer, and they are never mixed: `pass`, `fail` (it answered, and
  not as the case expects), `crash` (it did not answer, or broke the protocol), `timeout`,
  `unsupported` (it said so), `not-applicable` (the case is for another declared choice) and
  `known-failure` (it fails exactly as it is listed to).
* `unexpected-pass` is a listed failure that passes; `not-run` is what could not be asked because
  the adapter never started. Both are visible and neither counts as a pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance import protocol
from conformance.protocol import Unsupported, Violation

if TYPE_CHECKING:
    from conformance.case import Case
    from conformance.known_failures import KnownFailure
    from conformance.observations.observation import Mismatch, Observation
    from conformance.protocol import JSON, Hello
    from conformance.transports import AdapterFailure

PASS = "pass"  # noqa: S105  (a verdict, not a password)
FAIL = "fail"
CRASH = "crash"
TIMEOUT = "timeout"
UNSUPPORTED = "unsupported"
NOT_APPLICABLE = "not-applicable"
KNOWN_FAILURE = "known-failure"
UNEXPECTED_PASS = "unexpected-pass"  # noqa: S105  (likewise)
NOT_RUN = "not-run"

VERDICTS = (
    PASS,
    FAIL,
    CRASH,
    TIMEOUT,
    UNSUPPORTED,
    NOT_APPLICABLE,
    KNOWN_FAILURE,
    UNEXPECTED_PASS,
    NOT_RUN,
)
#: What a known failure may be a failure by.
FAILURES = (FAIL, CRASH, TIMEOUT)
#: The verdicts that show something about the implementation.
TELLING = (PASS, *FAILURES, KNOWN_FAILURE, UNEXPECTED_PASS)
#: The verdicts that make a run fail.
BAD = (*FAILURES, UNEXPECTED_PASS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict with what is needed to understand it."""

    kind: str
    #: What exactly went wrong, stable from run to run.
    code: str = ""
    #: One line for people.
    summary: str = ""
    mismatch: Mismatch | None = None
    #: What the adapter said while it failed.
    output: str = ""
    fix: str | None = None

    #: For a known failure, the verdict it would be if it were not listed.
    listed_as: str | None = None

    @property
    def failed_as(self) -> str | None:
        """How a list of known failures names this verdict; None when it is no failure."""
        return self.listed_as or (self.kind if self.kind in FAILURES else None)

    @property
    def is_bad(self) -> bool:
        """Whether it makes the run fail."""
        return self.kind in BAD


def before_asking(case: Case, observation: Observation, hello: Hello) -> Verdict | None:
    """The verdict where there is no need to ask, by what the implementation says of itself."""
    for choice, options in case.requires.items():
        declared = hello.choices.get(choice)
        if declared not in options:
            other = f"it declares {declared}" if declared else "it declares nothing"
            summary = f"for {choice}: {' or '.join(options)}; {other}"
            return Verdict(NOT_APPLICABLE, summary=summary)
    for capability in sorted(observation.needs - hello.capabilities):
        return Verdict(UNSUPPORTED, summary=f"the capability {capability} is not declared")
    return None


def of_reply(observation: Observation, reply: JSON, hello: Hello, *, strict: bool) -> Verdict:
    """The verdict on a reply."""
    try:
        answer = protocol.read_reply(reply)
        if strict:
            protocol.check_schema(f"{observation.name}-reply", reply)
        if isinstance(answer, Unsupported):
            return Verdict(UNSUPPORTED, summary=answer.why)
        found = observation.judge(answer, hello)
    except Violation as violation:
        return Verdict(CRASH, "adapter.protocol", f"the reply breaks the protocol: {violation}")
    if isinstance(found, Unsupported):
        return Verdict(UNSUPPORTED, summary=found.why)
    if found is None:
        return Verdict(PASS)
    return Verdict(FAIL, found.code, found.summary, found)


def of_failure(failure: AdapterFailure) -> Verdict:
    """The verdict on an adapter that did not answer."""
    kind = TIMEOUT if failure.is_timeout else CRASH
    return Verdict(kind, failure.code, failure.message, output=failure.output, fix=failure.fix)


def with_known_failure(verdict: Verdict, known: KnownFailure | None) -> Verdict:
    """The verdict in view of what is listed for this case."""
    if known is None:
        return verdict
    if verdict.kind == PASS:
        summary = f"it is listed as a known failure ({known.reason}) and passes"
        fix = "take it off the list: --update-known-failures"
        return Verdict(UNEXPECTED_PASS, "unexpected-pass", summary, fix=fix)
    if verdict.kind not in FAILURES:
        return verdict
    if (verdict.kind, verdict.code) == (known.verdict, known.code):
        return replace(verdict, kind=KNOWN_FAILURE, summary=known.reason, listed_as=verdict.kind)
    listed = f"{known.verdict} {known.code}"
    seen = f"{verdict.kind} {verdict.code}"
    note = f"{verdict.summary}\n(it is a known failure by {listed}; this is {seen})"
    return replace(verdict, summary=note)
