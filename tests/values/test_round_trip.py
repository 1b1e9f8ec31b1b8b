"""Invariant: a model that becomes a guest value and is taken again is the same graph.

Two graphs are the same when the value notation writes them with the same tagged JSON.
"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.adapters.model_notation import to_json
from refimpl.values import model

NAMES = st.text("abc$:é", min_size=1, max_size=3)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=()), max_size=5),
    st.integers(),
    st.just(model.UNDEFINED),
    st.sampled_from([model.Symbol("a"), model.Symbol("$b")]),
    st.builds(model.Date, st.integers(-(10**15), 10**15).map(float) | st.just(float("nan"))),
    st.builds(model.Blob, st.sampled_from(["", "a/b"]), st.binary(max_size=5)),
    st.builds(
        lambda kind, size: model.Bytes(kind, bytes(range(size * model.ELEMENT_SIZES[kind]))),
        st.sampled_from(sorted(model.ELEMENT_SIZES)),
        st.integers(0, 3),
    ),
    st.builds(lambda name, data: model.Blob("a/b", data, name, 5.0), NAMES, st.binary(max_size=5)),
)


def promise(value):
    made = model.Promise()
    made.fulfill(value)
    return made


def stream(kind, chunks):
    made = model.Stream(kind)
    for chunk in chunks:
        made.push(chunk)
    made.close()
    return made


def twice(value):
    """Something that occurs twice, in something that contains itself."""
    made = [value, {"again": value}]
    made.append(made)
    return made


VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(NAMES, inner, max_size=3),
        st.builds(
            lambda values: model.Map([(f"k{n}", value) for n, value in enumerate(values)]),
            st.lists(inner, max_size=3),
        ),
        st.builds(lambda value, name: model.Set([[value], name]), inner, NAMES),
        st.builds(model.FormData, st.lists(st.tuples(NAMES, NAMES), max_size=3)),
        st.builds(model.Iterator, st.lists(inner, max_size=3)),
        st.builds(promise, inner),
        st.builds(
            stream,
            st.sampled_from(["default", "iterable", "iterator"]),
            st.lists(inner.filter(lambda value: not isinstance(value, model.Promise)), max_size=3),
        ),
        st.builds(twice, inner),
    ),
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_a_value_survives_the_way_through_a_realm(side, value):
    assert to_json([value]) == to_json(side.snapshot(side.revive([value])))
