"""The runner against implementations named for their vice: it is never fooled and never hangs."""

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.observations.run import Run
from conformance.transports import Stdio


def running(group):
    """The processes of a group that have not ended; one that nobody has waited for has."""
    stats = [
        path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")
    ]
    return [stat for stat in stats if int(stat[2]) == group and stat[0] not in "ZX"]


def kinds(verdicts):
    return [verdict.kind for verdict in verdicts]


def eager(conversation, ahead=32):
    """The conversation with an adapter that wants so many points ahead, families too."""
    command = conversation.implementation.connect().command
    conversation.implementation = replace(
        conversation.implementation, connect=lambda: Stdio(command, ahead=ahead)
    )
    return conversation


def codes(verdicts):
    return [verdict.code for verdict in verdicts]


def test_an_honest_adapter_passes(verdicts):
    assert kinds(verdicts("honest")) == ["pass"] * 4


def test_always_wrong_fails(verdicts):
    assert kinds(verdicts("always_wrong")) == ["fail"] * 4


def test_always_wrong_fails_with_telling_codes(verdicts):
    assert codes(verdicts("always_wrong")) == [
        "rejected:load/wrong",
        "different-value",
        "exposes-more",
        "no-artifacts",
    ]


def test_lies_about_capabilities_passes_nothing(verdicts):
    assert kinds(verdicts("lies_about_capabilities")) == ["unsupported"] * 4


def test_answers_twice_crashes_instead_of_answering_the_next_question(verdicts):
    found = verdicts("answers_twice")

    assert "adapter.answered-twice" in codes(found)


def test_answers_twice_is_told_which_request(verdicts):
    found = next(v for v in verdicts("answers_twice") if v.code == "adapter.answered-twice")

    assert "was answered twice" in found.summary


def test_crashes_on_third_costs_the_third(verdicts):
    assert kinds(verdicts("crashes_on_third")) == ["pass", "pass", "crash", "pass"]


def test_a_crash_shows_the_status_and_the_last_words(verdicts):
    crash = verdicts("crashes_on_third")[2]

    assert "ended with status 7" in crash.summary
    assert "the third is too much" in crash.output


def test_hangs_costs_what_it_hangs_on(verdicts):
    found = verdicts("hangs", case=1)

    assert kinds(found) == ["pass", "timeout", "pass", "pass"]


def test_hangs_is_killed_in_time(converse, points):
    conversation = converse("hangs", case=0.3)
    conversation.observe(*points[0])
    began = time.monotonic()

    conversation.observe(*points[1])

    assert time.monotonic() - began < 5


def test_what_a_hanging_adapter_started_is_killed_too(converse, points):
    conversation = converse("hangs", case=1)
    conversation.observe(*points[0])
    group = conversation.transport.process.pid

    conversation.observe(*points[1])

    deadline = time.monotonic() + 5
    while running(group) and time.monotonic() < deadline:
        time.sleep(0.01)  # a killed process takes a moment to end, and nobody here is its parent
    assert not running(group)


def test_writes_garbage_crashes(verdicts):
    assert codes(verdicts("writes_garbage")) == ["adapter.not-json"] * 4


def test_slow_start_is_not_held_against_the_first_case(verdicts):
    assert kinds(verdicts("slow_start", case=0.9)) == ["pass"] * 4


def test_slow_start_has_a_limit_of_its_own(verdicts):
    found = verdicts("slow_start", start=0.1)

    assert (found[0].kind, found[0].code) == ("timeout", "adapter.timeout")


def test_out_of_sequence_crashes(verdicts):
    assert codes(verdicts("out_of_sequence")) == ["adapter.out-of-sequence"] * 4


def test_exits_at_once_is_one_crash(verdicts):
    assert kinds(verdicts("exits_at_once")) == ["crash", "not-run", "not-run", "not-run"]


def test_exits_at_once_shows_its_last_words(verdicts):
    crash = verdicts("exits_at_once")[0]

    assert crash.code == "adapter.exited"
    assert crash.output == "cannot find my configuration\n"


