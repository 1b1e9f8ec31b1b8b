"""A message is complete when everything in it that takes time has ended."""

import pytest

from refimpl.values import model
from refimpl.values.settlement import when_complete


@pytest.fixture
def completed():
    """`completed(root)` is a list that gets an item when `root` is complete."""

    def watch(root):
        done = []
        when_complete(root, lambda: done.append(True))
        return done

    return watch


def test_what_takes_no_time_is_complete_at_once(completed):
    assert completed([1.0, {"a": model.Map([(1.0, model.Set(["x"]))])}])


@pytest.mark.parametrize(
    "hold",
    [
        lambda value: [value],
        lambda value: {"a": value},
        lambda value: model.Map([(value, 1.0)]),
        lambda value: model.Set([value]),
        lambda value: model.Iterator([value]),
        lambda value: model.ServerReference("id", [value]),
    ],
)
def test_a_promise_inside_anything_is_waited_for(completed, hold):
    promise = model.Promise()
    done = completed(hold(promise))

    before = [*done]
    promise.fulfill(1.0)

    assert (before, done) == ([], [True])


def test_what_a_promise_gives_is_waited_for_too(completed):
    outer, inner = model.Promise(), model.Promise()
    done = completed(outer)

    outer.fulfill([inner])
    before = [*done]
    inner.reject(model.Error())

    assert (before, done) == ([], [True])


def test_chunks_that_come_later_are_waited_for(completed):
    stream, promise = model.Stream("default"), model.Promise()
    done = completed(stream)

    stream.push(promise)
    stream.close()
    before = [*done]
    promise.fulfill(1.0)

    assert (before, done) == ([], [True])


def test_a_cycle_is_looked_at_once(completed):
    cycle: list[object] = []
    cycle.append(cycle)

    assert completed(cycle) == [True]
