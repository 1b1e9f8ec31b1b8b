"""A mutant is asked only about points that execute what it changes, and nothing is missed by that."""

import pytest

from conformance import corpus, lint
from conformance.mutants import MUTANTS, Mutant, command, reach
from conformance.mutants.campaign import Campaign, Extent, findings
from conformance.mutants.patching import Edited
from refimpl.calls.endpoint import ANSWER_HEADERS
from refimpl.modules import kinds
from refimpl.source import regexp
from refimpl.source.nodes import Directive, Node
from refimpl.source.text import Source
from refimpl.wire import text

SERVER = Directive(0, 12, "use server", "'")
SOURCE = Source("actions.js", "'use server'")
#: A case with a regular expression; one with bytes that are no text, and one with a program.
REGEXP = "source/regexp/flag-unknown"
CASES = ("wire/text/not-utf8-in-a-long-row", "directive/exact/one-space")


def mutant_of(change):
    return Mutant("made_here", "directive.text", "It is made for a test.", change)


def parts(change):
    return reach.parts_of(mutant_of(change))


def lines(change):
    return {line for part in parts(change) for line in part.lines}


def first_line(function):
    (part,) = [reach.beginning(function)]
    return {*part.lines}


@pytest.fixture(scope="module")
def subject():
    return lint.Subject.of(corpus.ROOT)


def campaign_of(subject, *ids):
    made = Campaign(subject)
    made.points = [point for point in made.points if point.case.id in ids]
    assert len({point.case.id for point in made.points}) == len(ids)
    return made


def sampled(subject, seed):
    """Every fiftieth mutant, with points of their clauses and a few others."""
    made, mutants = Campaign(subject), [*MUTANTS.values()][seed::50]
    own = {mutant.clause for mutant in mutants}
    near = [point for point in made.points if point.case.clause in own]
    made.points = [*dict.fromkeys([*near[::4], *made.points[seed::400]])]
    return made, mutants


def test_an_edit_is_executed_with_its_statement():
    found = lines(lambda patch: patch.edit(kinds.conflict, "server is None", "False"))
    assert found
    assert found.isdisjoint(first_line(kinds.conflict))


def test_a_statement_that_is_edited_again_is_the_same_statement():
    def twice(patch):
        patch.edit(kinds.conflict, "server is None", "not (server or client)")
        patch.edit(kinds.conflict, "server or client", "server")

    once = lines(lambda patch: patch.edit(kinds.conflict, "server is None", "not server"))
    assert lines(twice) == once


def test_where_a_name_becomes_local_all_of_the_function_is_changed():
    def hiding(patch):
        patch.edit(kinds.conflict, "server is None", "(USE_CLIENT := server) is None")
        (change,) = patch.changes
        assert change == Edited(kinds.conflict, None)

    assert lines(hiding) == first_line(kinds.conflict)


def test_what_is_replaced_is_executed_when_it_is_called():
    change = lambda patch: patch.replace(kinds.module_kind, lambda _: None)  # noqa: E731
    assert lines(change) == first_line(kinds.module_kind)


def test_a_constant_is_executed_by_whoever_mentions_it():
    found = parts(lambda patch: patch.constant(text, "_DECODER", None))
    assert text.parse_json in {part.function for part in found}


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.item(ANSWER_HEADERS, "cache-control", "public"),
        lambda patch: patch.replace(Node.iterate, lambda _: []),
    ],
    ids=["a table's key", "a generator"],
)
def test_who_executes_this_cannot_be_told(change):
    with pytest.raises(reach.Undecidable):
        parts(change)


def test_functions_that_note_what_they_execute_do_the_same():
    with reach.noting([kinds.conflict, kinds.directive]) as hits:
        assert kinds.conflict(SOURCE, [SERVER]) is None
    file = kinds.conflict.__code__.co_filename
    assert {(file, line) for line in first_line(kinds.conflict)} < hits


def test_nothing_is_noted_afterwards():
    with reach.noting([kinds.conflict]) as hits:
        pass
    kinds.conflict(SOURCE, [SERVER])
    assert not hits


def test_what_a_cache_would_answer_is_executed(subject):
    made = campaign_of(subject, REGEXP)
    made.points *= 2
    first = made.points[0]
    executed = reach.executed_by(made, [regexp._check_flags])
    assert executed[first]
    reach.forget()
    with reach.noting([regexp._check_flags]) as hits:
        made.ask(first)
        hits.clear()
        made.ask(first)
    assert not hits  # this is what the cache hides


def test_a_point_that_executes_nothing_of_a_mutant_is_not_asked(subject):
    made = campaign_of(subject, *CASES)
    found = reach.points_of(made, [MUTANTS["replaces_bad_bytes"]])
    assert {point.case.id for point in found["replaces_bad_bytes"]} == {CASES[0]}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_asking_only_who_executes_a_mutant_misses_no_catch(subject, seed):
    made, mutants = sampled(subject, seed)
    everything = [made.examine(mutant, Extent.ALL).catches for mutant in mutants]
    reached = [finding.catches for finding in findings(made, mutants, Extent.ALL)]
    assert reached == everything
    assert any(len(points) < len(made.points) for points in made.reaching.values())


@pytest.mark.slow
def test_less_is_asked_for_the_spine_and_the_same_found(subject):
    def found(made, extent):
        for _ in findings(made, mutants, extent):
            pass
        return [*made.found.values()]

    (made, mutants), (other, _) = sampled(subject, 3), sampled(subject, 3)
    everything, enough = found(made, Extent.ALL), found(other, Extent.SPINE)
    assert command.spine(enough) == command.spine(everything)
    assert command.standings(other, subject, enough) == command.standings(made, subject, everything)
