"""Every message that is no message of the protocol is told apart, in words."""

import pytest

from conformance import choices, protocol
from conformance.protocol import Hello, Ok, Rejected, Unsupported, Violation

HELLO = {"name": "mine", "version": "1", "capabilities": ["compile"], "choices": {}}


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        ({"ok": 1, "seq": 3}, Ok(1)),
        ({"ok": None}, Ok(None)),
        ({"unsupported": {"why": "not built"}}, Unsupported("not built")),
        ({"rejected": {"phase": "load", "code": "a"}}, Rejected("load", "a")),
        (
            {"rejected": {"phase": "load", "code": "a", "message": "m", "file": "f", "line": 2}},
            Rejected("load", "a", "m", "f", 2),
        ),
        ({"rejected": {"phase": "load", "code": "a", "file": None}}, Rejected("load", "a")),
    ],
)
def test_a_reply_is_read(data, reply):
    assert protocol.read_reply(data) == reply


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"ok": 1, "rejected": {}},
        {"ok": 1, "more": 2},
        {"unsupported": "why"},
        {"unsupported": {}},
        {"rejected": "compile"},
        {"rejected": {"phase": "later", "code": "a"}},
        {"rejected": {"phase": "load"}},
        {"rejected": {"phase": "load", "code": ""}},
        {"rejected": {"phase": "load", "code": 1}},
        {"rejected": {"phase": "load", "code": "a", "line": "2"}},
        {"rejected": {"phase": "load", "code": "a", "line": True}},
    ],
)
def test_what_is_no_reply_is_a_violation(data):
    with pytest.raises(Violation):
        protocol.read_reply(data)


def test_hello_is_read():
    hello = protocol.read_hello(Ok(HELLO), choices.load())

    assert hello == Hello("mine", "1", frozenset({"compile"}), {})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": 1}, "hello.name is 1, not a text"),
        ({"version": None}, "hello.version is null, not a text"),
        ({"capabilities": "compile"}, 'hello.capabilities is "compile", not a list'),
        ({"capabilities": ["compiel"]}, 'the capability "compiel" is unknown; known are compile'),
        ({"capabilities": [[]]}, "the capability [] is unknown"),
        ({"choices": {"colour": "red"}}, "the choice 'colour' is unknown"),
        ({"choices": {"re-export": "maybe"}}, 'the choice re-export has no option "maybe"'),
        ({"choices": {"re-export": []}}, "the choice re-export has no option []"),
    ],
)
def test_a_bad_hello_says_what_is_bad(changes, words):
    with pytest.raises(Violation) as violation:
        protocol.read_hello(Ok({**HELLO, **changes}), choices.load())

    assert words in str(violation.value)


def test_hello_cannot_be_refused():
    with pytest.raises(Violation):
        protocol.read_hello(Unsupported("no"), choices.load())


@pytest.mark.parametrize(
    ("operation", "reply"),
    [
        ("hello", {"ok": HELLO}),
        ("compile", {"ok": {"a.js": {"kind": "none", "functions": [], "diagnostics": []}}}),
        ("run", {"ok": {"result": {"$": "map", "entries": [[1, {"$": "undefined"}]]}}}),
        ("run", {"rejected": {"phase": "call", "code": "thrown", "message": "x"}}),
        ("exposes", {"ok": {"functions": ["a.js#a"]}}),
        ("withholds", {"ok": {"artifacts": {"a": "b", "c": {"base64": ""}}}}),
        ("withholds", {"unsupported": {"why": "no"}}),
        ("dispatch", {"ok": {"answers": [{"outcome": {"ok": 1}, "status": 200, "watched": []}]}}),
        (
            "dispatch",
            {"ok": {"answers": [{"outcome": {"rejected": {"phase": "call", "code": "x"}}}]}},
        ),
        ("skew", {"ok": {"result": 1}}),
        ("forms", {"ok": {"answers": [{"outcome": {"ok": None}, "states": [1], "url": "/"}]}}),
    ],
)
def test_a_good_reply_fits_the_schema(operation, reply):
    protocol.check_schema(f"{operation}-reply", reply)


@pytest.mark.parametrize(
    ("operation", "reply"),
    [
        ("hello", {"ok": {**HELLO, "capabilities": ["x"]}}),
        ("compile", {"ok": {"a.js": {"kind": "none"}}}),
        ("run", {"ok": {"result": {"$": "map"}}}),
        ("run", {"ok": {"result": {"$": "nothing"}}}),
        ("run", {"rejected": {"phase": "later", "code": "thrown"}}),
        ("exposes", {"ok": ["a.js#a"]}),
        ("withholds", {"ok": {"artifacts": {"a": 1}}}),
        ("dispatch", {"ok": {"answers": [{"status": 200}]}}),
        ("dispatch", {"ok": {"answers": [{"outcome": {"unsupported": {"why": "x"}}}]}}),
        ("skew", {"ok": {}}),
        ("forms", {"ok": {"answers": [{"outcome": {"ok": None}, "states": 1}]}}),
    ],
)
def test_a_bad_reply_does_not_fit_the_schema(operation, reply):
    with pytest.raises(Violation):
        protocol.check_schema(f"{operation}-reply", reply)
