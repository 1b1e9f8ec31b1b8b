"""What the observation points `dispatch` and `skew` make of answers, and families of their rules."""

import pytest

from conformance import yaml_source
from conformance.observations import Dispatch, Run, Skew
from conformance.observations.family import INHERITED_NAMES
from conformance.problems import Refused
from conformance.protocol import Hello, Ok, Rejected, Violation
from conformance.verdict import before_asking
from conformance.written import Written

HELLO = Hello("any", "1", frozenset({"run", "dispatch", "skew"}))
REFUSED = "rejects: {phase: dispatch, code: unknown-function}"


def read(kind, text):
    return kind.read(Written(yaml_source.compose(text, "test"), "test"))


def dispatch(request, *answers, watch="watch: a.js#ran"):
    """The code of the mismatch, or None."""
    text = f"{{{watch}, requests: [{{{request}}}]}}"
    found = read(Dispatch, text).judge(Ok({"answers": list(answers)}), HELLO)
    return found and found.code


def ok(value=1, **more):
    return {"outcome": {"ok": value}, "status": 200, "headers": {}, **more}


def refused(code="unknown-function", phase="dispatch", **more):
    outcome = {"rejected": {"phase": phase, "code": code}}
    return {"outcome": outcome, "status": 404, "headers": {}, **more}


def members(family):
    point = read(Dispatch, f"{{requests: [{{function: a.js#a, family: {family}, result: 1}}]}}")
    return point.request({})["requests"]


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("id: x, result: 1", ok()),
        (f"id: x, {REFUSED}", refused("unknown-function.any")),
        ("id: x, result: 1, ran: [save]", ok(watched=["save"])),
        ("id: x, result: 1, shows: {a: [B, c]}", ok(headers={"a": "bc"})),
        ("id: x, result: 1, lacks: {a: html}", ok(headers={"a": "text/plain"})),
        (f"id: x, {REFUSED}, hides: secret", refused(body="")),
    ],
)
def test_an_answer_as_expected_passes(request_, answer):
    assert dispatch(request_, answer) is None


@pytest.mark.parametrize(
    ("request_", "answer", "code"),
    [
        ("id: x, result: 1", ok(2), "different-value"),
        ("id: x, result: 1", refused(), "rejected:dispatch/unknown-function"),
        (f"id: x, {REFUSED}", ok(), "accepted"),
        (f"id: x, {REFUSED}", refused("thrown", "call"), "rejected:call/thrown"),
        (f"id: x, {REFUSED}, ran: []", refused(watched=["save"]), "different-effect"),
        ("id: x, result: 1, ran: [save]", ok(watched=["save", "save"]), "different-effect"),
        ("id: x, result: 1, shows: {a: b}", ok(), "different-header"),
        ("id: x, result: 1, lacks: {a: html}", ok(headers={"a": "text/HTML"}), "different-header"),
        ("id: x, result: 1, lacks: {a: html}", ok(), "different-header"),
        (f"id: x, {REFUSED}, hides: secret", refused(body="a secret"), "leaks"),
        (f"id: x, {REFUSED}, hides: secret", refused(headers={"a": "secret"}), "leaks"),
    ],
)
def test_another_answer_fails(request_, answer, code):
    assert dispatch(request_, answer) == code


def test_one_member_of_a_family_that_differs_is_named():
    point = read(Dispatch, f"{{requests: [{{family: {{id: [first, second]}}, {REFUSED}}}]}}")
    found = point.judge(Ok({"answers": [refused(), ok()]}), HELLO)

    assert (found.code, "second" in found.summary) == ("accepted", True)


def test_answers_that_have_to_be_alike_are_compared_to_the_byte():
    request = f"family: {{id: [a, b]}}, {REFUSED}, alike: true"

    assert dispatch(request, refused(body="x"), refused(body="x")) is None
    assert dispatch(request, refused(body="x"), refused(body="y")) == "not-alike"


@pytest.mark.parametrize(
    "value",
    [None, [], {"answers": None}, {"answers": []}, {"answers": [1]}, {"answers": [{"outcome": 1}]}],
)
def test_another_form_of_answers_breaks_the_protocol(value):
    with pytest.raises(Violation):
        read(Dispatch, "{requests: [{id: x, result: 1}]}").judge(Ok(value), HELLO)


def test_an_answer_that_does_not_say_what_is_watched_breaks_the_protocol():
    with pytest.raises(Violation):
        dispatch("id: x, result: 1, ran: []", ok())


def test_a_project_that_does_not_build_fails():
    point = read(Dispatch, "{requests: [{id: x, result: 1}]}")

    assert point.judge(Rejected("compile", "syntax"), HELLO).code == "rejected:compile/syntax"


@pytest.mark.parametrize(
    "text",
    [
        "{requests: [{id: x}]}",
        "{requests: [{result: 1}]}",
        "{requests: [{id: x, result: 1, ran: []}]}",
        f"{{requests: [{{id: x, result: 1, {REFUSED}}}]}}",
        "{requests: [{id: x, result: 1, family: {colour: [red]}}]}",
        "{requests: [{id: x, result: 1, family: {id: {guess: x}}}]}",
        "{requests: [{id: x, result: 1, family: {id: [a], method: [b]}}]}",
    ],
)
def test_a_request_that_cannot_be_judged_is_refused(text):
    with pytest.raises(Refused):
        read(Dispatch, text)


def test_prefixes_are_all_that_are_shorter():
    assert [member["body"] for member in members("{body: {prefixes-of: abc}}")] == ["", "a", "ab"]


def test_numbers_count_from_one():
    assert [member["drop"] for member in members("{drop: {up-to: 3}}")] == [1, 2, 3]


def test_inherited_names_stand_in_the_place_of_a_star():
    ids = [member["id"] for member in members("{id: {inherited-names: 'a#*'}}")]

    assert ids == [f"a#{name}" for name in INHERITED_NAMES]


def test_permutations_are_the_other_orders():
    bodies = {member["body"] for member in members("{body: {permutations-of: [a, b, c]}}")}

    assert bodies == {"acb", "bac", "bca", "cab", "cba"}


def test_a_run_with_faults_is_not_asked_of_an_implementation_without_them():
    point = read(Run, "{client: '', result: 1, faults: [{call: 1, do: drop}]}")
    case = type("Case", (), {"requires": {}})

    assert before_asking(case, point, HELLO).summary == "the capability run.faults is not declared"


@pytest.mark.parametrize("fault", ["{call: 1}", "{do: drop}", "{call: 1, do: bend}", "drop"])
def test_a_fault_that_means_nothing_is_refused(fault):
    with pytest.raises(Refused):
        read(Run, f"{{client: '', result: 1, faults: [{fault}]}}")


def test_skew_compares_how_the_client_program_ended():
    point = read(Skew, "{client: '', after: {a.js: ''}, result: 1}")

    assert point.judge(Ok({"result": 1}), HELLO) is None
    assert point.judge(Ok({"result": 2}), HELLO).code == "different-value"
