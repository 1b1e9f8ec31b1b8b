"""`python -m refimpl explain` and `run`."""

import pytest

from refimpl.cli import main

PROJECT = {
    "actions.js": "'use server'\nexport async function add(a, b) { return a + b }\n"
    "export async function fail() { throw new Error('canary') }",
    "page.js": "export const page = () => 'from the server'",
    "client.js": "import { add } from './actions.js'\nexport default async page => [page, await add(1, 2)]",
    "failing.js": "import { fail } from './actions.js'\nexport default () => fail()",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name, text in PROJECT.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_explain_says_which_string_takes_effect(project, capsys):
    main(["explain", "actions.js"])

    assert "actions.js:1:1: takes effect: it marks the module" in capsys.readouterr().out


def test_explain_quotes_the_clause_by_which_a_string_has_no_effect(project, capsys):
    (project / "a.js").write_text("import './b.js'\n'use server'")

    assert main(["explain", "a.js"]) == 1

    shown = capsys.readouterr().out
    assert "a.js:2:1: has no effect" in shown
    assert "[directive.before.statement] Any other statement" in shown


def test_explain_says_when_there_is_nothing_to_explain(project, capsys):
    assert main(["explain", "page.js"]) == 0
    assert "There is no string" in capsys.readouterr().out


@pytest.mark.parametrize("argument", ["nothing.js", "."])
def test_explain_of_what_is_no_file_exits_with_2(project, argument, capsys):
    assert main(["explain", argument]) == 2
    assert "error[input." in capsys.readouterr().err


def test_run_prints_the_result_of_the_client_program(project, capsys):
    assert main(["run", ".", "page.js#page", "--client", "client.js"]) == 0
    assert capsys.readouterr().out == '["from the server", 3]\n'


def test_run_without_a_client_program_prints_what_the_server_sent(project, capsys):
    main(["run", ".", "page.js#page"])

    assert capsys.readouterr().out == '"from the server"\n'


def test_trace_prints_every_message_in_order(project, capsys):
    main(["run", ".", "--client", "client.js", "--trace"])

    events = [
        line.split(" ms  ")[1].split(":")[0] for line in capsys.readouterr().out.splitlines()[:4]
    ]
    assert events == [
        "request sent 1",
        "request arrived 1",
        "response sent 1",
        "response arrived 1",
    ]


def test_the_same_seed_gives_the_same_trace(project, capsys):
    traces = []
    for _ in range(2):
        main(["run", ".", "--client", "failing.js", "--trace", "--seed", "7"])
        traces.append(capsys.readouterr())

    assert traces[0] == traces[1]


def test_a_failed_call_exits_with_1_and_shows_the_log_of_the_server(project, capsys):
    assert main(["run", ".", "--client", "failing.js"]) == 1

    shown = capsys.readouterr().err
    assert "error[call/thrown]" in shown
    assert "Error: canary" in shown.partition("server log:")[2]


def test_a_project_that_does_not_compile_shows_the_place(project, capsys):
    (project / "actions.js").write_text("'use server'\nexport const n = 1")

    assert main(["run", ".", "--client", "client.js"]) == 1
    assert "actions.js:2:14: error[export-not-async]" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["nowhere"], [".", "--client", "nothing.js"]])
def test_what_does_not_exist_exits_with_2(project, arguments, capsys):
    assert main(["run", *arguments]) == 2
    assert "error[input.missing]" in capsys.readouterr().err
