"""What the observation point `forms` makes of answers, and how often it asks."""

import pytest

from conformance import yaml_source
from conformance.observations import Forms
from conformance.problems import Refused
from conformance.protocol import Hello, Ok, Rejected, Unsupported, Violation
from conformance.written import Written

HELLO = Hello("any", "1", frozenset({"forms"}))
REFUSED = "rejects: {phase: dispatch, code: unknown-function}"


def read(submissions, more="watch: a.js#ran", page="{action: $.a}"):
    text = f"{{entry: a.js#a, {more}, page: [{page}], submissions: [{submissions}]}}"
    return Forms.read(Written(yaml_source.compose(text, "test"), "test"))


def ok(**more):
    return {"outcome": {"ok": None}, **more}


def refused(code="unknown-function", **more):
    return {"outcome": {"rejected": {"phase": "dispatch", "code": code}}, **more}


def mismatch(submission, answer):
    """The code of the mismatch, or None."""
    found = read(f"{{{submission}}}").judge(Ok({"answers": [answer]}), HELLO)
    return found and found.code


@pytest.mark.parametrize(
    ("submission", "answer"),
    [
        ("ran: [save]", ok(watched=["save"])),
        (REFUSED, refused("unknown-function.any")),
        ("states: [1, {a: 2}]", ok(states=[1, {"a": 2}])),
        ("url: /x", ok(url="/x")),
        ("shows: {a: b}", ok(headers={"a": "b"})),
        (f"{REFUSED}, hides: secret, states: []", refused(body="", states=[])),
    ],
)
def test_an_answer_as_expected_passes(submission, answer):
    assert mismatch(submission, answer) is None


@pytest.mark.parametrize(
    ("submission", "answer", "code"),
    [
        ("ran: [save]", ok(watched=[]), "different-effect"),
        ("ran: [save]", refused(watched=["save"]), "rejected:dispatch/unknown-function"),
        (REFUSED, ok(), "accepted"),
        ("states: [1]", ok(states=[2]), "different-state"),
        ("states: [1]", ok(states=[]), "different-state"),
        ("url: /x", ok(url="/"), "different-url"),
        ("url: /x", ok(), "different-url"),
        ("shows: {a: b}", ok(headers={}), "different-header"),
        (f"{REFUSED}, hides: secret", refused(body="a secret"), "leaks"),
    ],
)
def test_another_answer_fails(submission, answer, code):
    assert mismatch(submission, answer) == code


def test_headers_cannot_be_asked_of_what_has_no_endpoint():
    found = read("{shows: {a: b}}").judge(Ok({"answers": [ok()]}), HELLO)

    assert found == Unsupported("the answers have no headers")


def test_a_mismatch_says_whether_it_was_with_javascript():
    members = list(read("{ran: [save]}").members())
    summaries = [
        member.judge(Ok({"answers": [ok(watched=[])]}), HELLO).summary for member in members
    ]

    assert summaries[0].startswith("without JavaScript: ")
    assert summaries[1].startswith("with JavaScript: ")


@pytest.mark.parametrize(
    ("submission", "more", "asked"),
    [
        ("{ran: []}", "watch: a.js#a", [False, True]),
        ("{ran: []}", "watch: a.js#a, javascript: true", [True]),
        ("{ran: []}", "watch: a.js#a, javascript: false", [False]),
        ("{ran: [], method: GET}", "watch: a.js#a", [False]),
        ("{ran: []}, {family: {drop: [1]}, ran: []}", "watch: a.js#a", [False]),
        ("{url: /x}", "args: []", [False]),
    ],
)
def test_what_a_page_can_do_both_ways_is_asked_both_ways(submission, more, asked):
    point = read(submission, more)

    assert [member.request({})["javascript"] for member in point.members()] == asked
    assert point.is_family is (len(asked) > 1)


@pytest.mark.parametrize("value", [None, [], {"answers": []}, {"answers": [1]}, {"answers": [{}]}])
def test_another_form_of_answers_breaks_the_protocol(value):
    with pytest.raises(Violation):
        read("{ran: []}").judge(Ok(value), HELLO)


def test_a_project_that_does_not_build_fails():
    found = read("{ran: []}").judge(Rejected("compile", "syntax"), HELLO)

    assert found.code == "rejected:compile/syntax"


@pytest.mark.parametrize(
    ("submission", "more", "page"),
    [
        ("{}", "watch: a.js#a", "{action: $.a}"),
        ("{result: 1, ran: []}", "watch: a.js#a", "{action: $.a}"),
        ("{ran: []}", "args: []", "{action: $.a}"),
        ("{ran: [], method: GET}", "watch: a.js#a, javascript: true", "{action: $.a}"),
        ("{ran: [], fields: [[a]]}", "watch: a.js#a", "{action: $.a}"),
        ("{ran: []}", "watch: a.js#a", "{controls: []}"),
        ("{ran: []}", "watch: a.js#a", "{action: $.a, controls: [{colour: red}]}"),
        ("{ran: []}", "watch: a.js#a", "{action: $.a, controls: [{disabled: 'yes'}]}"),
        ("{ran: []}", "watch: a.js#a", "{action: $.a, state: {}}"),
    ],
)
def test_what_an_author_wrote_wrongly_is_refused(submission, more, page):
    with pytest.raises(Refused):
        read(submission, more, page)
