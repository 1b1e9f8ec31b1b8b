"""A list of known failures cannot rot: it fails a run when what is listed is no longer so."""

from dataclasses import replace

import pytest

from conformance import known_failures
from conformance.known_failures import UNEXPLAINED, KnownFailure

LISTED = KnownFailure(
    "directive/quotes", "run", "directive.quotes", "fail", "different-value", "It adds one."
)


@pytest.fixture
def judged(verdicts):
    def judge(fake, entry=LISTED):
        return verdicts(fake, known={entry.key: entry})[1]

    return judge


def test_a_listed_failure_is_a_known_failure(judged):
    assert judged("always_wrong").kind == "known-failure"


def test_its_reason_is_shown(judged):
    assert judged("always_wrong").summary == "It adds one."


def test_a_listed_failure_that_passes_is_an_unexpected_pass(judged):
    verdict = judged("honest")

    assert (verdict.kind, verdict.is_bad) == ("unexpected-pass", True)


def test_a_listed_failure_that_fails_with_another_code_fails(judged):
    other = KnownFailure(*LISTED.key, "directive.quotes", "fail", "accepted", "It adds one.")

    verdict = judged("always_wrong", other)

    assert verdict.kind == "fail"
    assert "known failure by fail accepted; this is fail different-value" in verdict.summary


def test_a_listed_failure_that_crashes_is_a_crash(judged):
    assert judged("writes_garbage").kind == "crash"


def test_a_listed_failure_that_is_unsupported_is_unsupported(judged):
    assert judged("lies_about_capabilities").kind == "unsupported"


def test_a_list_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "known-failures.yaml"
    full = KnownFailure(
        "a/b",
        "run",
        "a.b",
        "crash",
        "adapter.exited",
        "Because: it\nexits.",
        "seen",
        "https://x.test/1",
    )

    known_failures.write(path, [LISTED, full])
    entries, problems = known_failures.load(path)

    assert problems == []
    assert [(entry.reason, entry.evidence, entry.upstream) for entry in entries.values()] == [
        ("It adds one.", None, None),
        ("Because: it\nexits.", "seen", "https://x.test/1"),
    ]


def test_a_list_that_does_not_exist_is_empty(tmp_path):
    assert known_failures.load(tmp_path / "none.yaml") == ({}, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- {case: a/b}", "known-failures.missing-field"),
        (
            "- {case: a/b, observation: run, clause: a, verdict: pass, code: x, reason: y}",
            "known-failures.invalid-value",
        ),
        (
            "- {case: a/b, observation: nap, clause: a, verdict: fail, code: x, reason: y}",
            "known-failures.invalid-value",
        ),
        (
            "- {case: a/b, observation: run, clause: a, verdict: fail, code: x, reason: y, z: 1}",
            "known-failures.unknown-field",
        ),
        (
            "- {case: a/b, observation: run, clause: a, verdict: fail, code: x, reason: y}\n" * 2,
            "known-failures.duplicate",
        ),
        ("- [", "known-failures.yaml-syntax"),
    ],
)
def test_what_is_wrong_with_a_list_is_one_problem(tmp_path, text, code):
    path = tmp_path / "known-failures.yaml"
    path.write_text(text)

    assert [problem.code for problem in known_failures.load(path)[1]] == [code]


def new(case="directive/quotes", code="different-value"):
    return KnownFailure(case, "run", "directive.quotes", "fail", code, UNEXPLAINED)


def test_an_update_keeps_the_reasons():
    assert known_failures.updated({LISTED.key: LISTED}, [new()]) == [LISTED]


def test_an_update_drops_what_no_longer_fails():
    assert known_failures.updated({LISTED.key: LISTED}, []) == []


def test_an_update_leaves_what_is_new_to_be_explained():
    (entry,) = known_failures.updated({}, [new()])

    assert entry.reason == UNEXPLAINED


def test_an_update_asks_again_when_a_case_fails_in_another_way():
    (entry,) = known_failures.updated({LISTED.key: LISTED}, [new(code="accepted")])

    assert entry.reason == UNEXPLAINED


def test_an_update_follows_a_case_that_is_about_another_clause_now():
    moved = replace(new(), clause="function.result")

    (entry,) = known_failures.updated({LISTED.key: LISTED}, [moved])

    assert (entry.clause, entry.reason) == ("function.result", "It adds one.")


def test_an_update_keeps_evidence_and_links():
    full = replace(LISTED, evidence="seen", upstream="https://x.test/1")

    assert known_failures.updated({full.key: full}, [new()]) == [full]
