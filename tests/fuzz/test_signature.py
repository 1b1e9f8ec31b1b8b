"""A signature says where, how and of what kind; never with which names, numbers or texts."""

import pytest

from conformance.fuzz.signature import signature
from conformance.observations import Run
from conformance.observations.observation import Mismatch, Rejection
from conformance.verdict import Verdict

POINT = Run({}, None, None)


def described(code, expected, seen):
    mismatch = Mismatch(code, "", expected, seen)
    return signature(POINT, Verdict("fail", code, mismatch=mismatch))


@pytest.mark.parametrize(
    ("code", "expected", "seen", "detail"),
    [
        ("different-value", "[!date 2020-01-01T00:00:00.000Z]", "[x]", ": date → text"),
        ("different-value", "{a: 1}", "{}", ": number → nothing"),
        ("different-value", "[&a [], *a]", "[[], []]", ": identity of array"),
        ("different-value", "[[1]]", "[thrown]", ": array → an error"),
        (
            "rejected:compile/unrecognised",
            "kind none",
            "rejected compile/unrecognised at page.js:5\nIllegal `a` in page.js, line 5",
            ": Illegal … in …, line …",
        ),
        ("different-captures", "inline captures [a, b]", "inline captures [a]", ": too few"),
        ("different-captures", "inline captures []", "inline captures [a]", ": too many"),
        ("different-functions", "inline a", "inline a\nexport b", ": +export"),
        ("different-functions", "inline a", "inline b", ": named otherwise"),
        ("different-functions", "inline a\ninline b", "inline b\ninline a", ": in another order"),
        (
            "different-functions",
            "inline a captures []\ninline b captures []",
            "inline b\ninline a",
            ": in another order",
        ),
        ("accepted", "rejected decode/malformed", "ok", ": rejected decode/malformed"),
        ("leaks", "none of these:\ncanary-1", "client.js", ""),
    ],
)
def test_a_detail_is_a_kind(code, expected, seen, detail):
    where = "build" if code.startswith("rejected:compile/") else "run"
    assert described(code, expected, seen) == f"{where} fail {code}{detail}"


def test_without_a_mismatch_there_is_no_detail():
    assert signature(POINT, Verdict("crash", "adapter.exited")) == "run crash adapter.exited"


def test_a_refusal_is_told_by_its_whole_code_even_of_who_tells_only_the_first_word():
    point = Run({}, None, Rejection(("decode",), ("malformed.tag",)))
    mismatch = Mismatch("accepted", "", "rejected decode/malformed", "ok")

    found = signature(point, Verdict("fail", "accepted", mismatch=mismatch))

    assert found == "run fail accepted: rejected decode/malformed.tag"