def test_half_a_line_is_shown(verdicts):
    crash = verdicts("half_a_line")[0]

    assert crash.code == "adapter.half-line"
    assert '"ok": {"res' in crash.summary


def test_prints_to_stdout_is_told_to_print_to_stderr(verdicts):
    crash = verdicts("prints_to_stdout")[0]

    assert "'compiling compile'" in crash.summary
    assert "print everything else to stderr" in crash.fix


def test_never_reads_times_out_on_a_request_that_fills_the_pipe(converse, points):
    conversation = converse("never_reads", case=0.5)
    case, point = points[0]
    case.files["big.js"] = " " * 1_000_000

    assert conversation.observe(case, point).kind == "timeout"


def test_floods_stderr_passes(verdicts):
    assert kinds(verdicts("floods_stderr")) == ["pass"] * 4


@pytest.mark.parametrize("fake", ["never_stops_talking", "never_ends_its_line"])
def test_being_busy_is_no_excuse_for_not_answering(converse, points, fake):
    conversation = converse(fake, case=0.5)

    assert conversation.observe(*points[0]).kind == "timeout"


def test_a_passed_deadline_is_passed_even_when_there_is_something_to_read():
    transport = Stdio([sys.executable, "-c", "import sys; sys.stderr.write('x'); sys.stdin.read()"])
    transport.start()
    transport.selector.select(10)

    on_time = transport._work(time.monotonic())

    assert (on_time, list(transport.stderr)) == (False, [b"x"])
    transport.stop()


def test_of_a_flood_only_the_end_is_kept(converse, points):
    conversation = converse("floods_stderr")
    conversation.observe(*points[0])

    assert 0 < len(conversation.transport.output) <= 16 * 1024


def test_ignores_stop_is_killed(converse, points):
    conversation = converse("ignores_stop")
    conversation.observe(*points[0])
    process = conversation.transport.process

    conversation.stop()

    assert process.returncode is not None


def test_breaks_the_protocol_crashes(verdicts):
    crash = verdicts("breaks_the_protocol")[0]

    assert (crash.kind, crash.code) == ("crash", "adapter.protocol")
    assert "this one has 'success'" in crash.summary


def test_a_missing_command_is_one_crash_that_names_it(verdicts):
    found = verdicts("cmd:/nowhere/adapter --now")

    assert kinds(found) == ["crash", "not-run", "not-run", "not-run"]
    assert found[0].code == "adapter.missing"
    assert "/nowhere/adapter" in found[0].summary


def test_a_file_that_is_not_executable_says_what_to_do(verdicts, tmp_path):
    adapter = tmp_path / "adapter.mjs"
    adapter.write_text("// no")

    crash = verdicts(f"cmd:{adapter}")[0]

    assert crash.code == "adapter.not-executable"
    assert "cmd:node adapter.mjs" in crash.fix


def test_a_process_is_not_told_which_test_it_is_started_for(monkeypatch):
    """Pytest keeps the id of the running item, and so of the case, in the environment."""
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "quotes.yaml::directive/quotes[run] (call)")

    assert "PYTEST_CURRENT_TEST" not in Stdio(["adapter"]).environment


def test_requests_are_sent_ahead_of_their_turn(converse, points):
    conversation = converse("honest")
    conversation.upcoming.extend(points)

    conversation.observe(*points[0])

    assert list(conversation.sent) == points[1:]


def test_no_more_are_sent_ahead_than_the_window_takes(converse, points, monkeypatch):
    monkeypatch.setattr(Stdio, "window", 2)
    conversation = converse("honest")
    conversation.upcoming.extend(points)

    conversation.observe(*points[0])

    assert list(conversation.sent) == points[1:2]


def test_an_adapter_may_want_another_number_ahead_than_others(converse, points):
    conversation = eager(converse("honest"), ahead=2)
    conversation.upcoming.extend(points)

    conversation.observe(*points[0])

    assert list(conversation.sent) == points[1:2]


