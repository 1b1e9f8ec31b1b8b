"""What a message carries of a guest value, and what it refuses."""

import pytest

from refimpl.values import model
from refimpl.values.contract import CAPTURES, RESULTS, UnsupportedValue


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{ user: { born: /x/ } }", "$.user.born"),
        ("[1, [() => {}]]", "$[1][0]"),
        ("new Map([[1, /x/]])", "$.values[0]"),
        ("new Set([/x/])", "$.values[0]"),
        ("{ 'a b': /x/ }", "$['a b']"),
        ("[[/x/].values()]", "$[0][0]"),
    ],
)
def test_a_refusal_names_the_path(side, text, path):
    with pytest.raises(UnsupportedValue) as refusal:
        side.model(text)

    assert path == refusal.value.path


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("() => {}", "function"),
        ("class {}", "function"),
        ("Symbol('x')", "symbol"),
        ("Object.create(null)", "null-prototype"),
        ("new (class {})()", "class-instance"),
        ("new Error()", "error"),
        ("/x/", "regexp"),
        ("new Headers()", "iterable"),
        ("(b => (b.transfer(), b))(new ArrayBuffer(1))", "detached"),
        ("new Float16Array(1)", "typed-array"),
        ("(s => (s.getReader(), s))(new ReadableStream())", "locked-stream"),
        ("JSON.parse('{\"__proto__\": 1}')", "proto-key"),
        ("(o => { for (let i = 0; i < 10005; i++) o = [o]; return o })(1)", "depth"),
    ],
)
def test_a_refusal_says_what_was_met(side, text, kind):
    with pytest.raises(UnsupportedValue) as refusal:
        side.model(text)

    assert refusal.value.code == f"unsupported-value.{kind}"


def test_a_view_carries_only_what_it_shows(side):
    assert side.model("new Uint8Array([1, 2, 3]).subarray(1)").data == b"\x02\x03"


def test_a_hole_is_marked(side):
    assert side.model("[1, , 3]") == [1.0, model.HOLE, 3.0]


def test_a_promise_settles_when_its_value_comes(side):
    taken = side.model("Promise.resolve({ v: 1 })")

    assert (taken.state, taken.value) == ("fulfilled", {"v": 1.0})


def test_a_promise_of_something_in_the_message_is_a_promise_of_its_copy(side):
    taken = side.model("(o => [o, Promise.resolve(o)])({})")

    assert taken[0] is taken[1].value


def test_what_fails_later_is_told_once(side):
    side.model("[Promise.reject(1), Promise.resolve(() => {})]")

    assert side.failures == ["thrown", "unsupported-value.function"]


def test_a_stream_is_read_to_its_end(side):
    taken = side.model("ReadableStream.from([1, 2])")

    assert (taken.state, taken.chunks) == ("closed", [1.0, 2.0])


def test_an_asynchronous_generator_keeps_what_it_returns(side):
    taken = side.model("(async function* () { yield 1; return 2 })()")

    assert (taken.kind, taken.chunks, taken.returned) == ("iterator", [1.0], 2.0)


def test_an_asynchronous_generator_is_closed_when_a_value_is_refused(side):
    side.model(
        "(async function* () { try { yield () => {} } finally { globalThis.closed = 1 } })()"
    )

    assert side.value("globalThis.closed") == 1.0


@pytest.mark.parametrize("text", ["Promise.resolve(1)", "[1].values()", "new ReadableStream()"])
def test_a_capture_uses_nothing_up(side, text):
    with pytest.raises(UnsupportedValue):
        side.model(text, CAPTURES)


def test_production_says_nothing_of_an_error(side):
    taken = side.model("new TypeError('secret')", RESULTS)

    assert (taken.redacted, taken.name, taken.message) == (True, "Error", "")


def test_development_says_what_the_error_says(side):
    taken = side.model("new TypeError('m', { cause: 1 })", RESULTS, development=True)

    assert (taken.name, taken.message, taken.cause) == ("TypeError", "m", 1.0)


def test_the_texts_of_an_error_are_read_without_running_its_getters(side):
    text = "Object.defineProperty(new Error('m'), 'message', { get() { throw 1 } })"

    assert side.model(text, RESULTS, development=True).message == ""
