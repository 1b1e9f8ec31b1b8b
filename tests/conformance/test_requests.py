"""What is sent to an implementation: the program, and nothing of what is expected."""

import json

import pytest

from conformance import choices, corpus, protocol
from conformance.protocol import Violation

TELLING = """
- id: secret-id/of-the-case
  clause: secret.clause
  title: The secret title.
  origin: {divergence: the secret origin}
  requires: {misplaced-directive: inert}
  polarity: negative
  files: {a.js: export const a = 1}
  compile: {a.js: {kind: server, functions: [{where: inline, name: secretName, captures: [secretCapture]}], diagnostics: [{code: secret-code, line: 1}]}}
  run: {entry: a.js#a, args: [1], client: 'export default () => 1', seed: 7, schedule: [1, 2], mode: development, result: the secret result}
  exposes: {functions: ['a.js#secretExport']}
  withholds: {client: 'export default () => 1', canaries: [secret-canary], witnesses: [secret-witness]}
  dispatch: {entry: a.js#a, allow: ['https://b.example'], watch: a.js#a, requests: [{function: a.js#a, method: GET, family: {id: [a, '{id}b']}, rejects: {phase: call, code: secret-code}, ran: [secret], shows: {secret-header: secret}, lacks: {a: secret}, hides: secret, alike: true}, {again: 1, result: secret}]}
  forms: {entry: a.js#a, watch: a.js#a, page: [{action: $.a, state: {initial: 1, permalink: /a}, controls: [{name: a, value: b, files: [!file {name: f, type: t/x, hex: ''}]}]}], submissions: [{form: 0, by: a, family: {tamper: {up-to: 2}}, rejects: {phase: call, code: secret-code}, ran: [secret], states: [secret], shows: {secret-header: secret}, hides: secret}, {url: /secret}]}
  skew: {client: 'export default () => 1', after: {a.js: null, b.js: ''}, keys: rotated, result: the secret result}
- id: secret-id/of-the-refusal
  clause: secret.clause
  title: The secret title.
  origin: spec
  files: {a.js: export const a = 1}
  compile: {rejects: {code: secret-code, file: secret.js, line: 1}}
  run: {client: 'export default () => 1', rejects: {phase: call, code: secret-code}}
"""


@pytest.fixture
def telling_requests(tmp_path):
    (tmp_path / "telling.yaml").write_text(TELLING)
    (file,) = corpus.read_all(tmp_path, choices.load())
    assert not file.problems
    return [point.request(case.files) for case in file.cases for point in case.observations]


def test_nothing_that_is_expected_is_sent(telling_requests):
    sent = json.dumps(telling_requests).lower()

    assert "secret" not in sent
    assert "polarity" not in sent
    assert "requires" not in sent
    assert "negative" not in sent


def test_the_program_is_sent(telling_requests):
    run = telling_requests[1]

    assert run == {
        "op": "run",
        "files": {"a.js": "export const a = 1"},
        "entry": "a.js#a",
        "args": [1],
        "client": "export default () => 1",
        "mode": "development",
        "schedule": [1, 2],
        "seed": 7,
    }


def test_a_family_is_sent_as_its_members(telling_requests):
    dispatch = next(request for request in telling_requests if request["op"] == "dispatch")

    assert dispatch["requests"] == [
        {"function": "a.js#a", "method": "GET", "id": "a"},
        {"function": "a.js#a", "method": "GET", "id": "{id}b"},
        {"again": 1},
    ]


def test_a_page_is_sent_with_its_submissions(telling_requests):
    forms = next(request for request in telling_requests if request["op"] == "forms")

    assert forms["submissions"] == [
        {"form": 0, "by": "a", "tamper": 1},
        {"form": 0, "by": "a", "tamper": 2},
        {},
    ]
    assert forms["javascript"] is False
    assert forms["page"] == [
        {
            "action": "$.a",
            "state": {"initial": 1, "permalink": "/a"},
            "controls": [
                {
                    "name": "a",
                    "value": "b",
                    "files": [{"$": "file", "name": "f", "type": "t/x", "hex": ""}],
                }
            ],
        }
    ]


def test_the_new_build_is_sent_whole(telling_requests):
    skew = next(request for request in telling_requests if request["op"] == "skew")

    assert (skew["files"], skew["after"]) == ({"a.js": "export const a = 1"}, {"b.js": ""})


def test_every_request_fits_the_schema(telling_requests):
    for request in telling_requests:
        protocol.check_schema("request", request)


def test_the_real_corpus_makes_requests_that_fit_the_schema():
    for file in corpus.read_all(corpus.ROOT, choices.load()):
        for case in file.cases[:2]:
            for point in case.observations:
                protocol.check_schema("request", point.request(case.files))


def test_no_request_of_the_real_corpus_tells_its_id_title_or_clause():
    for file in corpus.read_all(corpus.ROOT, choices.load()):
        for case in file.cases:
            for point in case.observations:
                request = point.request({})
                assert request.keys() <= {
                    "op",
                    "files",
                    "entry",
                    "args",
                    "client",
                    "client_file",
                    "mode",
                    "schedule",
                    "seed",
                    "faults",
                    "host",
                    "allow",
                    "watch",
                    "requests",
                    "after",
                    "keys",
                    "page",
                    "submissions",
                    "javascript",
                    "message",
                    "value",
                    "body",
                    "type",
                    "split",
                    "limits",
                    "references",
                    "clients",
                }
                assert case.title not in json.dumps(request)


def test_hello_fits_the_schema():
    protocol.check_schema("request", protocol.hello())


def test_a_request_with_something_else_in_it_does_not_fit_the_schema():
    with pytest.raises(Violation):
        protocol.check_schema("request", {"op": "compile", "files": {}, "id": "directive/quotes"})
