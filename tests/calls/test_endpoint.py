"""The server's end of a call, request by request."""

import pytest

from refimpl.application import Settings, build
from refimpl.calls.admission import Admission
from refimpl.calls.messages import FUNCTION_HEADER, REFUSAL_HEADER, Request
from refimpl.values import model, plain
from refimpl.wire.codec import TEXT_TYPE, FlightCodec

CODEC = FlightCodec()

PROJECT = {
    "actions.js": """'use server'
        let runs = 0
        export async function run() { return ++runs }
        export async function fail() { throw new TypeError('canary') }
        export async function echo(...values) { return values }
        """,
    "page.js": """
        export const page = secret => async extra => { 'use server'; return [secret, extra] }
        """,
    "helper.js": "export async function helper() {}",
}


ORIGIN = "https://app.example"


def headers_for(identifier, content_type=TEXT_TYPE):
    return {FUNCTION_HEADER: identifier, "content-type": content_type, "origin": ORIGIN}


class Server:
    """A running project, asked with raw requests."""

    def __init__(self, **settings):
        self.application = build(PROJECT, Settings(**settings))
        self.application.load_all_server_modules()
        self.application.load_server("page.js")
        entries = self.application.registry.entries.values()
        self.ids = {entry.name: entry.id for entry in entries}

    def ask(self, request):
        responses = []
        self.application.server.run(
            lambda: self.application.endpoint.handle(request, responses.append)
        )
        self.application.world.run()
        (response,) = responses
        return response

    def outcome(self, response):
        outcomes = []
        client = self.application.client
        client.run(lambda: self.application.caller.read(response, outcomes.append))
        (outcome,) = outcomes
        return outcome

    def call(self, name, arguments=(), **changes):
        content_type, body = CODEC.encode_arguments([*arguments])
        headers = headers_for(self.ids.get(name, name), content_type)
        fields = {"method": "POST", "headers": headers, "body": body} | changes
        return self.ask(Request(**fields))


@pytest.fixture
def server():
    return Server()


def runs(server):
    """How often `run` has run, this time included."""
    return server.outcome(server.call("actions.js#run")).value


def test_a_call_is_answered_with_its_result(server):
    response = server.call("actions.js#echo", [1.0, "x"])

    assert (response.status, server.outcome(response).value) == (200, [1.0, "x"])


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "post", ""])
def test_only_post_calls(server, method):
    response = server.call("actions.js#run", method=method)

    assert (
        response.status,
        response.headers[REFUSAL_HEADER],
        runs(server),
    ) == (405, "method-not-allowed", 1.0)


def test_another_content_type_is_refused(server):
    headers = headers_for(server.ids["actions.js#run"], "application/json")

    assert server.call("actions.js#run", headers=headers).status == 415


def test_arguments_with_parts_of_their_own_are_multipart(server):
    response = server.call("actions.js#echo", [model.Map([("k", 1.0)])])

    assert server.outcome(response).value[0].entries == [("k", 1.0)]


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=other", TEXT_TYPE]
)
def test_a_multipart_body_under_another_type_or_boundary_is_malformed(server, content_type):
    _, body = CODEC.encode_arguments([model.Map()])
    headers = headers_for(server.ids["actions.js#run"], content_type)

    assert server.call("actions.js#run", headers=headers, body=body).status == 400


def test_the_limit_at_the_door_is_the_limit_of_the_decoder():
    application = Server(admission=Admission(body_limit=40_000_000)).application

    assert application.codec.limits.body == 40_000_000


@pytest.mark.parametrize(
    "name",
    [
        "",
        "constructor",
        "toString",
        "__proto__",
        "helper",
        "helper.js#helper",
        "actions.js#run",
        "x" * 1_000_000,
    ],
)
def test_what_is_no_id_is_refused(server, name):
    headers = headers_for(name)

    assert server.call("actions.js#run", headers=headers).status == 404


def test_a_changed_id_is_refused(server):
    known = server.ids["actions.js#run"]
    for changed in (known + "0", known[:-1], known.upper(), f" {known}", f"{known}#run"):
        headers = headers_for(changed)
        assert server.call("actions.js#run", headers=headers).status == 404


def test_refusals_of_unknown_ids_are_all_the_same(server):
    responses = [server.call(name) for name in ("a", "b" * 20, "__proto__")]
    answers = {(r.status, r.body.data, *sorted(r.headers.items())) for r in responses}

    assert len(answers) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b'"$1"', b"\xff", b"[1,", b'["$?"]', b"[] []"])
def test_a_malformed_body_is_refused_before_the_function_runs(server, body):
    response = server.call("actions.js#run", body=body)

    assert (response.status, runs(server)) == (400, 1.0)


def test_every_prefix_of_a_body_is_refused(server):
    _, body = CODEC.encode_arguments([{"a": [1.0, "x"]}])
    for length in range(len(body)):
        assert server.call("actions.js#run", body=body[:length]).status == 400


def test_a_reference_to_an_unknown_function_is_refused(server):
    response = server.call("actions.js#run", [model.ServerReference("nothing")])

    assert response.status == 404


def test_a_failure_tells_a_client_in_production_nothing(server):
    assert b"canary" not in server.call("actions.js#fail").body.data


def test_a_failure_is_logged_under_its_digest(server):
    outcome = server.outcome(server.call("actions.js#fail"))

    (line,) = server.application.endpoint.log
    assert (outcome.digest, "TypeError: canary") == (line.digest, line.description)


def test_a_failure_tells_a_client_in_development_its_name_and_message():
    server = Server(development=True)
    outcome = server.outcome(server.call("actions.js#fail"))

    assert (outcome.name, outcome.message) == ("TypeError", "canary")


def sealed(server, identifier, values):
    return server.application.server_references.sealer.seal(identifier, plain.write(values))


def test_captures_come_before_arguments(server):
    name = "page.js#(inline)"
    token = sealed(server, server.ids[name], ["secret"])

    outcome = server.outcome(server.call(name, [token, "extra"]))

    assert outcome.value == ["secret", "extra"]


@pytest.mark.parametrize("arguments", [[], ["secret"], [["secret"]], ["", "extra"]])
def test_captures_that_are_not_sealed_are_refused(server, arguments):
    assert server.call("page.js#(inline)", arguments).status == 400


def test_captures_sealed_for_another_function_are_refused(server):
    token = sealed(server, server.ids["actions.js#run"], ["secret"])

    assert server.call("page.js#(inline)", [token]).status == 400
