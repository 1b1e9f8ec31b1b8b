"""An unmodified React 19.3 client calls the reference, and sees what it sees of React's own server."""

import pytest

pytestmark = [pytest.mark.node, pytest.mark.slow]

SCENARIOS = [
    "plain",
    "collections",
    "nothing at all",
    "results",
    "bound",
    "unbound",
    "captured",
    "captured twice",
    "a function as an argument",
    "promises that settle later",
    "a stream",
    "a stream of bytes",
    "an asynchronous iterator",
    "a promise as an argument",
    "a stream as an argument",
    "a form",
    "a file",
    "a failure",
    "a late failure",
    "a result that cannot be sent",
    "a temporary reference",
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_react_sees_of_the_reference_what_it_sees_of_its_own_server(seen, scenario):
    assert seen[scenario]["reference"] == seen[scenario]["react"]
    assert "threw" not in str(seen[scenario]["react"])


def test_every_scenario_is_looked_at(seen):
    assert sorted({*seen} - {"an unknown id"}) == sorted(SCENARIOS)


def test_promises_settle_in_the_order_in_which_they_do_on_the_server(seen):
    root, order, *_ = seen["promises that settle later"]["reference"]

    assert (root, order) == ("root", [1, 0])


def test_a_temporary_reference_comes_back_as_the_very_value(seen):
    assert seen["a temporary reference"]["reference"] is True


def test_an_unknown_id_is_refused(seen):
    assert seen["an unknown id"] == "unknown-function"
