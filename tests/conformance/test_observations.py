"""Each observation point passes what is as expected, and says what is not."""

import base64

import pytest

from conformance import yaml_source
from conformance.observations import Compile, Exposes, Run, Withholds
from conformance.protocol import Hello, Ok, Rejected, Unsupported, Violation
from conformance.written import Written

BLIND = Hello("blind", "1", frozenset({"compile", "run", "exposes", "withholds"}))
SEEING = Hello("seeing", "1", BLIND.capabilities | {"compile.captures"})


def read(kind, text):
    return kind.read(Written(yaml_source.compose(text, "test"), "test"))


def judge(kind, text, reply, hello=BLIND):
    return read(kind, text).judge(reply, hello)


def code(kind, text, reply, hello=BLIND):
    found = judge(kind, text, reply, hello)
    return found and found.code


def compiled(kind="server", functions=(), diagnostics=(), path="a.js"):
    return Ok({path: {"kind": kind, "functions": [*functions], "diagnostics": [*diagnostics]}})


SAVE = {"where": "export", "name": "save"}
INLINE = {"where": "inline", "name": None, "captures": ["a", "b"]}
WARNING = {"code": "misspelt-directive.case", "line": 3, "severity": "warning"}


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("{a.js: {kind: server}}", compiled(functions=[SAVE], diagnostics=[WARNING])),
        ("{a.js: {functions: [{where: export, name: save}]}}", compiled(functions=[SAVE])),
        ("{a.js: {functions: [{where: export}]}}", compiled(functions=[SAVE])),
        ("{a.js: {functions: [{where: inline, name: null}]}}", compiled(functions=[INLINE])),
        ("{a.js: {functions: []}}", compiled()),
        ("{a.js: {diagnostics: [{code: misspelt-directive}]}}", compiled(diagnostics=[WARNING])),
        (
            "{a.js: {diagnostics: [{code: misspelt-directive.case, line: 3, severity: warning}]}}",
            compiled(diagnostics=[WARNING]),
        ),
        ("{rejects: {code: syntax}}", Rejected("compile", "syntax.early")),
        ("{rejects: {code: [other, syntax]}}", Rejected("compile", "syntax")),
        (
            "{rejects: {code: syntax, file: a.js, line: 2}}",
            Rejected("compile", "syntax", "", "a.js", 2),
        ),
    ],
)
def test_compile_passes(text, reply):
    assert judge(Compile, text, reply) is None


@pytest.mark.parametrize(
    ("text", "reply", "expected"),
    [
        ("{b.js: {kind: server}}", compiled(), "missing-file"),
        ("{a.js: {kind: none}}", compiled(), "different-kind"),
        ("{a.js: {functions: []}}", compiled(functions=[SAVE]), "different-functions"),
        (
            "{a.js: {functions: [{where: inline}]}}",
            compiled(functions=[SAVE]),
            "different-functions",
        ),
        (
            "{a.js: {functions: [{where: export, name: load}]}}",
            compiled(functions=[SAVE]),
            "different-functions",
        ),
        (
            "{a.js: {functions: [{where: export, name: save}, {where: inline}]}}",
            compiled(functions=[INLINE, SAVE]),
            "different-functions",
        ),
        ("{a.js: {diagnostics: []}}", compiled(diagnostics=[WARNING]), "different-diagnostics"),
        (
            "{a.js: {diagnostics: [{code: misspelt-directive, line: 4}]}}",
            compiled(diagnostics=[WARNING]),
            "different-diagnostics",
        ),
        (
            "{a.js: {diagnostics: [{code: misspelt}]}}",
            compiled(diagnostics=[WARNING]),
            "different-diagnostics",
        ),
        (
            "{a.js: {diagnostics: [{code: misspelt-directive, severity: error}]}}",
            compiled(diagnostics=[WARNING]),
            "different-diagnostics",
        ),
        (
            "{a.js: {diagnostics: [{code: syntax}, {code: syntax}]}}",
            compiled(diagnostics=[{"code": "syntax"}]),
            "different-diagnostics",
        ),
        ("{a.js: {kind: server}}", Rejected("compile", "syntax"), "rejected:compile/syntax"),
        ("{rejects: {code: syntax}}", compiled(), "accepted"),
        (
            "{rejects: {code: syntax}}",
            Rejected("compile", "syntactic"),
            "rejected:compile/syntactic",
        ),
        ("{rejects: {code: syntax}}", Rejected("load", "syntax"), "rejected:load/syntax"),
        (
            "{rejects: {code: syntax, line: 2}}",
            Rejected("compile", "syntax", "", None, 3),
            "other-place",
        ),
        ("{rejects: {code: syntax, line: 2}}", Rejected("compile", "syntax"), "other-place"),
    ],
)
def test_compile_fails_with_a_code(text, reply, expected):
    assert code(Compile, text, reply) == expected


