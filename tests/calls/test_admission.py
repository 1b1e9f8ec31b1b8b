"""Who is let in: the configuration of a server, and what becomes of numbers."""

import pytest

from refimpl.calls.admission import BODY_FLOOR, BODY_LIMIT, Admission, accepts
from refimpl.calls.messages import CALL_HEADER, Body, Refusal, Request, Response
from refimpl.calls.replay import REMEMBERED, SESSIONS, Replays

OWN = "https://app.example"
TYPES = frozenset({"text/x", "text/y"})


def check(size=0, **headers):
    named = {"origin": OWN, "content-type": "text/x", **headers}
    Admission().check(Request("POST", named, bytes(size)), TYPES)


def code(**arguments):
    with pytest.raises(Refusal) as refusal:
        check(**arguments)
    return refusal.value.code


def test_a_body_at_the_limit_is_let_in():
    check(BODY_LIMIT)


def test_a_body_one_byte_above_the_limit_is_not():
    assert code(size=BODY_LIMIT + 1) == "body-too-large"


@pytest.mark.parametrize(
    "origin", ["null", "*", "", "https://*.example", "https://a.example/", "file://", "A.example"]
)
def test_what_is_no_origin_cannot_be_allowed(origin):
    with pytest.raises(ValueError, match="origin"):
        Admission(allowed_origins=frozenset({origin}))


def test_a_limit_below_the_floor_cannot_be_set():
    with pytest.raises(ValueError, match="body limit"):
        Admission(body_limit=BODY_FLOOR - 1)


@pytest.mark.parametrize(
    "given", ["text/x", "text/y", "TEXT/X", "text/x; charset=UTF-8", "text/x;a=b"]
)
def test_a_media_type_is_compared_without_its_parameters(given):
    assert accepts(TYPES, given)


@pytest.mark.parametrize("given", ["", "text/xx", "text/x, text/y", "text/x;charset=latin1"])
def test_another_media_type_is_not_accepted(given):
    assert not accepts(TYPES, given)


def whole(data):
    body = Body()
    body.push(data)
    body.close()
    return body


class Server:
    """Answers every request with how many it has carried out, when it is told to."""

    def __init__(self):
        self.carried_out = 0
        self.unanswered = []
        self.replays = Replays(self.handle)

    def handle(self, _, respond):
        self.carried_out += 1
        response = Response(200, {}, whole(str(self.carried_out).encode()))
        self.unanswered.append(lambda: respond(response))

    def send(self, number, body=b"", session="s", answer=True):
        headers = {CALL_HEADER: f"{session}/{number}"} if number else {}
        responses = []
        self.replays.handle(Request("POST", headers, body), responses.append)
        while answer and self.unanswered:
            self.unanswered.pop(0)()
        return responses


def bodies(responses):
    return [response.body.data for response in responses]


def test_a_numbered_request_is_carried_out_once():
    server = Server()

    assert (bodies(server.send(1)), bodies(server.send(1))) == ([b"1"], [b"1"])


def test_a_repeated_request_waits_for_the_answer_of_the_first():
    server = Server()
    first, second = server.send(1, answer=False), server.send(1, answer=False)
    server.unanswered.pop()()

    assert (bodies(first), bodies(second), server.carried_out) == ([b"1"], [b"1"], 1)


def test_another_request_under_a_number_that_was_used_is_refused():
    server = Server()
    server.send(1, b"mine")
    (response,) = server.send(1, b"yours")

    assert (response.status, server.carried_out) == (409, 1)


def test_a_request_without_a_number_is_carried_out_each_time():
    server = Server()

    assert bodies(server.send(None) + server.send(None)) == [b"1", b"2"]


def test_numbers_of_two_sessions_have_nothing_to_do_with_each_other():
    server = Server()

    assert bodies(server.send(1, session="a") + server.send(1, session="b")) == [b"1", b"2"]


def test_a_number_that_was_forgotten_is_refused_and_not_carried_out():
    server = Server()
    for number in range(1, REMEMBERED + 2):
        server.send(number)
    (response,) = server.send(1)

    assert (response.status, server.carried_out) == (409, REMEMBERED + 1)


def test_later_numbers_may_come_first():
    server = Server()

    assert bodies(server.send(2) + server.send(1)) == [b"1", b"2"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1" * 16, "\u0661", "1.0"])
def test_what_is_no_number_is_refused(number):
    server = Server()
    (response,) = server.send(number)

    assert (response.status, server.carried_out) == (409, 0)


def test_no_more_sessions_than_the_limit_are_remembered():
    server = Server()
    for session in range(SESSIONS + 5):
        server.send(1, session=str(session))

    assert len(server.replays.sessions) == SESSIONS