def test_a_question_like_one_that_was_sent_is_another_one(converse, points, monkeypatch):
    monkeypatch.setattr(Stdio, "window", 2)
    first, last = points[0], points[3]
    once, again = points[1], (replace(points[1][0]), replace(points[1][1]))
    conversation = converse("honest")
    conversation.upcoming.extend([first, once, again, last])

    found = [conversation.observe(*point) for point in (first, once, again)]

    assert kinds(found) == ["pass", "pass", "pass"]
    assert list(conversation.sent) == [last]


def test_what_is_forgotten_is_not_in_the_way_of_what_comes_after_it(converse, points):
    conversation = converse("honest")
    conversation.upcoming.extend(points[:2])
    conversation.observe(*points[0])

    conversation.forget()
    conversation.upcoming.extend(points[2:])

    assert conversation.observe(*points[2]).kind == "pass"
    assert list(conversation.sent) == points[3:]


class Family(Run):
    """Two questions: the answer to the first is wrong, to the second it is right."""

    is_family = True

    def members(self):
        yield Run(self.program, 2.0, None)
        yield Run(self.program, 1.0, None)


def test_a_family_that_is_sent_ahead_has_the_verdict_of_its_first_member_that_fails(
    converse, points
):
    conversation = eager(converse("honest"))
    (case, run), later = points[1], points[2]
    family = case, Family(run.program, None, None)
    conversation.upcoming.extend([points[0], family, later])

    found = [conversation.observe(*point) for point in (points[0], family, later)]

    assert kinds(found) == ["pass", "fail", "pass"]


def test_the_patience_of_an_implementation_counts_more_than_a_shorter_limit(
    converse, points, monkeypatch
):
    allowed = []
    receive = Stdio.receive
    monkeypatch.setattr(
        Stdio, "receive", lambda self, timeout: allowed.append(timeout) or receive(self, timeout)
    )
    conversation = converse("honest", case=5, start=10)
    conversation.implementation = replace(conversation.implementation, patience=20.0)

    conversation.observe(*points[0])

    assert allowed == [10, 20.0]


def test_what_was_sent_before_a_crash_is_sent_again(converse, points):
    conversation = converse("crashes_on_third")
    conversation.upcoming.extend(points)
    found = [conversation.observe(*point) for point in points[:3]]

    assert found[2].kind == "crash"
    assert list(conversation.upcoming) == points[3:]
    assert conversation.observe(*points[3]).kind == "pass"


def test_a_crash_is_that_of_the_request_it_was_working_on_and_not_of_one_sent_ahead(verdicts):
    assert [v.output for v in verdicts("crashes_on_third")] == [
        "",
        "",
        "the third is too much\n",
        "",
    ]


def test_points_that_are_observed_out_of_turn_get_their_own_verdicts(converse, points):
    conversation = converse("crashes_on_withholds")
    conversation.upcoming.extend(points)
    first = conversation.observe(*points[0])

    rest = [conversation.observe(*point) for point in reversed(points)]

    assert kinds([first, *rest]) == ["pass", "crash", "pass", "pass", "pass"]


def test_nothing_is_sent_ahead_to_an_adapter_that_was_not_asked_in_turn(converse, points):
    conversation = converse("honest")
    conversation.upcoming.extend(points)
    conversation.observe(*points[0])

    conversation.observe(*points[2])

    assert (list(conversation.sent), list(conversation.upcoming)) == ([], [])


def test_what_needs_no_question_is_not_sent_ahead(converse, points):
    conversation = converse("compiles_only")
    conversation.upcoming.extend(points)

    conversation.observe(*points[0])

    assert not conversation.sent


def test_an_adapter_that_introduces_itself_differently_after_a_restart_is_given_up(verdicts):
    found = verdicts("changes_its_name")

    assert kinds(found) == ["pass", "crash", "crash", "not-run"]
    assert "introduces itself differently" in found[2].summary


def test_the_last_words_are_shown_though_they_arrive_together_with_earlier_replies(
    converse, points
):
    conversation = converse("crashes_on_third")
    conversation.upcoming.extend(points)
    conversation.observe(*points[0])
    conversation.transport.process.wait(5)

    conversation.observe(*points[1])

    assert conversation.observe(*points[2]).output == "the third is too much\n"
