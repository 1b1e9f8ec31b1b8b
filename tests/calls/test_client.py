"""What a client makes of answers that its server would not give."""

import pytest

from refimpl.application import Settings, build
from refimpl.calls.messages import Body, Response
from refimpl.values.outcome import DecodeError, Rejected
from refimpl.values.revive import revive

FILES = {
    "actions.js": "'use server'\nexport async function f() {}",
    "button.js": "'use client'\nexport const Button = 1",
    "secret.js": "export const secret = 1",
}
TYPE = "text/x-component"


@pytest.fixture
def application():
    return build(FILES, Settings())


def outcome(application, status, content_type, data):
    body, told = Body(), []
    response = Response(status, {"content-type": content_type}, body)
    application.client.run(lambda: application.caller.read(response, told.append))
    application.client.run(lambda: body.push(data))
    (ended,) = told
    return ended


@pytest.mark.parametrize("status", [200, 302, 502])
@pytest.mark.parametrize("content_type", ["text/html", "", "text/x-component-2"])
def test_an_answer_of_another_type_is_no_outcome(application, status, content_type):
    ended = outcome(application, status, content_type, b"0:1\n")

    assert isinstance(ended, Rejected)
    assert ended.code == "network.unknown"


def test_an_answer_of_the_protocol_is(application):
    assert outcome(application, 200, TYPE, b"0:1\n").value == 1.0


def load(application, row):
    value = outcome(application, 200, TYPE, row + b'\n0:{"c":"$1"}\n').value
    return application.client.ask(lambda: revive(value, application.client_references).props["c"])


def test_a_client_reference_is_the_export(application):
    assert load(application, b'1:I["button.js",[],"Button"]') == 1.0


@pytest.mark.parametrize(
    "row",
    [
        b'1:I["secret.js",[],"secret"]',
        b'1:I["actions.js",[],"f"]',
        b'1:I["nothing.js",[],"x"]',
        b'1:I["https://elsewhere.example/a.js",[],"x"]',
        b'1:I["button.js",[],"button"]',
        b'1:I["button.js",[],"toString"]',
        b'1:I["button.js",[],"__proto__"]',
        b'1:I["toString",[],"x"]',
    ],
)
def test_any_other_client_reference_is_refused(application, row):
    with pytest.raises(DecodeError):
        load(application, row)
