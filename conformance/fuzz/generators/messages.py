"""Messages that are valid, or were before something mechanical was done to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.fuzz.example import Example
from conformance.fuzz.generators.mutations import MUTATIONS
from conformance.fuzz.generators.values import DIRECTIONS, decoding, encoding, features, graphs

if TYPE_CHECKING:
    from conformance.fuzz.generators.mutations import Mutation
    from conformance.messages.units import Message
    from conformance.notation import Value
    from conformance.observations.observation import Observation

#: Limits that a small message can exceed by one, with what they count.
LIMITS = st.dictionaries(
    st.sampled_from(["parts", "slots", "depth", "path", "string", "bigint", "bound"]),
    st.integers(1, 6),
    min_size=1,
    max_size=1,
)
MUTATED = st.lists(MUTATIONS, min_size=1, max_size=2)
CUTS = st.lists(st.integers(0, 999), max_size=4)
WAYS = ("mutated", "mutated", "mutated", "mutated", "limited", "split")


#: Limits that have a clause of their own.
OWN = frozenset({"body", "parts", "slots", "depth", "bigint", "bound"})


def limited(name: str) -> str:
    """The clause about a limit."""
    return f"wire.limits.{name}" if name in OWN else f"wire.limits:{name}"


def arriving(
    direction: str,
    value: Value,
    mutations: list[Mutation],
    limits: dict[str, int],
    cuts: list[int],
) -> Example:
    """A message that the second opinion writes, after some changes and under some limits."""

    def points(message: Message | None) -> tuple[Observation, ...]:
        assert message is not None, "the value is written first"
        for mutation in mutations:
            message = mutation.apply(message)
        size = len(message.written())
        point = decoding(direction, message, tuple(sorted({size * cut // 1000 for cut in cuts})))
        surroundings: dict[str, Any] = {**point.surroundings}
        if limits:
            surroundings["limits"] = limits
        return (replace(point, surroundings=surroundings),)

    found = {*map(limited, limits)}.union(*(mutation.features for mutation in mutations))
    if cuts:
        found.add("wire.rows.chunking" if direction == "result" else "wire.multipart.chunking")
    return Example(features(value) | found, points, written=encoding(direction, value))


@st.composite
def messages(draw: st.DrawFn) -> Example:
    """A message in one of the two directions."""
    direction = draw(st.sampled_from(DIRECTIONS))
    value = draw(graphs(direction))
    way = draw(st.sampled_from(WAYS))
    mutations = draw(MUTATED) if way == "mutated" else []
    limits = draw(LIMITS) if way == "limited" else {}
    cuts = draw(CUTS) if way == "split" else []
    return arriving(direction, value, mutations, limits, cuts)
