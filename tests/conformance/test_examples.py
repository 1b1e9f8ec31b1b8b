"""The generated parts of SPEC.md are those of the corpus, the grammars and the choices."""

import pytest

from conformance import choices, corpus, examples

CASES = """
- id: a/run
  clause: a.b
  title: It runs.
  origin: spec
  files: {page.jsx: "export const a = `${1}`\\n// ```\\n"}
  run: {entry: page.jsx#a, client: 'export default a => a', result: [1, !date 2020]}
- id: a/compile
  clause: a.b
  title: It compiles.
  origin: spec
  files: {a.mts: 'export const a = 1'}
  compile: {a.mts: {kind: server, functions: [{where: export, name: a}], diagnostics: []}}
- id: a/refused
  clause: a.b
  title: It is refused.
  origin: spec
  files: {a.js: '='}
  compile: {rejects: {code: syntax, line: 1}}
- id: a/multipart
  clause: a.b
  title: It is read.
  origin: spec
  decode: {message: arguments, parts: [{name: "0", text: '[]'}], value: []}
- id: a/forms
  clause: a.b
  title: It is submitted.
  origin: spec
  files: {a.js: 'export const a = 1'}
  forms:
    entry: a.js#a
    watch: a.js#a
    page: [{action: $.a, controls: [{name: n}]}]
    submissions: [{ran: [1]}, {family: {tamper: {up-to: 3}}, rejects: {phase: dispatch, code: x}}, {states: [2], url: /}]
"""


@pytest.fixture
def cases(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(CASES)
    return {case.id: case for case in corpus.read_file(path, choices.load()).cases}


def test_a_page_shows_its_forms_and_what_is_submitted(cases):
    text = examples.regenerated("<!-- example: a/forms -->\n<!-- /example -->", cases, {})

    assert (
        """
```text
form 0: action: $.a, controls: [{"name": "n"}]
submit form: 0
  → watched: [1]
submit form: 0, tamper: 1 (and 2 like it)
  → rejected dispatch/x
submit form: 0
  → states: [2]; leads to /
```
"""
        in text
    )


def test_the_line_ends_of_a_message_are_those_of_the_document(cases):
    text = examples.regenerated("<!-- example: a/multipart -->\n<!-- /example -->", cases, {})

    assert 'name="0"\n\n[]\n' in text
    assert "\r" not in text


def test_a_run_shows_its_files_its_client_and_its_result(cases):
    text = examples.regenerated("<!-- example: a/run -->\n<!-- /example -->", cases, {})

    assert (
        text
        == """\
<!-- example: a/run -->
*Example* `a/run`: It runs.

`page.jsx`

````jsx
export const a = `${1}`
// ```
````

Entry: `page.jsx#a`

Client

```js
export default a => a
```

Result

```yaml
[1, !date 2020]
```

<!-- /example -->"""
    )


def test_a_compilation_shows_its_facts(cases):
    text = examples.regenerated("<!-- example: a/compile -->\n<!-- /example -->", cases, {})

    assert "```ts\nexport const a = 1\n```" in text
    assert "a.mts: kind server; functions export a; diagnostics none" in text


def test_a_refusal_shows_its_phase_and_code(cases):
    text = examples.regenerated("<!-- example: a/refused -->\n<!-- /example -->", cases, {})

    assert "Rejected: `compile/syntax on line 1`" in text


def test_the_table_of_choices_has_every_option():
    known = choices.load()
    text = examples.regenerated("<!-- choices -->\nold\n<!-- /choices -->", {}, known)

    for choice in known.values():
        for option in choice.options:
            assert f"`{option}`" in text


@pytest.fixture
def problems(tmp_path, cases):
    known = choices.load()

    def find(text):
        path = tmp_path / "SPEC.md"
        path.write_text(text)
        return [problem.code for problem in examples.problems(path, cases, known)]

    return find


def test_what_was_written_is_in_sync(problems, cases):
    text = examples.regenerated(
        "<!-- example: a/run -->\n<!-- /example -->\n<!-- choices -->\n<!-- /choices -->",
        cases,
        choices.load(),
    )

    assert problems(text) == []


def test_a_change_by_hand_is_drift(problems):
    text = "<!-- example: a/run -->\nby hand\n<!-- /example -->"

    assert problems(text) == ["specification.drift"]


def test_an_example_of_no_case_is_found(problems):
    text = "<!-- example: a/nothing -->\n<!-- /example -->"

    assert problems(text) == ["specification.unknown-example"]


def test_what_cannot_be_generated_stays_as_it_is(cases):
    text = "<!-- example: a/nothing -->\nby hand\n<!-- /example -->"

    assert examples.regenerated(text, cases, {}) == text


def test_rules_of_a_grammar_come_with_their_comments(tmp_path, monkeypatch):
    (tmp_path / "a.lark").write_text(
        "// header\n\n// clause: a.b\nstart: X\n    | Y // more\n\nX.2: /x/\nY: /y/\n"
    )
    monkeypatch.setattr("spec.FOLDER", tmp_path)

    text = examples.regenerated("<!-- grammar: a.lark start X -->\n<!-- /grammar -->", {}, {})

    assert text == (
        "<!-- grammar: a.lark start X -->\n"
        "```lark\n// clause: a.b\nstart: X\n    | Y // more\n\nX.2: /x/\n```\n"
        "<!-- /grammar -->"
    )


def test_an_unknown_rule_is_found(tmp_path, problems, monkeypatch):
    (tmp_path / "a.lark").write_text("start: X\n")
    monkeypatch.setattr("spec.FOLDER", tmp_path)

    assert problems("<!-- grammar: a.lark end -->\n<!-- /grammar -->") == [
        "specification.unknown-rule"
    ]
