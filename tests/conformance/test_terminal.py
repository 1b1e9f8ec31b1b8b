"""What people at a terminal see: where a run is, what to read first, and the counts at the end."""

import os
import pty
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

import conformance.runner  # noqa: F401  (each inner run would import it again otherwise)
from conformance import instructive
from conformance.instructive import Lesson
from conformance.progress import Progress

pytest_plugins = ["pytester"]
PLAIN = ("-p", "no:cacheprovider")


@pytest.fixture
def ask(suite, fake_command):
    return lambda fake, *options: suite(f"--impl={fake_command(fake)}", *PLAIN, *options)


@pytest.fixture
def watch(small_corpus, fake_command):
    """Run the suite at a terminal; all that was written to it."""

    def run(fake, *options, **environment):
        ours, theirs = pty.openpty()
        folder = small_corpus.parent
        places = [f"--corpus={small_corpus}", f"--specification={folder / 'SPEC.md'}"]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *places, f"--impl={fake_command(fake)}", *options],
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "80", **environment},
        )
        os.close(theirs)
        text = _read_all(ours)
        process.wait(60)
        return text

    return run


def _read_all(handle):
    chunks = []
    while True:
        try:
            data = os.read(handle, 65536)
        except OSError:  # the other side is closed
            data = b""
        if not data:
            os.close(handle)
            return b"".join(chunks).decode()
        chunks.append(data)


def test_a_line_tells_how_far_the_run_is_and_at_which_case(watch):
    assert "\x1b[K0/4  directive/quotes[compile]" in watch("honest")


def test_the_line_is_gone_at_the_end(watch):
    text = watch("honest")

    assert text.rindex("\r\x1b[K") > text.rindex("/4  ")
    assert "/4  " not in text[text.rindex("\r\x1b[K") :]


def test_the_letters_of_pytest_are_not_written_as_well(watch):
    assert "...." not in watch("honest")


def test_parallel_workers_share_the_line(watch):
    assert re.search(r"\x1b\[K\d/\d?.*directive/", watch("honest", "-n", "2"))


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        (["-q"], {}),
        (["-v"], {}),
        (["-s"], {}),
        (["--collect-only"], {}),
        ([], {"TERM": "dumb"}),
    ],
)
def test_nobody_gets_the_line_who_did_not_ask_for_it(watch, options, environment):
    assert "\x1b[K" not in watch("honest", *options, **environment)


def test_a_file_gets_no_line(ask):
    assert "\x1b" not in ask("honest").text


def test_colours_are_for_terminals(watch):
    assert "\x1b[32m" in watch("honest")


@pytest.mark.parametrize(
    ("options", "environment"), [(["--no-color"], {}), ([], {"NO_COLOR": "1"})]
)
def test_colours_can_be_turned_off(watch, options, environment):
    assert "\x1b[3" not in watch("always_wrong", *options, **environment)


def test_no_line_is_wider_than_a_narrow_terminal(watch):
    text = watch("leaves_out_the_severity", "--no-color", COLUMNS="50")

    begin = text.index("FAIL  directive")
    lines = [line.rsplit("\r", 1)[-1] for line in text[begin:].replace("\r\n", "\n").split("\n")]
    told = ("/small.yaml:", "pytest --corpus")
    assert [line for line in lines if len(line) > 50 and not any(t in line for t in told)] == []


def test_a_table_that_is_too_wide_is_a_list(watch):
    narrow = watch("crashes_on_third", "--no-color", COLUMNS="24")

    assert "  directive\r\n    3 pass, 1 crash" in narrow


@pytest.fixture
def progress(pytestconfig):
    found = Progress(pytestconfig)
    found.session, found.done = SimpleNamespace(testscollected=100), 7
    found.counts.update({"pass": 5, "fail": 2})
    return found


def test_the_line_has_the_counts(progress):
    assert progress.line("a/b[run]", 80) == "7/100  5 pass  2 fail  a/b[run]"


def test_a_long_case_is_cut(progress):
    assert progress.line("directive/quotes/single[run]", 50) == (
        "7/100  5 pass  2 fail  directive/quotes/single[ru…"
    )


@pytest.mark.parametrize("width", range(1, 60))
def test_the_line_never_wraps(progress, width):
    assert len(progress.line("directive/quotes/single[run]", width)) <= width


# Which failures to read first


def order(*lessons):
    found = instructive.ordered(range(len(lessons)), lambda n: Lesson(*lessons[n]))
    return [lessons[n] for n in found]


def test_a_must_comes_before_a_should():
    assert order(("a", "should", 1), ("b", "must", 9)) == [("b", "must", 9), ("a", "should", 1)]


def test_the_smallest_program_comes_first():
    assert order(("a", "must", 9), ("b", "must", 1)) == [("b", "must", 1), ("a", "must", 9)]


def test_every_clause_has_its_turn_before_any_comes_again():
    first, again, other = ("a", "must", 1), ("a", "must", 2), ("b", "should", 9)

    assert order(again, first, other) == [first, other, again]


def test_a_clause_that_does_not_exist_comes_last():
    assert order(("x", None, 1), ("a", "may", 9)) == [("a", "may", 9), ("x", None, 1)]


def test_the_smallest_is_shown_first(ask):
    text = ask("always_wrong").text

    places = [text.index(f"FAIL  directive/{name}") for name in ("quotes [compile]", "exposure [")]
    assert places == sorted(places)


def test_only_the_first_are_shown_whole(ask, monkeypatch):
    monkeypatch.setattr(instructive, "SHOWN", 1)
    text = ask("always_wrong").text

    assert text.count("FAIL  directive") == 1
    assert "3 more failures; -v shows each whole\n  fail     directive/" in text


def test_quiet_shows_a_line_for_each_failure(ask):
    text = ask("always_wrong", "-q").text

    assert "FAIL  directive" not in text
    assert "4 failures; -v shows each whole" in text


def test_verbose_shows_all_of_them_whole(ask, monkeypatch):
    monkeypatch.setattr(instructive, "SHOWN", 1)

    assert ask("always_wrong", "-v").text.count("FAIL  directive") == 4


def test_all_of_them_are_counted(ask, monkeypatch):
    monkeypatch.setattr(instructive, "SHOWN", 1)

    assert "4 failed" in ask("always_wrong").text


def test_a_problem_in_the_corpus_is_always_shown(ask, small_corpus):
    (small_corpus / "directive" / "bad.yaml").write_text("- {id: a/b, colour: red}\n")

    assert "corpus.unknown-field" in ask("always_wrong", "-q").text
