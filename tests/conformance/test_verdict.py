"""Whatever an adapter answers, there is a verdict, and it is one of those that exist."""

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import choices, protocol, verdict, yaml_source
from conformance.observations import OBSERVATIONS
from conformance.protocol import Hello, Violation
from conformance.written import Written

EXPECTED = {
    "compile": "{a.js: {kind: server, functions: [{where: inline, name: a, captures: [b]}],"
    " diagnostics: [{code: syntax, line: 1}]}}",
    "run": "{client: '', result: [1, {a: &a [*a]}, !map [[!set [1], !date 2020]]]}",
    "exposes": "[a.js#a]",
    "withholds": "{canaries: [canary-1234], witnesses: [here]}",
    "dispatch": "{watch: a.js#a, requests: [{id: a, result: 1, ran: [], shows: {name: value}}]}",
    "skew": "{client: '', after: {}, result: [1]}",
    "encode": "{message: result, value: [1], rows: ['0:\"$@1\"', '1:[1]']}",
    "decode": "{message: arguments, body: '[1]', value: [1]}",
}
REFUSED = {
    "compile": "{rejects: {code: syntax, file: a.js, line: 1}}",
    "run": "{client: '', rejects: {phase: [load, call], code: thrown}}",
    "dispatch": "{requests: [{id: a, rejects: {phase: call, code: thrown}, alike: true}]}",
    "skew": "{client: '', after: {}, rejects: {phase: call, code: thrown}}",
    "encode": "{message: arguments, value: [1], rejects: {code: unsupported-value}}",
    "decode": "{message: result, rows: ['0:'], rejects: {code: malformed}}",
}
HELLO = Hello("any", "1", frozenset(protocol.CAPABILITIES))

#: Words of the protocol, so that generated replies get past its first checks.
words = st.sampled_from(
    [
        "ok",
        "rejected",
        "unsupported",
        "why",
        "phase",
        "code",
        "message",
        "file",
        "line",
        "a.js",
        "kind",
        "functions",
        "diagnostics",
        "where",
        "name",
        "captures",
        "severity",
        "server",
        "inline",
        "export",
        "compile",
        "load",
        "call",
        "syntax",
        "thrown",
        "result",
        "artifacts",
        "answers",
        "outcome",
        "headers",
        "watched",
        "base64",
        "$",
        "map",
        "set",
        "entries",
        "values",
        "def",
        "ref",
        "id",
        "value",
    ]
)
scalars = st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | words | st.text()
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4)
)
replies = (
    anything
    | st.fixed_dictionaries({"ok": anything})
    | st.fixed_dictionaries(
        {"ok": st.fixed_dictionaries({"a.js": st.dictionaries(words, anything)})}
    )
)


def point(name, text):
    node = yaml_source.compose(text, "test")
    return OBSERVATIONS[name].read(Written(node, "test"))


POINTS = [point(name, text) for texts in (EXPECTED, REFUSED) for name, text in texts.items()]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(POINTS), replies, st.booleans())
def test_any_reply_gets_a_verdict_and_is_no_pass_by_accident(observation, reply, strict):
    """No JSON data makes judging raise; what passes was read as what was expected."""
    found = verdict.of_reply(observation, reply, HELLO, strict=strict)

    assert found.kind in ("pass", "fail", "crash", "unsupported")
    assert found.kind == "pass" or found.summary


@settings(deadline=None, max_examples=300)
@given(anything)
def test_any_answer_to_hello_is_an_introduction_or_a_violation(data):
    try:
        hello = protocol.read_hello(protocol.read_reply({"ok": data}), choices.load())
    except Violation:
        return
    assert hello.as_json()["name"] == data["name"]
