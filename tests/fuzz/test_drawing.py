"""Drawing by Hypothesis: the same batch again, one example made smaller, old ones replayed."""

from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

from conformance.fuzz import drawing
from conformance.fuzz.database import Named

NUMBERS = st.integers(0, 10_000)


def test_the_same_seed_draws_the_same_batch():
    assert drawing.batch(NUMBERS, 7, 50) == drawing.batch(NUMBERS, 7, 50)


def test_another_seed_draws_another_batch():
    assert drawing.batch(NUMBERS, 7, 50) != drawing.batch(NUMBERS, 8, 50)


def never():
    """There is time enough."""
    return False


def test_what_comes_after_a_run_is_drawn_when_it_has_been_taken():
    drawn = []
    examples = drawing.examples(NUMBERS.map(drawn.append), 7, 50)

    next(examples)

    assert len(drawn) == drawing.RUN


def smallest(seed, disagrees, database=None, is_over=never):
    drawn = drawing.batch(NUMBERS, seed, 50)
    number = next(place for place, value in enumerate(drawn) if disagrees(value))
    return drawing.smallest(
        NUMBERS, seed, 50, number, disagrees, is_over=is_over, database=database
    )


def test_an_example_is_found_again_by_its_number_and_made_smaller():
    assert smallest(3, lambda value: value > 1000) == 1001


def test_an_example_that_agrees_the_second_time_is_none():
    drawn = drawing.batch(NUMBERS, 3, 50)
    found = drawing.smallest(NUMBERS, 3, 50, 20, lambda _: False, is_over=never, database=None)

    assert len(drawn) == 50
    assert found is None


def test_without_time_nothing_is_made_smaller():
    assert smallest(3, lambda value: value > 1000, is_over=lambda: True) is None


def test_what_disagreed_is_replayed_from_the_database():
    database = Named(InMemoryExampleDatabase(), "campaign")
    smallest(3, lambda value: value > 1000, database)

    assert 1001 in [*drawing.replayed(NUMBERS, database, lambda value: value > 1000)]


def test_what_agrees_again_leaves_the_database():
    database = Named(InMemoryExampleDatabase(), "campaign")
    smallest(3, lambda value: value > 1000, database)

    assert [*drawing.replayed(NUMBERS, database, lambda _: False)] == []
    assert [*drawing.replayed(NUMBERS, database, lambda value: value > 1000)] == []


def test_another_campaign_does_not_replay_it():
    whole = InMemoryExampleDatabase()
    smallest(3, lambda value: value > 1000, Named(whole, "one"))

    assert [*drawing.replayed(NUMBERS, Named(whole, "other"), lambda _: True)] == []
