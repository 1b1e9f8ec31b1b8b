"""The suite as people run it, on a small corpus."""

import shlex
import xml.etree.ElementTree as ET

import pytest

import conformance.runner  # noqa: F401  (each inner run would import it again otherwise)
from conformance import corpus
from conformance.plugin import asked_for_suite

ALL = [
    "directive/exposure[exposes]",
    "directive/exposure[withholds]",
    "directive/quotes[compile]",
    "directive/quotes[run]",
]
pytest_plugins = ["pytester"]
QUIET = ("-q", "--tb=no", "-p", "no:cacheprovider")


@pytest.fixture
def ask(suite, fake_command):
    """Run the suite against a fake, in this process."""
    return lambda fake, *options: suite(f"--impl={fake_command(fake)}", *options)


@pytest.fixture
def ask_apart(suite, fake_command):
    """Run the suite against a fake, in a process of its own."""
    return lambda fake, *options, **how: suite.apart(
        f"--impl={fake_command(fake)}", *options, **how
    )


def test_an_honest_adapter_passes_and_the_status_is_0(ask):
    result = ask("honest", *QUIET)

    assert result.verdicts == dict.fromkeys(ALL, "pass")
    assert result.status == 0


def test_an_item_is_named_by_its_case_and_its_point(ask):
    result = ask("honest", "--collect-only", "-q")

    assert "small.yaml::directive/quotes[compile]\n" in result.text


def test_with_several_implementations_an_item_names_its_own(ask, fake_command):
    result = ask("honest", f"--impl={fake_command('always_wrong')}", "--collect-only", "-q")

    assert "small.yaml::directive/quotes[compile-honest.py]" in result.text
    assert "small.yaml::directive/quotes[compile-always_wrong.py]" in result.text


def test_several_implementations_are_a_matrix(ask, fake_command):
    result = ask("honest", f"--impl={fake_command('always_wrong')}", *QUIET)

    found = {name: entry["counts"] for name, entry in result.report["implementations"].items()}
    assert found == {"always_wrong.py": {"fail": 4}, "honest.py": {"pass": 4}}


def test_one_that_does_not_start_does_not_keep_the_others_from_running(ask, fake_command):
    result = ask("honest", f"--impl={fake_command('exits_at_once')}", *QUIET)

    found = {name: entry["counts"] for name, entry in result.report["implementations"].items()}
    assert found == {"exits_at_once.py": {"crash": 1, "not-run": 3}, "honest.py": {"pass": 4}}
    assert result.status == 1


def test_a_failure_makes_the_status_1(ask):
    assert ask("always_wrong", *QUIET).status == 1


def test_a_failure_explains_itself_in_80_columns(ask):
    text = ask("always_wrong", "-k", "quotes and run").text

    begin, end = text.index("FAIL  directive"), text.index("==== conformance")
    explanation = text[begin:end]
    for part in (
        "FAIL  directive/quotes [run]  always_wrong.py (fake 1)",
        "  A module without a directive is of no kind.",
        "Clause directive.quotes (must, directive)",
        "  The text of a directive stands between quotes.",
        "What happened (different-value)",
        "  $: expected 1, saw wrong",
        "  expected                              seen\n  1                                   | wrong",
        "   1 | export default () => 1",
        "--case directive/quotes",
    ):
        assert part in explanation
    commands = ("/small.yaml:", "pytest --corpus")
    long = [line for line in explanation.splitlines() if len(line) > 80]
    assert [line for line in long if not any(part in line for part in commands)] == []


def test_the_proposed_command_repeats_just_this_case(ask, pytester):
    text = ask("always_wrong", "-k", "quotes and run").text
    command = next(line for line in text.splitlines() if line.startswith("  pytest --corpus"))

    again = pytester.runpytest_inprocess(*shlex.split(command)[1:], *QUIET, "-v")

    assert "directive/quotes[run]" in again.stdout.str()
    assert "2 deselected" in again.stdout.str()


def test_a_crash_shows_what_the_adapter_said(ask):
    text = ask("exits_at_once").text

    assert "The adapter said\n  cannot find my configuration" in text


def test_a_failure_shows_what_the_adapter_said_meanwhile(ask):
    text = ask("thinks_aloud", "-k", "quotes and run").text

    assert "The adapter said\n  thinking about run" in text


def test_a_caret_shows_the_line_that_the_adapter_named(ask):
    text = ask("leaves_out_the_severity", "-k", "quotes and compile").text

    assert " > 1 | export const a = 1\n     | ^^^^^^^^^^^^^^^^^^" in text


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--case=directive/quotes"], ALL[2:]),
        (["--clause=function"], ALL[:2]),
        (["--clause=function.result", "--clause=directive"], ALL),
        (["--clause=func"], []),
        (["--class=functions"], ALL[:2]),
        (["--level=must"], ALL[2:]),
        (["--level=should", "--class=directive"], []),
        (["-k", "withholds"], ALL[1:2]),
    ],
)
def test_a_selection_runs_only_what_was_asked_for(ask, options, expected):
    result = ask("honest", *QUIET, *options)

    assert sorted(result.verdicts) == expected