CAPTURES = "{a.js: {functions: [{where: inline, captures: [b, a]}]}}"


def test_captures_are_a_set():
    assert judge(Compile, CAPTURES, compiled(functions=[INLINE]), SEEING) is None


def test_other_captures_fail():
    seen = {**INLINE, "captures": ["a"]}

    assert code(Compile, CAPTURES, compiled(functions=[seen]), SEEING) == "different-captures"


def test_captures_that_cannot_be_seen_are_unsupported_and_not_passed():
    assert isinstance(judge(Compile, CAPTURES, compiled(functions=[INLINE])), Unsupported)


def test_what_else_is_wrong_is_a_failure_even_where_captures_cannot_be_seen():
    assert code(Compile, CAPTURES, compiled(functions=[SAVE])) == "different-functions"


def test_a_diagnostic_too_many_is_where_the_caret_goes():
    found = judge(Compile, "{a.js: {diagnostics: []}}", compiled(diagnostics=[WARNING]))

    assert (found.file, found.line) == ("a.js", 3)


@pytest.mark.parametrize(
    "reply",
    [
        Ok([]),
        Ok({"a.js": 1}),
        Ok({"a.js": {"kind": "module", "functions": [], "diagnostics": []}}),
        Ok({"a.js": {"kind": "none", "functions": {}, "diagnostics": []}}),
        Ok({"a.js": {"kind": "none", "functions": [1], "diagnostics": []}}),
        Ok({"a.js": {"kind": "none", "functions": [{"where": "here"}], "diagnostics": []}}),
        Ok({"a.js": {"kind": "none", "functions": []}}),
        Ok({"a.js": {"kind": "none", "functions": [], "diagnostics": [{"line": 1}]}}),
        Ok(
            {
                "a.js": {
                    "kind": "none",
                    "functions": [{"where": "inline", "captures": "a"}],
                    "diagnostics": [],
                }
            }
        ),
        Ok(
            {
                "a.js": {
                    "kind": "none",
                    "functions": [{"where": "inline", "captures": [{}]}],
                    "diagnostics": [],
                }
            }
        ),
        Ok({"a.js": {"kind": [], "functions": [], "diagnostics": []}}),
    ],
)
def test_another_form_of_compile_breaks_the_protocol(reply):
    with pytest.raises(Violation):
        judge(
            Compile,
            "{a.js: {kind: none, functions: [{where: inline, captures: []}]}}",
            reply,
            SEEING,
        )


RUN = "{client: 'export default () => 1', result: [1, {a: !date 2020}]}"
THROWS = "{client: 'export default () => 1', rejects: {phase: [load, call], code: thrown}}"


def test_run_passes_the_same_value():
    reply = Ok({"result": [1, {"a": {"$": "date", "value": "2020"}}]})

    assert judge(Run, RUN, reply) is None


