"""What a campaign keeps: every disagreement once, the smallest of those that are one."""

import pytest

from conformance.fuzz import folder
from conformance.fuzz.campaign import Totals
from conformance.fuzz.finding import Finding
from conformance.fuzz.plan import Known, Plan


def finding(*features, digest="aaa", signature="run fail"):
    """A finding about some clauses."""
    name, clause = "value/fuzz/1", "value.date"
    return Finding(name, signature, clause, frozenset(features), digest, (0, 0, 0), "", "text")


@pytest.fixture
def totals():
    found = Totals()
    found.keep(finding("value.date", "value.array"))
    return found


def test_what_shows_less_takes_the_place_of_what_shows_more(totals):
    assert totals.keep(finding("value.date", digest="bbb")) is False
    assert [each.features for each in totals.findings] == [{"value.date"}]


def test_the_same_example_from_other_clauses_is_no_news(totals):
    assert totals.keep(finding("value.map")) is False
    assert len(totals.findings) == 1


def test_what_came_to_the_same_example_is_known_from_then_on(totals):
    totals.keep(finding("value.map"))

    assert any(known.covers("run fail", {"value.map", "value.set"}) for known in totals.known)


def test_another_example_of_other_clauses_is_news(totals):
    assert totals.keep(finding("value.map", digest="bbb")) is True


def test_a_campaign_that_goes_on_knows_all_that_it_knew(totals, tmp_path):
    totals.keep(finding("value.map"))
    folder.save(tmp_path, Plan("values", "react"), totals)

    assert folder.load(tmp_path, Plan("values", "react")).known == totals.known


def test_without_a_digest_nothing_is_the_same_example():
    assert not Known("run fail", frozenset()).is_same(Known("run fail", frozenset()))
