"""What several modules of built-ins share: payment, limits, receivers, grouping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from refimpl.language.algorithms.ordered_table import OrderedTable
from refimpl.language.exotics import PrimitiveObject
from refimpl.language.operations import (
    ABSENT,
    JSObject,
    Throw,
    Value,
    get_iterator,
    is_callable,
    iterator_close_throwing,
    iterator_step_value,
    require_object_coercible,
    surrounding,
    throw_range_error,
    throw_type_error,
    to_boolean,
    undefined,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from refimpl.language.agent import Agent

P = TypeVar("P")
T = TypeVar("T", bound=JSObject)

#: Keys of their own for the values that Python would confuse: 1.0 == True, and NaN != NaN.
CONFUSABLE = {True: ("boolean", True), False: ("boolean", False)}
NAN_KEY = ("number", "NaN")


def agent() -> Agent:
    """The surrounding agent."""
    return surrounding.agent


def charge(units: int) -> None:
    """Pay for `units` elements of work."""
    surrounding.agent.charge(units)


def nested(depth: int) -> int:
    """Count one more level of values inside values, within the limit for calls."""
    if depth >= surrounding.agent.limits.depth:
        throw_range_error("Maximum call stack size exceeded")
    return depth + 1


def sized(length: int) -> int:
    """Pay for a new String of `length` code units, within the limit."""
    if length > surrounding.agent.limits.string_length:
        throw_range_error("Invalid string length")
    surrounding.agent.charge(length // 64)
    surrounding.agent.allocate(length // 64)
    return length


def joined(parts: list[str], separator: str = "") -> str:
    """The parts as one String, within the limit."""
    sized(sum(map(len, parts)) + len(separator) * max(len(parts) - 1, 0))
    return separator.join(parts)


def receiver(this: Value, kind: type[T], method: str) -> T:
    """RequireInternalSlot: `this` as an object of `kind`."""
    if not isinstance(this, kind):
        throw_type_error(f"{method} called on an incompatible receiver")
    return this


def this_primitive(this: Value, kind: type[P], method: str) -> P:
    """ThisNumberValue and its siblings: the primitive that `this` is or wraps."""
    primitive = this.primitive if isinstance(this, PrimitiveObject) else this
    if type(primitive) is not kind:
        throw_type_error(f"{method} called on an incompatible receiver")
    return primitive


def callback_argument(value: Value) -> Any:
    """An argument that must be callable."""
    if not is_callable(value):
        throw_type_error("The callback is not a function")
    return value


def is_falsy(result: Value) -> bool:
    """Whether a callback's result ends a search for a counterexample."""
    return not to_boolean(result)


def never(result: Value) -> bool:
    """The end of a visit that no result ends."""
    return False


def canonical_key(value: Value) -> Hashable:
    """What a Python dict must hold so that it tells keys apart as SameValueZero does."""
    if type(value) is bool:
        return CONFUSABLE[value]
    if type(value) is float:
        return NAN_KEY if value != value else value  # noqa: PLR0124 - NaN
    return value  # type: ignore[no-any-return]  # every guest value is hashable


def normalized(value: Value) -> Value:
    """CanonicalizeKeyedCollectionKey: -0 becomes +0."""
    return value + 0.0 if type(value) is float else value


def group_by(items: Value, callback: Value, coerce: Callable[[Value], Value]) -> OrderedTable[Any]:
    """GroupBy: entries whose values are Python lists."""
    require_object_coercible(items)
    function = callback_argument(callback)
    groups: OrderedTable[Any] = OrderedTable(undefined)
    record = get_iterator(items)
    k = 0.0
    while (value := iterator_step_value(record)) is not ABSENT:
        try:
            key = coerce(function.call(undefined, [value, k]))
        except Throw:
            iterator_close_throwing(record)
            raise
        canonical = canonical_key(key)
        group = groups.find(canonical)
        if group is None:
            groups.put(canonical, key, [value])
        else:
            group.value.append(value)
        k += 1
    return groups
