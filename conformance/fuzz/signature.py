"""The signature of a disagreement: what two disagreements have in common that are the same one.

The rule of this module: a signature says where (the observation point), how (the verdict and its
code) and of what kind; never with which names, numbers or texts.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from conformance import notation
from conformance.fuzz.example import THROWN
from conformance.notation.comparison import ABSENT, first_difference
from conformance.notation.model import Special
from conformance.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.notation import Value
    from conformance.observations.observation import Mismatch, Observation, Rejection
    from conformance.verdict import Verdict

#: A program that is refused is refused whatever is asked about it.
BUILD, REFUSED = "build", "rejected:compile/"
#: A refusal that is told from others by its words only, and what is quoted in them.
UNRECOGNISED = "/unrecognised"
QUOTED = re.compile(r"""(["'`]).*?\1|[0-9]+|[\w./-]+\.[cm]?[jt]sx?\b""")
#: How the same functions differ.
RENAMED, REORDERED = "named otherwise", "in another order"
#: What is seen where a call was noted to have ended in an error.
ENDED = "an error"
#: The captures of one function, if it has any.
CAPTURES = re.compile(r"captures \[([^\]]+)\]")
#: What a side says that has no captures to tell of, where the other says nothing.
NO_CAPTURES = " captures []"


def signature(point: Observation, verdict: Verdict) -> str:
    """`run fail different-value: date → text`."""
    where = BUILD if verdict.code.startswith(REFUSED) else point.name
    found = f"{where} {verdict.kind} {verdict.code}"
    detail = _detail(verdict.mismatch, _refusal(point)) if verdict.mismatch else ""
    return f"{found}: {detail}" if detail else found


def _refusal(point: Observation) -> str:
    """The refusal that was expected, with its whole code: a coarse decoder tells less of it."""
    rejection: Rejection | None = getattr(point, "rejection", None)
    return f"rejected {rejection.phases[0]}/{rejection.codes[0]}" if rejection else ""


def _detail(mismatch: Mismatch, refusal: str) -> str:
    match mismatch.code:
        case "different-value" | "different-message":
            return _values(mismatch.expected, mismatch.seen)
        case "different-captures":
            ours, theirs = map(_captures, (mismatch.expected, mismatch.seen))
            return "others" if ours == theirs else "too few" if theirs < ours else "too many"
        case "accepted":
            return refusal or mismatch.expected.partition(" at ")[0]
        case "unreadable" | "leaks" | "no-witness" | "no-artifacts":
            return ""
        case code if code.startswith("rejected:"):
            is_refusal = mismatch.expected.startswith("rejected ")
            return refusal or mismatch.expected if is_refusal else _reworded(code, mismatch.seen)
    return _lines(mismatch.expected, mismatch.seen)


def _reworded(code: str, seen: str) -> str:
    """What a refusal says that has no code of its own, without what it says it of."""
    if not code.endswith(UNRECOGNISED):
        return ""
    return " ".join(QUOTED.sub("…", seen.partition("\n")[2]).split())


def _captures(functions: str) -> int:
    """How many captures are listed."""
    return sum(len(names.split(", ")) for names in CAPTURES.findall(functions))


def _values(expected: str, seen: str) -> str:
    """The kinds of value at the first place that differs."""
    try:
        found = first_difference(notation.load(expected), notation.load(seen))
    except Refused:
        return "deep"
    if found is None:
        return ""
    if found.note:
        return f"identity of {kind(found.expected)}"
    return f"{kind(found.expected)} → {ENDED if found.seen == THROWN else kind(found.seen)}"


def kind(value: Value) -> str:
    """What a value is, in a word."""
    if value is ABSENT:
        return "nothing"
    if isinstance(value, Special):
        return value.kind
    if isinstance(value, bool):
        return "boolean"
    names = {list: "array", dict: "object", str: "text", type(None): "null"}
    return names.get(type(value), "number")


def _lines(expected: str, seen: str) -> str:
    """The first words of the lines that only one side has."""
    expected, seen = (text.replace(NO_CAPTURES, "") for text in (expected, seen))
    if sorted(expected.splitlines()) == sorted(seen.splitlines()):
        return REORDERED
    ours, theirs = (_lines_of(text.splitlines()) for text in (expected, seen))
    return _difference(Counter(ours), Counter(theirs))


def _lines_of(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        words = line.split()
        yield line.rpartition("#")[2] if "#(inline)" in line else " ".join(words[:1])


def _difference(ours: Counter[str], theirs: Counter[str]) -> str:
    if not (ours - theirs or theirs - ours):
        return RENAMED
    less = [f"-{word}" for word in sorted(ours - theirs)]
    more = [f"+{word}" for word in sorted(theirs - ours)]
    return " ".join([*less, *more])
