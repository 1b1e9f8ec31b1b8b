"""Results say what they were made from, are the same each time, and cannot be edited or passed off."""

import json
import platform
import re

import pytest

import conformance.runner  # noqa: F401  (each inner run would import it again otherwise)
from conformance import digests, results
from conformance.implementation import find
from conformance.problems import Refused

pytest_plugins = ["pytester"]
QUIET = ("-q", "--tb=no", "-p", "no:cacheprovider")


@pytest.fixture
def ask(suite, fake_command):
    """Run the suite against a fake, in this process; its results."""
    return lambda fake, *options: suite(f"--impl={fake_command(fake)}", *QUIET, *options).report


@pytest.fixture
def path(ask, small_corpus):
    """A results file of a complete run."""
    ask("always_wrong")
    return small_corpus.parent / "report.json"


def but_for_the_timings(path):
    return path.read_text().partition('"timings"')[0]


def test_two_runs_write_the_same_bytes_but_for_the_timings(ask, path):
    first = but_for_the_timings(path)
    ask("always_wrong")

    assert but_for_the_timings(path) == first


def test_a_parallel_run_writes_the_same_bytes_but_for_the_timings(path, suite, fake_command):
    alone = but_for_the_timings(path)
    suite.apart(f"--impl={fake_command('always_wrong')}", *QUIET, "-n", "2")

    assert but_for_the_timings(path) == alone


def test_the_reference_gives_the_same_results_in_another_process(suite):
    """Nothing depends on the seed of hashes, on addresses or on the clock."""
    suite.apart("--impl=refimpl", *QUIET)
    first = but_for_the_timings(suite.report)
    suite.apart("--impl=refimpl", *QUIET)

    assert but_for_the_timings(suite.report) == first


def test_the_timings_are_not_sealed(path):
    document = results.read(path)
    document["timings"]["seconds"] = 0
    results.write(path, document)

    assert results.read(path)["timings"]["seconds"] == 0


def test_a_verdict_that_was_edited_breaks_the_seal(path):
    path.write_text(path.read_text().replace('"verdict":"fail"', '"verdict":"pass"', 1))

    with pytest.raises(Refused, match=re.escape("results.seal")):
        results.read(path)


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", "results.not-json"), ("[]", "results.version"), ('{"report": 1}', "results.version")],
)
def test_what_is_no_results_file_is_refused(tmp_path, text, code):
    path = tmp_path / "results.json"
    path.write_text(text)

    with pytest.raises(Refused, match=re.escape(code)):
        results.read(path)


def test_what_was_written_is_read(path):
    assert results.read(path) == json.loads(path.read_text())


def test_each_result_has_a_line(path):
    lines = path.read_text().splitlines()

    assert sum(line.startswith('{"implementation"') for line in lines) == 4


def test_a_result_tells_what_was_expected_and_what_was_seen(path):
    (result,) = [r for r in results.read(path)["results"] if r["observation"] == "run"]

    assert result == {
        "implementation": "always_wrong.py",
        "case": "directive/quotes",
        "observation": "run",
        "clause": "directive.quotes",
        "verdict": "fail",
        "listed_as": "fail",
        "code": "different-value",
        "summary": "$: expected 1, saw wrong",
        "expected": "1\n",
        "seen": "wrong\n",
    }


def test_the_corpus_is_sealed(ask, small_corpus):
    before = ask("honest")
    file = small_corpus / "directive" / "small.yaml"
    file.write_text(file.read_text().replace("of no kind", "of no kind at all"))
    after = ask("honest")

    assert before["corpus"] != after["corpus"] == digests.of_corpus(small_corpus)


def test_the_adapter_is_sealed(ask, fake_command):
    adapter = fake_command("honest").rpartition(" ")[2]

    (entry,) = ask("honest")["implementations"].values()

    assert entry["adapter"] == find(f"cmd:python {adapter}").seals()["adapter"]
    assert entry["adapter"] != find(fake_command("always_wrong")).seals()["adapter"]


def test_the_reference_is_sealed_whole():
    reference = find("refimpl")

    assert {"parser.py", "refimpl.py", "directive.lark"} <= {p.name for p in reference.adapter}


def test_the_environment_is_told(path):
    environment = results.read(path)["environment"]

    assert environment["python"] == platform.python_version()
    assert environment["node"] is None


def test_the_greeting_is_part_of_the_results(path):
    (entry,) = results.read(path)["implementations"].values()

    assert (entry["name"], entry["version"], entry["choices"]) == ("fake", "1", {})


def test_a_complete_run_leaves_nothing_out(path):
    document = results.read(path)

    assert (document["complete"], document["partial"]) == (True, [])


@pytest.mark.parametrize(
    ("fake", "options", "reason"),
    [
        ("honest", ["--level=must"], "only a selection of the cases was asked for"),
        ("honest", ["-k", "quotes"], "only a selection of the cases was asked for"),
        ("always_wrong", ["-x"], "the run was stopped"),
        ("honest", ["--collect-only"], "nothing was run"),
        ("exits_at_once", [], "exits_at_once.py did not start"),
    ],
)
def test_a_partial_run_says_what_it_left_out(ask, fake, options, reason):
    document = ask(fake, *options)

    assert document["complete"] is False
    assert reason in document["partial"]


def test_problems_in_the_corpus_make_a_run_partial(ask, small_corpus):
    (small_corpus / "directive" / "bad.yaml").write_text("- {id: a/b, colour: red}\n")

    assert ask("honest")["partial"] == ["the corpus has problems"]


CHOOSY = """
- id: directive/chosen
  clause: directive.quotes
  title: A choice has a case.
  origin: spec
  requires: {{{choice}: {option}}}
  files: {{a.js: export const a = 1}}
  run: {{client: 'export default () => 1', result: {result}}}
"""


@pytest.fixture
def choosing(suite, small_corpus, fake_command):
    """Run the suite with one more case, for those who declare an option."""

    def run(choice, option, result):
        text = CHOOSY.format(choice=choice, option=option, result=result)
        (small_corpus / "directive" / "choosy.yaml").write_text(text)
        return suite(f"--impl={fake_command('keeps_half_its_word')}", *QUIET)

    return run


def test_a_declared_choice_that_its_own_cases_contradict_fails_the_run(choosing):
    result = choosing("async-generator", "error", 2)

    assert "declares async-generator: error and passes none of the 1 points" in result.text
    assert result.report["objections"] != []
    assert result.status == 1


def test_a_declared_choice_that_its_cases_confirm_is_no_objection(choosing):
    assert choosing("re-export", "register", 1).report["objections"] == []


def test_a_choice_that_was_not_declared_is_not_held_against_anyone(choosing):
    assert choosing("async-generator", "register", 2).report["objections"] == []
