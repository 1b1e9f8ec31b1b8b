"""`python -m refimpl check`."""

import json

import pytest

from refimpl.cli import main
from refimpl.source import parser


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_clean_file_exits_with_0(folder, capsys):
    (folder / "a.js").write_text("'use server'\nexport async function save() {}")

    assert (
        main(["check", "a.js"]),
        capsys.readouterr().out,
    ) == (0, "a.js: server module, 1 server function: save\n1 file checked: 0 errors, 0 warnings\n")


def test_a_finding_exits_with_1(folder):
    (folder / "a.js").write_text("'use server'\nexport const n = 1")

    assert main(["check", "a.js"]) == 1


def test_a_finding_shows_the_place_the_fix_and_a_caret(folder, capsys):
    (folder / "a.js").write_text("let x\n  ;`use server`")

    main(["check", "a.js"])

    shown = capsys.readouterr().out
    assert "a.js:2:4: warning[misplaced-directive.template]" in shown
    assert "2 |   ;`use server`\n       ^^^^^^^^^^^^" in shown
    assert "use single or double quotes" in shown


def test_a_syntax_error_does_not_hide_the_other_files(folder, capsys):
    (folder / "a.js").write_text("'use server' ) (")
    (folder / "b.js").write_text("'use server'; export class A {}")

    main(["check", "."])

    shown = capsys.readouterr().out
    assert "a.js:1:14: error[syntax" in shown
    assert "b.js:1:" in shown


def test_a_folder_is_searched_without_packages_and_hidden_folders(folder, capsys):
    for place in ("src", "node_modules/x", ".cache"):
        (folder / place).mkdir(parents=True)
        (folder / place / "a.js").write_text("'use server'")

    main(["check", "."])

    assert capsys.readouterr().out.endswith("1 file checked: 0 errors, 0 warnings\n")


def test_a_file_without_the_words_is_not_parsed(folder, monkeypatch):
    (folder / "a.js").write_text("'use strict'; ) this is no program (")

    def never(*_):
        pytest.fail("the file was parsed")

    monkeypatch.setattr(parser, "parse", never)

    assert main(["check", "a.js"]) == 0


@pytest.mark.parametrize("text", ["'use sever'", '"Use Server"', "'use-client'", "`use server`"])
def test_a_file_with_a_near_miss_is_parsed(folder, text):
    (folder / "a.js").write_text(text)

    assert main(["check", "a.js"]) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe'use server'", "syntax.encoding"),
        (b"'use server'\0", "syntax.binary"),
        (b"//" + b" " * (9 * 1024 * 1024), "input.too-large"),
    ],
)
def test_what_cannot_be_read_has_a_code_and_exits_with_2(folder, capsys, content, code):
    (folder / "a.js").write_bytes(content)

    assert (main(["check", "a.js"]), f"[{code}" in capsys.readouterr().out) == (2, True)


def test_a_missing_file_has_a_code_and_the_rest_goes_on(folder, capsys):
    (folder / "a.js").write_text("'use server'")

    assert main(["check", "nothing.js", "a.js"]) == 2
    assert "nothing.js:1:1: error[input.missing]" in (shown := capsys.readouterr().out)
    assert "a.js: server module" in shown


def test_an_empty_file_is_fine(folder):
    (folder / "a.js").write_text("")

    assert main(["check", "a.js"]) == 0


def test_json_lists_modules_and_diagnostics(folder, capsys):
    (folder / "a.js").write_text("'use server'\nexport async function save() {}\n;('use server')")

    main(["check", "a.js", "--format", "json"])

    document = json.loads(capsys.readouterr().out)
    assert document["modules"] == [
        {
            "file": "a.js",
            "kind": "server",
            "functions": [{"where": "export", "name": "save", "captures": [], "line": 2}],
        }
    ]
    assert [found["code"] for found in document["diagnostics"]] == [
        "misplaced-directive.parenthesized"
    ]


def test_sarif_names_rule_file_and_region(folder, capsys):
    (folder / "a.js").write_text("'use server'\nexport const n = 1")

    main(["check", "a.js", "--format", "sarif"])

    (run,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"]) == (
        "export-not-async",
        "a.js",
        2,
    )


def test_github_prints_one_command_for_each_finding(folder, capsys):
    (folder / "a.js").write_text("'use server'\nexport const n = 1")

    main(["check", "a.js", "--format", "github"])

    assert capsys.readouterr().out.startswith(
        "::error file=a.js,line=2,col=14,title=export-not-async::"
    )


def test_wrong_usage_exits_with_2():
    with pytest.raises(SystemExit) as stopped:
        main(["check"])

    assert stopped.value.code == 2
