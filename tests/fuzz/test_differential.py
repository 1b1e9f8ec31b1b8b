"""A disagreement is found, made smaller while it stays the same, and told apart from others."""

import pytest

from conformance import choices
from conformance.corpus import read_file
from conformance.fuzz.plan import Plan
from conformance.fuzz.worker import Worker

DATES = "tests.fuzz.vices.reads_dates_as_texts"
LOOPS = "tests.fuzz.vices.drops_captures_of_loops"
HANGS = "tests.fuzz.vices.hangs_on_truncation"
#: As many seconds as it takes, also where the machine does much else.
LONG = 600.0
#: Of a batch in which a program captures the variable of a loop.
SEEDS = {"programs": 13}


@pytest.fixture
def found(request):
    """The outcome of one batch."""
    target, subject = request.param
    seed = SEEDS.get(target, 5)
    worker = Worker(Plan(target, subject, batch=100, seed=seed, news=1, shrinking=LONG))
    yield worker.run(0, [])
    worker.close()


dates = pytest.mark.parametrize("found", [("values", DATES)], indirect=True)
loops = pytest.mark.parametrize("found", [("programs", LOOPS)], indirect=True)
hangs = pytest.mark.parametrize("found", [("messages", HANGS)], indirect=True)


@dates
def test_a_lost_date_is_found_and_is_the_only_thing_left_of_the_value(found):
    (finding,) = found.findings

    assert finding.signature == "decode fail different-value: date → text"
    assert finding.clause == "value.date"
    assert finding.features == {"value.array", "value.date", "wire.tags.date"}


@dates
def test_the_same_disagreement_is_counted_and_not_found_twice(found):
    assert found.again["decode fail different-value: date → text"] > 0


@dates
def test_a_disagreement_that_was_known_before_is_no_finding(found):
    worker = Worker(Plan("values", DATES, batch=60, seed=5))
    again = worker.run(0, [found.findings[0].known])

    assert again.findings == []


@pytest.mark.slow
@loops
def test_a_program_that_disagrees_fits_on_a_page(found):
    text = found.findings[0].text

    assert found.findings[0].signature == "compile fail different-captures: too few"
    program = text[text.index("files:") : text.index("  compile:")]
    assert len(program.splitlines()) <= 2 + 12


@pytest.mark.parametrize("found", [("values", DATES), ("programs", LOOPS)], indirect=True)
def test_what_is_printed_is_a_case_that_can_be_committed(found, tmp_path):
    path = tmp_path / "fuzz.yaml"
    path.write_text("\n".join(finding.text for finding in found.findings), "utf-8")

    read = read_file(path, choices.load())

    assert read.problems == []
    assert [case.id for case in read.cases] == [finding.id for finding in found.findings]


@hangs
def test_a_message_that_a_release_does_not_survive_is_never_printed(found):
    (finding,) = found.findings

    assert finding.signature == "decode crash adapter.raised"
    assert finding.text is None
    assert finding.summary == ""


def test_the_reference_agrees_with_itself():
    worker = Worker(Plan("values", "refimpl", batch=60))

    outcome = worker.run(0, [])

    assert outcome.verdicts == {"pass": 120}


def test_a_batch_says_which_clauses_it_exercised():
    outcome = Worker(Plan("values", "refimpl", batch=60)).run(0, [])

    assert outcome.clauses["value.array"] == 60
    assert outcome.clauses["value.date"] > 0
