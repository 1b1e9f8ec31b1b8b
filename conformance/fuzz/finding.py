"""A finding: one disagreement that was not known, with everything that can be printed of it.

Rules of this module:

* A finding is known if a known failure of the subject is of a clause that it is about and fails
  alike: by the same code, whatever its refinement. A call that the client noted as one that ended in
  an error is one that was rejected. A program that is refused is, whatever is asked about it. Of
  several, the one of the most suspicious clause explains it; none does whose clause is far less
  suspicious than another.
* What might harm users of a released implementation is withheld: a message that makes it crash, wait
  for ever or hold a function. Neither the message nor anything derived from it is kept; the seed is, so that
  whoever runs the campaign can tell the vendor.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.fuzz import printing
from conformance.fuzz.about import clauses_about, clauses_naming, telling
from conformance.fuzz.plan import Known
from conformance.fuzz.signature import ENDED, REFUSED, REORDERED
from conformance.implementation import REFERENCE
from conformance.protocol import Rejected
from conformance.verdict import CRASH, TIMEOUT

if TYPE_CHECKING:
    from conformance.conversation import Conversation
    from conformance.fuzz.differential import Disagreement
    from conformance.fuzz.plan import Plan
    from conformance.fuzz.suspicion import Suspicion
    from conformance.known_failures import KnownFailure

#: How a call fails that ends in an error, where the program does not catch it.
REJECTED = "rejected:call/thrown"
#: How `withholds` says that nothing was handed over.
NOTHING_LEFT = "no-artifacts"
#: How adapters of decoders say that what was made of a message stays pending.
NEVER_SETTLES = "never-settles"
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
    #: What tells the example from others.
    digest: str
    #: Where it was drawn: the seed of the campaign, the batch and the number in it.
    drawn: tuple[int, int, int]
    summary: str
    #: The case, ready to be put into the corpus, with both observations; None if it is withheld.
    text: str | None
    #: The clause and the reason of the known failure that it is another example of.
    explained_by: str | None = None
    reason: str | None = None

    @property
    def known(self) -> Known:
        """What makes another disagreement this one."""
        return Known(self.signature, self.features, self.explained_by, self.digest)

    @property
    def is_news(self) -> bool:
        """Whether nobody has explained it."""
        return self.reason is None


def finding_of(
    found: Disagreement,
    plan: Plan,
    subject: Conversation,
    suspicion: Suspicion,
    drawn: tuple[int, int],
) -> Finding:
    """The finding that a disagreement is; `drawn`: in which batch, and its number there."""
    about = clauses_about(found.example, found.answer, found.signature, subject.specification)
    clause = suspicion.likeliest(about)
    found = replace(found, case=replace(found.case, clause=clause))
    (point,) = found.case.observations
    asked = json.dumps([found.signature, point.request(found.case.files)], sort_keys=True)
    chapter, _, rest = clause.partition(".")
    name = f"{chapter}/fuzz/{rest.replace('.', '-') or chapter}-{_digest(found.signature + clause)}"
    withheld = is_withheld(found, plan)
    listed = known_failure(found, subject, suspicion)
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
        _digest(asked, 12),
        (plan.seed, *drawn),
        "" if withheld else found.verdict.summary,
        None if withheld else printing.case_text(found, name, sentence, plan),
        listed.clause if listed else None,
        listed.reason if listed else None,
    )


def _digest(text: str, length: int = 6) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def known_failure(
    found: Disagreement, subject: Conversation, suspicion: Suspicion
) -> KnownFailure | None:
    """The listed failure of the subject that this is most likely another example of.

    Where the second opinion refuses a program, it may also be one of what the program exercises: there
    may be two errors, and nothing says which one is told. The last resort is what names the subject's
    error.
    """
    clauses = {*clauses_about(found.example, found.answer, found.signature, subject.specification)}
    _, _, refused = found.verdict.code.partition("/")
    if found.example.files and isinstance(found.answer, Rejected):
        naming = clauses_naming(found.answer.code, subject.specification)
        clauses |= telling(found.example) | naming
    alike = _alike(found, subject)
    explaining = [failure for failure in alike if failure.clause in clauses]
    best = max(explaining, key=lambda failure: suspicion.of(failure.clause), default=None)
    if best is not None and not suspicion.clears(best.clause, clauses):
        return best
    naming = clauses_naming(refused.partition(".")[0], subject.specification)
    return next((failure for failure in alike if failure.clause in naming), None)


def _alike(found: Disagreement, subject: Conversation) -> list[KnownFailure]:
    """The listed failures that fail in the same way, whatever they are about."""
    (point,) = found.case.observations
    code = REJECTED if found.signature.endswith(ENDED) else found.verdict.code
    how = found.verdict.kind, _unrefined(code)
    return [
        failure
        for failure in subject.known.values()
        if (failure.verdict, _unrefined(failure.code)) == how
        and (failure.observation == point.name or code.startswith(REFUSED))
    ]


def _unrefined(code: str) -> str:
    """A code of a refusal without its refinement."""
    return code.partition(".")[0] if code.startswith("rejected:") else code


def is_withheld(found: Disagreement, plan: Plan) -> bool:
    """Whether showing the disagreement might harm users of what it is about."""
    if is_ours(plan.subject) or plan.target not in HANDWRITTEN:
        return False
    mismatch = found.verdict.mismatch
    gained = mismatch and any(
        tag in mismatch.seen and tag not in mismatch.expected for tag in CALLABLE
    )
    waits = found.verdict.code.partition("/")[2] == NEVER_SETTLES
    return bool(gained) or waits or found.verdict.kind in (CRASH, TIMEOUT)


def is_of_adapter(found: Disagreement, plan: Plan) -> bool:
    """Whether a disagreement is about how a released implementation is looked at, not what it does.

    The order of functions is one that its adapter cannot always see. A program that does not build or
    run has no artifacts: nothing has left the server, and whether it runs is another question.
    """
    (point,) = found.case.observations
    code = found.verdict.code
    nothing_left = point.name == "withholds" and (
        code == NOTHING_LEFT or code.startswith("rejected:")
    )
    return (nothing_left or found.signature.endswith(REORDERED)) and not is_ours(plan.subject)


def is_ours(implementation: str) -> bool:
    """Whether an implementation is part of this project, and nobody's release."""
    return implementation == REFERENCE or implementation.startswith("conformance.")
