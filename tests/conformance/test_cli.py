"""The command line of the suite beside `run`."""

import json

import pytest

from conformance import choices, corpus
from conformance.__main__ import main


def test_the_command_says_how_to_go_on(tmp_path, capsys):
    status = main(["init", "python", str(tmp_path / "mine")])

    assert status == 0
    assert "python -m conformance run '--impl=cmd:python" in capsys.readouterr().out


def test_a_refusal_is_one_line_and_status_2(tmp_path, capsys):
    (tmp_path / "a").write_text("")

    status = main(["init", "python", str(tmp_path)])

    assert status == 2
    assert "init.not-empty" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["case", "protocol"])
def test_a_schema_is_printed(name, capsys):
    assert main(["schema", name]) == 0
    assert json.loads(capsys.readouterr().out)["$defs"]


def test_the_bundle_holds_every_case(capsys):
    assert main(["bundle"]) == 0

    cases = json.loads(capsys.readouterr().out)["cases"]
    files = corpus.read_all(corpus.ROOT, choices.load())
    ids = sorted(case.id for file in files for case in file.cases)
    assert [case["id"] for case in cases] == ids


BAD = "- {id: a/b, colour: red}\n"


def test_lint_prints_a_problem_per_line_and_status_1(tmp_path, capsys):
    (tmp_path / "a.yaml").write_text(BAD)

    status = main(["lint", "--corpus", str(tmp_path)])

    assert status == 1
    assert "a.yaml:1:21: corpus.unknown-field: the field 'colour'" in capsys.readouterr().out


def test_gate_counts_what_it_looked_at(tmp_path, capsys):
    status = main(["gate", "--corpus", str(tmp_path)])

    assert status == 1
    assert "0 cases, " in capsys.readouterr().out


def test_spec_check_has_nothing_to_say(capsys):
    status = main(["spec", "--check"])

    assert (status, capsys.readouterr().out.splitlines()[:-1]) == (0, [])


@pytest.mark.parametrize("command", ["lint", "gate", "bundle"])
def test_a_corpus_that_does_not_exist_is_one_line_and_status_2(command, capsys):
    status = main([command, "--corpus", "/nowhere"])

    assert status == 2
    assert capsys.readouterr().err.startswith("/nowhere: corpus.missing: ")
