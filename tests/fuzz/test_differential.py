"""A disagreement is found, made smaller while it stays the same, and told apart from others."""

from collections import deque
from types import SimpleNamespace

import pytest

from conformance import choices
from conformance.corpus import read_file
from conformance.fuzz.differential import Differential, Stated
from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.values import decoding
from conformance.fuzz.plan import Known, Plan
from conformance.fuzz.worker import Worker, rarest_first
from conformance.messages.units import Message
from conformance.observations import Run
from conformance.protocol import Hello
from conformance.verdict import PASS, TIMEOUT, Verdict

DATES = "tests.fuzz.vices.reads_dates_as_texts"
LOOPS = "tests.fuzz.vices.drops_captures_of_loops"
HANGS = "tests.fuzz.vices.hangs_on_truncation"
#: As many seconds as it takes, also where the machine does much else.
LONG = 600.0
#: Of a batch in which a program captures the variable of a loop.
SEEDS = {"programs": 13}


@pytest.fixture(scope="module")
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


def test_every_second_batch_steers_clear_of_what_is_known_to_fail():
    known = [Known("decode fail different-value: date → text", frozenset(), "value.date")]
    worker = Worker(Plan("values", "refimpl", batch=60, seed=5))

    assert worker.run(2, known).clauses["value.date"] > 0
    assert worker.run(1, known).clauses["value.date"] == 0


def test_what_was_seen_often_does_not_keep_others_waiting():
    known = [Known("a", frozenset())]
    found = [SimpleNamespace(signature=signature) for signature in "abbc"]

    assert [each.signature for each in rarest_first(found, known)] == ["b", "c", "a", "b"]


def test_the_reference_agrees_with_itself():
    worker = Worker(Plan("values", "refimpl", batch=60))

    outcome = worker.run(0, [])

    assert outcome.verdicts == {"pass": 120}


def test_a_batch_says_which_clauses_it_exercised():
    outcome = Worker(Plan("values", "refimpl", batch=60)).run(0, [])

    assert outcome.clauses["value.array"] == 60
    assert outcome.clauses["value.date"] > 0


class LateOnce:
    """A subject whose first answer is late."""

    def __init__(self):
        self.left = [Verdict(TIMEOUT, "adapter.timeout"), Verdict(PASS)]

    def observe(self, *_):
        return self.left.pop(0)


def test_an_answer_that_was_late_once_is_no_disagreement():
    sides = Differential(None, LateOnce())
    stated = Stated(SimpleNamespace(observations=(Run({}, None, None),)), None)

    assert list(sides.judged(None, stated)) == []
    assert sides.verdicts == {"pass": 1}


class Told:
    """One side of a conversation that notes what it is asked; `window`: how far ahead it can be asked."""

    def __init__(self, log, name, window=1):
        self.log = log
        self.name = name
        self.hello = Hello(name, "0", frozenset({"decode.result"}))
        self.transport = SimpleNamespace(window=window, ask=self.ask)
        self.limits = SimpleNamespace(case=1.0)
        self.upcoming = deque()

    def greeted(self):
        return self.hello, self.transport

    def ask(self, *_):
        self.log.append(self.name)
        return {"ok": {"value": None}}

    def observe(self, *point):
        assert self.upcoming.popleft() == point
        self.log.append(self.name)
        return Verdict(PASS)

    def forget(self):
        self.upcoming.clear()


def asked(window):
    """Who is asked in which order about three examples, which are drawn meanwhile."""
    log = []

    def drawn():
        for _ in range(3):
            log.append("drawn")
            yield Example(frozenset({"wire.rows"}), asking(decoding("result", Message(()))))

    sides = Differential(Told(log, "opinion"), Told(log, "subject", window))
    assert [*sides.disagreements(drawn())] == []
    return log


def test_a_subject_in_a_process_of_its_own_is_asked_while_others_are_still_drawn():
    first, later = ["drawn", "opinion"], ["drawn", "opinion", "subject"]

    assert asked(window=2) == [*first, *first, *later, "subject", "subject"]


def test_a_subject_in_this_process_is_asked_when_all_have_been_answered():
    assert asked(window=1) == [*["drawn"] * 3, *["opinion"] * 3, *["subject"] * 3]