def test_a_selection_is_not_complete(ask):
    assert ask("honest", *QUIET, "--level=must").report["complete"] is False


def test_a_whole_run_is_complete(ask):
    assert ask("honest", *QUIET).report["complete"] is True


def test_what_is_unsupported_is_shown_as_such_and_never_as_a_pass(ask):
    result = ask("lies_about_capabilities", *QUIET)

    assert set(result.verdicts.values()) == {"unsupported"}
    assert "4 unsupported" in result.text
    assert "passed" not in result.text


def test_a_capability_that_is_declared_and_always_denied_fails_the_run(ask):
    result = ask("lies_about_capabilities", *QUIET)

    assert "declares the capability run and answered unsupported to all 1 requests" in result.text
    assert result.status == 1


def test_that_nothing_was_tested_is_said(ask):
    assert "nothing was tested" in ask("lies_about_capabilities", *QUIET).text


def test_parallel_workers_give_the_same_report(ask, ask_apart):
    alone = ask("always_wrong", *QUIET).report
    parallel = ask_apart("always_wrong", *QUIET, "-n", "2").report

    del alone["timings"], parallel["timings"]
    assert parallel == alone


def test_two_runs_give_the_same_bytes_but_for_the_timings(ask, tmp_path):
    def bytes_of_run():
        ask("always_wrong", *QUIET)
        return (tmp_path / "report.json").read_text().partition('"timings"')[0]

    assert bytes_of_run() == bytes_of_run()


def test_a_parallel_run_with_a_crash_ends_with_the_verdict_it_has(ask_apart):
    result = ask_apart("writes_garbage", *QUIET, "-n", "2")

    assert result.verdicts == dict.fromkeys(ALL, "crash")


def test_a_hanging_adapter_ends_with_a_timeout(ask):
    result = ask("hangs", *QUIET, "--case-timeout=1")

    assert result.verdicts["directive/quotes[run]"] == "timeout"
    assert result.verdicts["directive/exposure[exposes]"] == "pass"


def test_junit_has_the_verdict_and_the_clause(ask, tmp_path):
    ask("always_wrong", *QUIET, f"--junitxml={tmp_path / 'junit.xml'}")

    case = ET.parse(tmp_path / "junit.xml").find(".//testcase[@name='directive/quotes[run]']")  # noqa: S314  (written by this very process)
    properties = {item.get("name"): item.get("value") for item in case.iter("property")}
    assert properties == {
        "implementation": "always_wrong.py",
        "case": "directive/quotes",
        "observation": "run",
        "clause": "directive.quotes",
        "level": "must",
        "class": "directive",
        "verdict": "fail",
        "code": "different-value",
    }


def test_the_protocol_check_finds_what_the_runner_tolerates(ask):
    """A diagnostic without a severity is understood, and yet not what the schema says."""
    result = ask("leaves_out_the_severity", *QUIET, "--case=directive/quotes")
    checked = ask("leaves_out_the_severity", *QUIET, "--case=directive/quotes", "--protocol-check")

    assert result.verdicts["directive/quotes[compile]"] == "fail"
    assert checked.verdicts["directive/quotes[compile]"] == "crash"


def test_a_problem_in_the_corpus_is_an_item_that_fails_and_the_rest_goes_on(ask, small_corpus):
    (small_corpus / "directive" / "bad.yaml").write_text("- {id: a/b, colour: red}\n")

    result = ask("honest", *QUIET)

    assert "bad.yaml::corpus.unknown-field[line 1]" in result.text
    assert result.verdicts == dict.fromkeys(ALL, "pass")
    assert result.status == 1


def test_an_id_used_twice_is_asked_once(ask, small_corpus):
    text = (small_corpus / "directive" / "small.yaml").read_text()
    (small_corpus / "directive" / "twice.yaml").write_text(text)

    result = ask("honest", *QUIET)

    assert result.text.count("FAILED") == 2
    assert len(result.report["results"]) == 4


def listed(small_corpus, entry):
    path = small_corpus.parent / "known.yaml"
    path.write_text(entry)
    return f"--known-failures={path}"


ENTRY = """
- case: directive/quotes
  observation: run
  clause: directive.quotes
  verdict: fail
  code: different-value
  reason: It adds one.
"""


