"""What a client is told when messages are lost, late, repeated or damaged."""

import pytest

from refimpl.application import Failed, Settings, build
from refimpl.calls.channel import DEADLINE
from refimpl.calls.faults import FAULTS, Fault

FILES = {
    "actions.js": "'use server'\nlet n = 0\nexport async function add() { return ++n }",
    "client.js": "import { add } from './actions.js'\nexport default () => add()",
}


def run(*faults, **settings):
    """What the client program ends with, or the code it fails with; and the application."""
    application = build(FILES, Settings(faults=faults, **settings), ["client.js"])
    application.load_functions_of_client()
    try:
        return application.run_client("client.js", None), application
    except Failed as failed:
        return failed.code, application


def test_without_faults_the_result_arrives():
    assert run()[0] == 1.0


@pytest.mark.parametrize("message", ["request", "response"])
@pytest.mark.parametrize("do", FAULTS)
@pytest.mark.parametrize("at", [0, 1, 7])
def test_every_fault_ends_in_the_result_or_in_an_error(message, do, at):
    assert run(Fault(1, message, do, at))[0] in {
        1.0,
        "network.unknown",
        "network.lost",
        "malformed.damaged",
    }


def test_one_bit_anywhere_in_a_response_is_noticed():
    size = len(run()[1].network.trace[-1].body)
    outcomes = {run(Fault(1, "response", "corrupt", at))[0] for at in range(size)}

    assert outcomes == {"network.unknown"}


def test_one_bit_anywhere_in_a_request_is_noticed():
    size = len(run()[1].network.trace[0].body)
    outcomes = {run(Fault(1, "request", "corrupt", at))[0] for at in range(size)}

    assert outcomes == {"malformed.damaged"}


def test_a_client_waits_until_the_deadline_and_no_longer():
    _, application = run(Fault(1, "request", "drop"))

    assert application.world.now - application.network.beginning == DEADLINE


def test_a_repeated_request_is_answered_twice_and_runs_once():
    _, application = run(Fault(1, "request", "duplicate"))
    application.world.run()
    bodies = [bytes(e.body) for e in application.network.trace if e.what == "response sent"]

    assert (len(bodies), len(set(bodies))) == (2, 1)


def test_a_cancelled_call_is_rejected_as_cancelled():
    assert run(Fault(1, "response", "delay", 50), cancels=((1, 20.0),))[0] == "cancelled"


def test_a_call_that_was_never_made_cannot_be_cancelled():
    assert run(cancels=((7, 0.0),))[0] == 1.0


def test_the_same_faults_give_the_same_run():
    first, second = (run(Fault(1, "response", "cut", 3))[1].network.trace for _ in range(2))

    assert first == second