@pytest.mark.parametrize(
    ("text", "reply", "expected"),
    [
        (RUN, Ok({"result": [1, {"a": "2020"}]}), "different-value"),
        (RUN, Rejected("call", "thrown"), "rejected:call/thrown"),
        (THROWS, Ok({"result": 1}), "accepted"),
        (THROWS, Rejected("dispatch", "thrown"), "rejected:dispatch/thrown"),
        (THROWS, Rejected("load", "thrown"), None),
    ],
)
def test_run_fails_with_a_code(text, reply, expected):
    assert code(Run, text, reply) == expected


def test_run_names_the_first_difference():
    found = judge(Run, RUN, Ok({"result": [1, {"a": "2020"}]}))

    assert found.summary == "$[1].a: expected !date 2020, saw '2020'"


def test_a_deep_result_is_judged():
    deep = []
    for _ in range(1_000):
        deep = [deep]

    assert code(Run, RUN, Ok({"result": deep})) == "different-value"


@pytest.mark.parametrize("value", [1, {}, {"value": 1}, {"result": {"$": "nothing"}}])
def test_another_form_of_run_breaks_the_protocol(value):
    with pytest.raises(Violation):
        judge(Run, RUN, Ok(value))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (["a.js#b", "a.js#a"], None),
        (["a.js#a"], "exposes-less"),
        (["a.js#a", "a.js#b", "a.js#c"], "exposes-more"),
        (["a.js#a", "a.js#c"], "exposes-more"),
        (["a.js#a", "a.js#b", "a.js#b"], "exposes-more"),
    ],
)
def test_exposes_compares_the_exact_set(seen, expected):
    assert code(Exposes, "[a.js#a, a.js#b]", Ok({"functions": seen})) == expected


@pytest.mark.parametrize("value", [1, {}, {"functions": "a.js#a"}, {"functions": [1]}])
def test_another_form_of_exposes_breaks_the_protocol(value):
    with pytest.raises(Violation):
        judge(Exposes, "[]", Ok(value))


SECRET = "canary-1234 is here"
PLAIN = SECRET.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"before " + PLAIN + b" after",
        b"x" + base64.b64encode(PLAIN),
        base64.b64encode(b"1" + PLAIN + b"later"),
        base64.b64encode(b"12" + PLAIN + b"later"),
        base64.urlsafe_b64encode(b"\xff\xfe" + PLAIN),
        PLAIN.hex().encode(),
        PLAIN.hex().upper().encode(),
        SECRET.encode("utf-16-le"),
        SECRET.encode("utf-16-be"),
    ],
)
def test_withholds_finds_a_canary_in_every_disguise_that_keeps_no_secret(data):
    reply = Ok({"artifacts": {"client.js": {"base64": base64.b64encode(data).decode()}}})

    assert code(Withholds, f"{{canaries: ['{SECRET}']}}", reply) == "leaks"


def test_withholds_passes_other_texts():
    reply = Ok({"artifacts": {"client.js": "canary-123 is here", "b": {"base64": "AAAA"}}})

    assert judge(Withholds, f"{{canaries: ['{SECRET}']}}", reply) is None


def test_an_empty_hand_is_not_a_kept_secret():
    assert code(Withholds, f"{{canaries: ['{SECRET}']}}", Ok({"artifacts": {}})) == "no-artifacts"


def test_a_witness_shows_that_something_was_handed_over():
    reply = Ok({"artifacts": {"client.js": "nothing"}})

    assert code(Withholds, f"{{canaries: ['{SECRET}'], witnesses: [label]}}", reply) == "no-witness"


@pytest.mark.parametrize(
    "value",
    [1, {}, {"artifacts": []}, {"artifacts": {"a": 1}}, {"artifacts": {"a": {"base64": "!"}}}],
)
def test_another_form_of_withholds_breaks_the_protocol(value):
    with pytest.raises(Violation):
        judge(Withholds, f"{{canaries: ['{SECRET}']}}", Ok(value))
