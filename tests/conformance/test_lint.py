"""The lint finds what makes a corpus worse, and has nothing to say about the one inside."""

import json

import jsonschema
import pytest

import spec
from conformance import choices, corpus, lint, specification

SPEC = "> **`a.b`** — must · directive · source: html\n> So.\n"
CASE = {
    "id": "folder/case",
    "clause": "a.b",
    "title": "It is so.",
    "origin": "spec",
    "files": {"a.js": "export const a = 1\n"},
    "compile": {"a.js": {"kind": "none"}},
}


@pytest.fixture
def codes(tmp_path):
    def find(rule, **changes):
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / "a.yaml").write_text(json.dumps([{**CASE, **changes}]))
        known = choices.load()
        files = corpus.read_all(tmp_path, known)
        subject = lint.Subject(tmp_path, files, specification.read(SPEC), known)
        return [problem.code for problem in rule(subject)]

    return find


@pytest.mark.parametrize(
    "rule",
    [lint.unreadable, lint.inconsistent, lint.against_schema, lint.titles, lint.ids, lint.paths],
)
def test_a_good_case_is_let_through(codes, rule):
    assert codes(rule) == []


@pytest.mark.parametrize(
    "title",
    ["It should be so.", "Test that it is so.", "It is so", "It is so\nand so.", "x" * 120 + "."],
)
def test_a_title_that_is_no_claim_is_found(codes, title):
    assert codes(lint.titles, title=title) == ["lint.title"]


def test_an_id_that_tells_nothing_is_found(codes):
    assert codes(lint.ids, id="elsewhere/case") == ["lint.id"]


@pytest.mark.parametrize("first", ["folder", "a"])
def test_an_id_begins_with_its_folder_or_the_first_word_of_its_clause(codes, first):
    assert codes(lint.ids, id=f"{first}/case") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"compile": {"b.js": {"kind": "none"}}},
        {"compile": {"rejects": {"code": "syntax", "file": "b.js"}}},
        {"exposes": ["b.js#save"]},
        {"run": {"entry": "b.js#a", "client": "", "result": 1}},
        {"withholds": {"entry": "b.js#a", "canaries": ["canary-1234"]}},
    ],
)
def test_a_file_the_case_does_not_have_is_found(codes, changes):
    assert codes(lint.paths, **changes) == ["lint.missing-file"]


def test_a_line_the_file_does_not_have_is_found(codes):
    diagnostics = {"a.js": {"diagnostics": [{"code": "syntax", "line": 2}]}}

    assert codes(lint.paths, compile=diagnostics) == ["lint.missing-line"]


def test_a_clause_that_does_not_exist_is_found(codes):
    assert codes(lint.inconsistent, clause="a.c") == ["corpus.unknown-clause"]


def test_the_corpus_inside_is_let_through():
    problems = lint.problems(lint.Subject.of(corpus.ROOT))

    assert "\n".join(map(str, problems)) == ""


@pytest.fixture
def choice_problems(tmp_path, monkeypatch):
    """What the lint says of the choices when SPEC.md has a given text."""

    def find(text, known):
        (tmp_path / "SPEC.md").write_text(text)
        monkeypatch.setattr("spec.FOLDER", tmp_path)
        options = {name: choices.Choice(name, "?", {"a": "A."}) for name in known}
        subject = lint.Subject(tmp_path, [], specification.read(text), options)
        return [problem.code for problem in lint.choices(subject)]

    return find


def test_a_choice_that_is_named_and_exists_is_let_through(choice_problems):
    assert choice_problems("> according to the choice\n> `order`.\n", ["order"]) == []


def test_a_choice_that_does_not_exist_is_found(choice_problems):
    assert choice_problems("the choice `order`", []) == ["lint.unknown-choice"]


def test_a_choice_that_no_clause_leaves_open_is_found(choice_problems):
    text = "<!-- choices -->\nchoice `order`\n<!-- /choices -->\n"

    assert choice_problems(text, ["order"]) == ["lint.unmentioned-choice"]


def schema_refuses(data):
    schema = json.loads(spec.read("case.schema.json"))
    return not jsonschema.Draft202012Validator(schema).is_valid([data])


@pytest.mark.parametrize("name", ["case.schema.json", "protocol.schema.json"])
def test_a_schema_is_a_schema(name):
    jsonschema.Draft202012Validator.check_schema(json.loads(spec.read(name)))


@pytest.mark.parametrize("name", ["case.schema.json", "protocol.schema.json"])
def test_every_field_of_a_schema_is_described(name):
    """A reader of the schema is told what each field of each object means."""
    schema = json.loads(spec.read(name))
    silent = [
        f"{owner}.{field}"
        for owner, definition in schema["$defs"].items()
        for field, content in definition.get("properties", {}).items()
        if "description" not in content and "$ref" not in content and field != "seq"
    ]

    assert [field for field in silent if not field.endswith(".op")] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "No"},
        {"title": 1},
        {"origin": "somewhere"},
        {"origin": {"seed": "vue", "block": 1}},
        {"files": {}},
        {"colour": "red"},
        {"compile": {}},
        {"compile": {"a.js": {"kind": "both"}}},
        {"compile": {"rejects": {"phase": "load", "code": "a"}}},
        {"run": {"client": "a"}},
        {"run": {"client": "a", "result": 1, "rejects": {"phase": "call", "code": "a"}}},
        {"run": {"client": "a", "rejects": {"phase": "never", "code": "a"}}},
        {"run": {"client": "a", "result": 1, "seed": -1}},
        {"exposes": ["a.js"]},
        {"withholds": {"canaries": ["short"]}},
        {"polarity": "neutral"},
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(tmp_path, changes):
    """What is published for other tools says no where the suite itself says no."""
    (tmp_path / "a.yaml").write_text(json.dumps([{**CASE, **changes}]))

    assert corpus.read_file(tmp_path / "a.yaml", choices.load()).problems
    assert schema_refuses({**CASE, **changes})


def test_the_schema_takes_what_the_reader_takes():
    assert not schema_refuses(CASE)
