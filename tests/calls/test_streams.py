"""Responses whose bodies come piece by piece, on the way and at both ends."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refimpl.application import Failed, Settings, build
from refimpl.calls.channel import Exchange
from refimpl.calls.faults import Fault, piece_of, pieces_of
from refimpl.calls.messages import FUNCTION_HEADER, Body, Request, Response
from refimpl.calls.world import World
from refimpl.language.promises import perform_promise_then
from refimpl.values.revive import revive
from refimpl.wire.codec import TEXT_TYPE

FILES = {
    "actions.js": """'use server'
        const wait = ms => new Promise(done => setTimeout(done, ms))
        export async function numbers(n) { return (async function* () { for (let i = 1; i <= n; i++) { await wait(5); yield i } })() }
        export async function late() { return { p: wait(5).then(() => 'late') } }
        export async function echo(x) { return [x] }
        export async function look(x) { return x.anything }
        export async function write(x) { x.anything = 1 }
        export async function keys(x) { return Object.keys(x) }
        export async function call(x) { return x() }
        export async function kind(x) { return typeof x }
        """,
    "client.js": """import { numbers } from './actions.js'
        export default async () => { const out = []; for await (const n of await numbers(3)) out.push(n); return out.join() }
        """,
}

HEADERS = {"content-type": "text/x-component"}


class NobodyListens:
    """Stands for the network of an exchange, and for its connection."""

    def __init__(self):
        self.world, self.client, self.closed = World(), None, 0

    def close(self):
        self.closed += 1


def exchange():
    network, received = NobodyListens(), []
    made = Exchange(network, received.append)
    made.connection = network
    return made, received


def pieces(data, cuts):
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts} - {0}), len(data)]
    spans = [*pairwise(edges)]
    *most, (last, end) = spans
    return [*(piece_of(a, data[a:b]) for a, b in most), piece_of(last, data[last:end], "complete")]


@given(st.binary(max_size=40), st.lists(st.integers(0, 40)), st.randoms(use_true_random=False))
def test_a_body_is_the_same_in_whatever_order_its_pieces_come(data, cuts, chance: random.Random):
    made, received = exchange()
    coming = pieces(data, cuts) * 2
    chance.shuffle(coming)
    for piece in coming:
        made.take(Response(200, {}, Body()), piece)

    ((response),) = received
    assert (response.body.data, response.body.state) == (data, "closed")


def test_a_gap_leaves_the_body_open():
    made, received = exchange()
    first, _, third = pieces(b"abc", [1, 2])
    made.take(Response(200, {}, Body()), first)
    made.take(Response(200, {}, Body()), third)

    assert (received[0].body.data, received[0].body.state) == (b"a", "open")


def test_a_client_that_gives_up_closes_its_connection():
    made, _ = exchange()
    made.break_off()

    assert made.connection.closed == 1


@pytest.mark.parametrize(
    ("do", "at", "expected"),
    [
        ("cut", 2, [(0, b"ab", "cut")]),
        ("cut", 0, [(0, b"", "cut")]),
        ("cut", 9, [(0, b"abcd", "complete")]),
        ("split", 1, [(0, b"a", "more follows"), (1, b"bcd", "complete")]),
        ("split", 4, [(0, b"abcd", "complete")]),
        ("corrupt", 5, [(0, b"accd", "complete")]),
    ],
)
def test_what_a_fault_does_to_a_piece(do, at, expected):
    fault = Fault(1, "response", do, at)
    arriving = pieces_of(piece_of(0, b"abcd", "complete"), [fault])

    assert [(piece.offset, piece.data, piece.ending) for piece in arriving] == expected


def test_a_fault_of_one_piece_counts_bytes_from_its_beginning():
    arriving = pieces_of(piece_of(10, b"abcd"), [Fault(1, "response", "cut", 2, 3)])

    assert [piece.data for piece in arriving] == [b"ab"]


def run(*faults, **settings):
    application = build(FILES, Settings(faults=faults, **settings), ["client.js"])
    application.load_functions_of_client()
    try:
        return application.run_client("client.js", None)
    except Failed as failed:
        return failed.code


def test_what_is_said_at_one_moment_is_one_piece():
    application = build(FILES, Settings(), ["client.js"])
    application.load_functions_of_client()
    application.run_client("client.js", None)
    sent = [event for event in application.network.trace if event.what == "response sent"]

    assert len({event.moment for event in sent}) == len(sent) == 4


@pytest.mark.parametrize("at", range(30))
def test_a_response_that_is_cut_anywhere_is_a_failure_or_whole(at):
    assert run(Fault(1, "response", "cut", at)) in {"1,2,3", "network.unknown"}


@pytest.mark.parametrize("at", range(30))
def test_a_response_that_is_split_anywhere_is_whole(at):
    assert run(Fault(1, "response", "split", at)) == "1,2,3"


def test_a_body_that_breaks_off_at_the_server_breaks_off_at_the_client():
    application = build(FILES, Settings(), ["client.js"])
    network, body, received = application.network, Body(), []
    application.server.run(lambda: body.push(b"some"))
    application.channel.open(Response(200, HEADERS, body), received.append)
    application.server.run(body.cancel)
    application.world.run()

    assert (received[0].body.state, received[0].body.error.code) == ("errored", "network.unknown")
    assert application.world.now - network.beginning < 10


def test_a_request_that_arrives_twice_has_one_stream_of_answers():
    assert run(Fault(1, "request", "duplicate")) == "1,2,3"


class Server:
    """A running project, asked with raw bodies."""

    def __init__(self):
        self.application = build(FILES, Settings())
        self.application.load_all_server_modules()
        entries = self.application.registry.entries.values()
        self.ids = {entry.name: entry.id for entry in entries}

    def call(self, name, body):
        headers = {
            FUNCTION_HEADER: self.ids[f"actions.js#{name}"],
            "content-type": TEXT_TYPE,
            "origin": "https://app.example",
        }
        responses = []
        request = Request("POST", headers, body)
        server = self.application.server
        server.run(lambda: self.application.endpoint.handle(request, responses.append))
        self.application.world.run()
        return responses[0]


def test_a_temporary_reference_is_returned_as_the_place_it_came_from():
    response = Server().call("echo", b'[{"inner":"$T"}]')

    assert b'"$T0:0:inner"' in response.body.data


@pytest.mark.parametrize("name", ["look", "write", "keys", "call"])
def test_looking_into_a_temporary_reference_throws(name):
    server = Server()

    assert server.call(name, b'["$T"]').status == 500
    assert "TypeError" in server.application.endpoint.log[-1].description


def test_a_temporary_reference_is_no_function():
    assert b'"object"' in Server().call("kind", b'["$T"]').body.data


def rejection(rows):
    """The fault of the promise `p` in a result whose rows come one after the other."""
    application = build(FILES, Settings())
    body, told, reasons = Body(), [], []
    client, references = application.client, application.client_references
    client.run(lambda: application.caller.read(Response(200, HEADERS, body), told.append))
    client.run(lambda: body.push(rows[0]))

    def listen():
        value = revive(told[0].value, references)
        perform_promise_then(value.props["p"], None, reasons.append)

    client.run(listen)
    for row in rows[1:]:
        client.run(lambda row=row: body.push(row))
    client.run(body.close)
    (reason,) = reasons
    return references.faults[reason]


def test_what_cannot_be_decoded_late_rejects_the_promise_it_comes_in():
    fault = rejection([b'0:{"p":"$@1"}\n', b'1:"$T0:0"\n'])

    assert (fault.phase, fault.code) == ("decode", "malformed.path")


def test_a_malformed_row_rejects_what_is_still_pending():
    fault = rejection([b'0:{"p":"$@1"}\n', b"1:{\n"])

    assert (fault.phase, fault.code) == ("decode", "malformed.json")


def test_a_response_that_ends_too_early_rejects_what_is_still_pending():
    fault = rejection([b'0:{"p":"$@1"}\n'])

    assert (fault.phase, fault.code) == ("call", "network.unknown")
