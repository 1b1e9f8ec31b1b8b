"""Each thing that is wrong with a corpus is one problem with a code and a place."""

import time

import pytest

from conformance import choices, corpus, specification

GOOD = """\
- id: a/good
  clause: a.b
  title: It is good.
  origin: spec
  files: {a.js: ''}
  exposes: []
"""


def case(**changes):
    """The text of a case with some fields written otherwise; None leaves a field out."""
    fields = {
        "id": "a/case",
        "clause": "a.b",
        "title": "It is so.",
        "origin": "spec",
        "files": "{a.js: ''}",
        "exposes": "[]",
        **changes,
    }
    lines = [f"  {name}: {value}" for name, value in fields.items() if value is not None]
    return "\n".join(["-", *lines, ""])


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "a.yaml"
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, "utf-8", "surrogatepass")
        return corpus.read_file(path, choices.load())

    return read


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("- id: [\n", "corpus.yaml-syntax", 2),
        ("- a: 1\n\tb: 2\n", "corpus.yaml-syntax", 2),
        ("a: 1\n---\nb: 2\n", "corpus.yaml-syntax", 2),
        ("id: a\n", "corpus.wrong-type", 1),
        ("- just a text\n", "corpus.wrong-type", 1),
        (case(id=None), "corpus.missing-field", 2),
        (case(colour="red"), "corpus.unknown-field", 8),
        (case(title="[1]"), "corpus.wrong-type", 4),
        (case(title="12"), "corpus.wrong-type", 4),
        (case(title=""), "corpus.wrong-type", 4),
        (case(title="!date 2020"), "corpus.wrong-type", 4),
        (case(title="a\n  title: b"), "corpus.duplicate-key", 5),
        (case(id="No/Good"), "corpus.invalid-value", 2),
        (case(id="single"), "corpus.invalid-value", 2),
        (case(files="{}"), "corpus.missing-field", 6),
        (case(files="{/etc/passwd: ''}"), "corpus.invalid-value", 6),
        (case(files="{../a.js: ''}"), "corpus.invalid-value", 6),
        (case(files="{a.js: 1}"), "corpus.wrong-type", 6),
        (case(files="{a.js: '', a.js: ''}"), "corpus.duplicate-key", 6),
        (case(origin="somewhere"), "corpus.invalid-value", 5),
        (case(origin="{seed: vue, block: 1}"), "corpus.invalid-value", 5),
        (case(origin="{seed: react}"), "corpus.missing-field", 5),
        (case(exposes=None), "corpus.no-observation", 2),
        (case(exposes="[a.js]"), "corpus.invalid-value", 7),
        (case(requires="{nothing: error}"), "corpus.unknown-choice", 8),
        (case(requires="{re-export: maybe}"), "corpus.invalid-value", 8),
        (case(polarity="neutral"), "corpus.invalid-value", 8),
        (case(compile="{}"), "corpus.missing-field", 8),
        (case(compile="{a.js: {kind: both}}"), "corpus.invalid-value", 8),
        (case(compile="{a.js: {functions: [{name: a}]}}"), "corpus.missing-field", 8),
        (case(compile="{rejects: {code: a}, a.js: {}}"), "corpus.unknown-field", 8),
        (case(compile="{rejects: {phase: load, code: a}}"), "corpus.unknown-field", 8),
        (case(run="{client: a}"), "corpus.missing-field", 8),
        (case(run="{result: 1}"), "corpus.missing-field", 8),
        (
            case(run="{client: a, result: 1, rejects: {phase: call, code: a}}"),
            "corpus.missing-field",
            8,
        ),
        (case(run="{client: a, rejects: {phase: never, code: a}}"), "corpus.invalid-value", 8),
        (case(run="{client: a, result: !nothing }"), "corpus.unknown-tag", 8),
        (case(run="{client: a, result: {a: 1, a: 2}}"), "corpus.duplicate-key", 8),
        (case(run="{client: a, result: 1, seed: -1}"), "corpus.wrong-type", 8),
        (case(run="{client: a, result: 1, schedule: [a]}"), "corpus.wrong-type", 8),
        (case(run="{client: a, result: 1, args: {}}"), "corpus.wrong-type", 8),
        (case(run="{client: a, result: 1, mode: fast}"), "corpus.invalid-value", 8),
        (case(withholds="{canaries: [short]}"), "corpus.invalid-value", 8),
        (b"- \xff\n", "corpus.not-utf8", 1),
        (b"\x00\x01", "corpus.yaml-syntax", None),
        ("[" * 100_000, "corpus.yaml-syntax", 1),
        ("- " * 100_000, "corpus.yaml-syntax", 1),
    ],
)
def test_it_is_one_problem_with_a_code_and_a_line(read, text, code, line):
    file = read(text)

    assert [(problem.code, problem.place.line) for problem in file.problems] == [(code, line)] or (
        line is None and [problem.code for problem in file.problems] == [code]
    )


def test_a_bad_case_costs_only_itself(read):
    file = read(case(title="[1]") + GOOD)

    assert [found.id for found in file.cases] == ["a/good"]


def test_an_empty_file_has_no_cases_and_no_problems(read):
    file = read("# nothing yet\n")

    assert (file.cases, file.problems) == ([], [])


def test_a_folder_is_unreadable(tmp_path):
    folder = tmp_path / "folder.yaml"
    folder.mkdir()

    (problem,) = corpus.read_file(folder, choices.load()).problems

    assert problem.code == "corpus.unreadable"


def test_a_problem_names_the_file_the_line_and_the_column(read, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    (problem,) = read(case(colour="red")).problems

    assert str(problem).startswith("a.yaml:8:11: corpus.unknown-field: the field 'colour' is")


def test_a_duplicate_key_says_where_the_first_is(read):
    (problem,) = read(case(title="a\n  title: b")).problems

    assert "already written on line 4" in problem.message


def test_an_id_used_twice_is_a_problem_of_the_second(read):
    file = read(GOOD + GOOD)
    index = corpus.Index(
        specification.read("> **`a.b`** — must · directive · source: html\n> So.\n")
    )

    (problem,) = index.problems(file.cases)

    assert (problem.code, problem.place.line) == ("corpus.duplicate-id", 7)


def test_a_clause_that_does_not_exist_is_a_problem_with_a_guess(read):
    file = read(GOOD)
    index = corpus.Index(
        specification.read("> **`a.bc`** — must · directive · source: html\n> So.\n")
    )

    (problem,) = index.problems(file.cases)

    assert (problem.code, problem.fix) == ("corpus.unknown-clause", "did you mean a.bc?")


def test_a_retired_clause_is_a_problem(read):
    file = read(GOOD)
    index = corpus.Index(specification.read("> ~~`a.b`~~ — retired: it said nothing\n"))

    (problem,) = index.problems(file.cases)

    assert problem.code == "corpus.retired-clause"


def test_two_thousand_cases_are_read_in_a_second(tmp_path):
    text = "".join(GOOD.replace("a/good", f"a/good-{n}") for n in range(2000))
    (tmp_path / "many.yaml").write_text(text)
    began = time.process_time()

    (file,) = corpus.read_all(tmp_path, choices.load())

    assert len(file.cases) == 2000
    assert time.process_time() - began < 2