def test_known_failures_do_not_fail_the_run(ask, small_corpus):
    result = ask(
        "always_wrong", *QUIET, "--case=directive/quotes", "-k", "run", listed(small_corpus, ENTRY)
    )

    assert result.verdicts == {"directive/quotes[run]": "known-failure"}
    assert result.status == 0


def test_a_listed_case_that_passes_fails_the_run(ask, small_corpus):
    result = ask("honest", *QUIET, listed(small_corpus, ENTRY))

    assert result.verdicts["directive/quotes[run]"] == "unexpected-pass"
    assert result.status == 1


def test_a_listed_case_that_does_not_exist_fails_a_complete_run(ask, small_corpus):
    result = ask("honest", *QUIET, listed(small_corpus, ENTRY.replace("quotes\n", "nothing\n", 1)))

    assert "known failure directive/nothing [run] is about no case" in result.text
    assert result.status == 1


def test_a_list_that_cannot_be_read_fails_the_run(ask, small_corpus):
    result = ask("honest", *QUIET, listed(small_corpus, "- {case: a/b}"))

    assert "known-failures.missing-field" in result.text
    assert result.status == 1


def test_an_update_writes_every_failure_and_keeps_reasons(ask, small_corpus):
    option = listed(small_corpus, ENTRY)

    ask("always_wrong", *QUIET, option, "--update-known-failures")

    text = (small_corpus.parent / "known.yaml").read_text()
    assert text.count("- case:") == 4
    assert "reason: It adds one." in text
    assert text.count("TO BE EXPLAINED") == 3


def test_after_an_update_the_run_passes(ask, small_corpus):
    option = listed(small_corpus, ENTRY)
    ask("always_wrong", *QUIET, option, "--update-known-failures")

    result = ask("always_wrong", *QUIET, option)

    assert set(result.verdicts.values()) == {"known-failure"}
    assert result.status == 0


def test_an_update_is_refused_after_a_run_that_was_not_complete(ask, small_corpus):
    option = listed(small_corpus, ENTRY)

    result = ask("honest", *QUIET, option, "--update-known-failures", "--level=must")

    assert "known failures were not updated: the run was not complete" in result.text
    assert (small_corpus.parent / "known.yaml").read_text() == ENTRY
    assert result.status == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--impl=no-such-thing"], "implementation.unknown: there is no implementation"),
        (["--impl=cmd:"], "implementation.bad-command"),
        (
            ["--impl=refimpl", "--corpus=/nowhere"],
            "/nowhere: corpus.missing: there is no such folder",
        ),
        (["--impl=refimpl", "--specification=/nowhere"], "specification.unreadable"),
        (["--impl=refimpl", "--impl=json", "--known-failures=a"], "--known-failures is for one"),
    ],
)
def test_a_command_line_that_cannot_be_done_is_one_line(suite, options, words):
    result = suite(*options)

    assert words in result.text
    assert "Traceback" not in result.text
    assert result.status == 4


def test_without_an_implementation_it_says_what_to_do(suite):
    result = suite(str(corpus.ROOT))

    assert "ERROR: name the implementation to test, as in --impl=refimpl" in result.text
    assert result.status == 4


def test_other_test_runs_are_left_alone(tmp_path):
    assert not asked_for_suite(["tests", str(tmp_path)], tmp_path)


def test_the_command_line_runs_from_anywhere(ask_apart):
    result = ask_apart("honest", "-q", program=("conformance", "run"))

    assert result.verdicts == dict.fromkeys(ALL, "pass")
    assert "warning" not in result.text


def test_the_tests_of_a_project_around_it_are_no_trouble(ask_apart, small_corpus):
    """Pytest loads the conftest of a folder `tests` wherever it is started."""
    folder = small_corpus.parent / "tests"
    folder.mkdir()
    (folder / "conftest.py").write_text("def pytest_collect_file(file_path, parent): ...\n")

    result = ask_apart("honest", "-q", program=("conformance", "run"))

    assert result.verdicts == dict.fromkeys(ALL, "pass")


@pytest.mark.parametrize("fake", ["exits_at_once", "slow_start"])
def test_an_update_is_refused_when_the_adapter_did_not_start(ask, small_corpus, fake):
    option = listed(small_corpus, ENTRY)

    result = ask(fake, *QUIET, option, "--update-known-failures", "--start-timeout=0.1")

    assert f"({fake}.py did not start)" in result.text
    assert (small_corpus.parent / "known.yaml").read_text() == ENTRY


def test_an_update_is_refused_after_a_run_that_stopped_early(ask, small_corpus):
    option = listed(small_corpus, ENTRY)

    result = ask("always_wrong", *QUIET, option, "--update-known-failures", "-x")

    assert "(the run was stopped)" in result.text
    assert (small_corpus.parent / "known.yaml").read_text() == ENTRY
