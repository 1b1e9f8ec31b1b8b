"""A finding: one disagreement that was not known, with everything that can be printed of it.

Rules of this module:

* A finding is known if a known failure of the subject is of one of its clauses and fails alike.
* What might harm users of a released implementation is withheld: a message that makes it crash, hang
  or hold a function. Neither the message nor anything derived from it is kept; the seed is, so that
  whoever runs the campaign can tell the vendor.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.fuzz import printing
from conformance.fuzz.plan import Known
from conformance.implementation import REFERENCE
from conformance.verdict import CRASH, TIMEOUT

if TYPE_CHECKING:
    from conformance.conversation import Conversation
    from conformance.fuzz.differential import Disagreement
    from conformance.fuzz.plan import Plan

#: Targets whose examples hold what no implementation has written.
HANDWRITTEN = frozenset({"messages", "wire", "requests", "forms"})
#: What a decoder must never make of a message.
CALLABLE = ("!function", "!instance")


@dataclass(frozen=True, slots=True)
class Finding:
    """A disagreement that is ready to be looked at."""

    id: str
    signature: str
    clause: str
    features: frozenset[str]
    #: Where it was drawn: the seed of the campaign, the batch and the number in it.
    drawn: tuple[int, int, int]
    summary: str
    #: The case, ready to be put into the corpus, with both observations; None if it is withheld.
    text: str | None
    #: The reason of the known failure that it is another example of.
    reason: str | None = None

    @property
    def known(self) -> Known:
        """What makes another disagreement this one."""
        return Known(self.signature, self.features)

    @property
    def is_news(self) -> bool:
        """Whether nobody has explained it."""
        return self.reason is None


def finding_of(
    found: Disagreement, plan: Plan, subject: Conversation, batch: int, number: int
) -> Finding:
    """The finding that a disagreement is."""
    case, verdict = found.case, found.verdict
    clause = case.clause
    digest = hashlib.sha256(found.signature.encode() + case.clause.encode()).hexdigest()[:6]
    chapter, _, rest = clause.partition(".")
    name = f"{chapter}/fuzz/{rest.replace('.', '-') or chapter}-{digest}"
    withheld = is_withheld(found, plan)
    sentence = (
        subject.specification.clauses[clause].sentence
        if clause in subject.specification.clauses
        else ""
    )
    return Finding(
        name,
        found.signature,
        clause,
        found.example.features,
        (plan.seed, batch, number),
        "" if withheld else verdict.summary,
        None if withheld else printing.case_text(found, name, sentence, plan),
        known_reason(found, subject),
    )


def known_reason(found: Disagreement, subject: Conversation) -> str | None:
    """Why the subject is known to fail like this, if it is."""
    (point,) = found.case.observations
    verdict = found.verdict
    for failure in subject.known.values():
        alike = (failure.observation, failure.verdict, failure.code) == (
            point.name,
            verdict.kind,
            verdict.code,
        )
        if alike and failure.clause in found.example.clauses:
            return failure.reason
    return None


def is_withheld(found: Disagreement, plan: Plan) -> bool:
    """Whether showing the disagreement might harm users of what it is about."""
    if is_ours(plan.subject) or plan.target not in HANDWRITTEN:
        return False
    mismatch = found.verdict.mismatch
    gained = mismatch and any(
        tag in mismatch.seen and tag not in mismatch.expected for tag in CALLABLE
    )
    return bool(gained) or found.verdict.kind in (CRASH, TIMEOUT)


def is_ours(implementation: str) -> bool:
    """Whether an implementation is part of this project, and nobody's release."""
    return implementation == REFERENCE or implementation.startswith("conformance.")
