"""The helper methods of Iterator.prototype, such as map and take (ECMA-262 §27.1.4)."""

from __future__ import annotations

from math import inf, isnan
from typing import TYPE_CHECKING, Any

from refimpl.language.builtins.iterator import get_iterator_flattenable, iterator_prototype
from refimpl.language.builtins.number import MAX_SAFE_INTEGER
from refimpl.language.builtins.support import callback_argument, is_falsy, never, receiver
from refimpl.language.operations import (
    ABSENT,
    IteratorRecord,
    JSObject,
    Throw,
    Value,
    create_array_from_list,
    create_iterator_result,
    get_iterator_direct,
    intrinsic,
    iterator_close,
    iterator_close_throwing,
    iterator_step_value,
    iterator_to_list,
    throw_range_error,
    throw_type_error,
    to_boolean,
    to_integer_or_infinity,
    to_number,
    undefined,
)
from refimpl.language.realm import Table

if TYPE_CHECKING:
    from collections.abc import Callable

iterator_helper_prototype = Table("%IteratorHelperPrototype%", prototype="%Iterator.prototype%")
iterator_helper_prototype.to_string_tag("Iterator Helper")

# --- lazy helpers --------------------------------------------------------------------------


class IteratorHelper(JSObject):
    """What `map` and its siblings return: each `next` is one call of `step`.

    `step` returns the next value or `ABSENT` for the end; `close` is what `return` does.
    """

    __slots__ = ("close", "state", "step")

    def __init__(self, step: Callable[[], Value], close: Callable[[], None]) -> None:
        super().__init__(intrinsic("%IteratorHelperPrototype%"))
        self.step = step
        self.close = close
        self.state = "suspended"

    def run(self, action: Callable[[], Value]) -> Value:
        """Do something that leaves the helper suspended unless it throws or ends."""
        if self.state == "executing":
            throw_type_error("The iterator helper is already running")
        if self.state == "completed":
            return ABSENT
        self.state = "executing"
        try:
            result = action()
        except BaseException:
            self.state = "completed"
            raise
        self.state = "completed" if result is ABSENT else "suspended"
        return result


@iterator_helper_prototype.method("next", length=0)
def helper_next(this: Value) -> Value:
    helper = receiver(this, IteratorHelper, "%IteratorHelperPrototype%.next")
    value = helper.run(helper.step)
    done = value is ABSENT
    return create_iterator_result(undefined if done else value, done)


@iterator_helper_prototype.method("return", length=0)
def helper_return(this: Value) -> Value:
    helper = receiver(this, IteratorHelper, "%IteratorHelperPrototype%.return")

    def close() -> Value:
        helper.close()
        return ABSENT

    helper.run(close)
    return create_iterator_result(undefined, True)


def this_iterator(this: Value) -> JSObject:
    """The receiver of a helper method."""
    if not isinstance(this, JSObject):
        throw_type_error("The receiver is not an object")
    return this


def checked(obj: JSObject, check: Callable[[Value], Any], argument: Value) -> Any:
    """Check the argument of a helper; close the iterator when it is not right."""
    try:
        return check(argument)
    except Throw:
        iterator_close_throwing(IteratorRecord(obj, undefined))
        raise


def count_argument(value: Value) -> float:
    """The argument of `take` and `drop`."""
    number = to_number(value)
    count = to_integer_or_infinity(number)
    is_unsafe = isinstance(count, int) and not 0 <= count <= MAX_SAFE_INTEGER
    if isnan(number) or is_unsafe or count == -inf:
        throw_range_error("The number must be an integer that is not negative")
    return count


def called(record: IteratorRecord, function: Any, *arguments: Value) -> Value:
    """Call back; close the iterator when that throws."""
    try:
        return function.call(undefined, [*arguments])
    except Throw:
        iterator_close_throwing(record)
        raise


@iterator_prototype.method("map", length=1)
def map_(this: Value, mapper: Value) -> Value:
    obj = this_iterator(this)
    function = checked(obj, callback_argument, mapper)
    record, counter = get_iterator_direct(obj), Counter()

    def step() -> Value:
        value = iterator_step_value(record)
        return value if value is ABSENT else called(record, function, value, counter.next())

    return IteratorHelper(step, lambda: iterator_close(record))


class Counter:
    """Counts the values a helper has seen."""

    __slots__ = ("n",)

    def __init__(self) -> None:
        self.n = -1.0

    def next(self) -> float:
        """The next number, from 0."""
        self.n += 1
        return self.n


@iterator_prototype.method("filter", length=1)
def filter_(this: Value, predicate: Value) -> Value:
    obj = this_iterator(this)
    function = checked(obj, callback_argument, predicate)
    record, counter = get_iterator_direct(obj), Counter()

    def step() -> Value:
        while (value := iterator_step_value(record)) is not ABSENT:
            if to_boolean(called(record, function, value, counter.next())):
                return value
        return ABSENT

    return IteratorHelper(step, lambda: iterator_close(record))


@iterator_prototype.method("take", length=1)
def take(this: Value, limit: Value) -> Value:
    obj = this_iterator(this)
    count = checked(obj, count_argument, limit)
    record, counter = get_iterator_direct(obj), Counter()

    def step() -> Value:
        if counter.next() >= count:
            iterator_close(record)
            return ABSENT
        return iterator_step_value(record)

    return IteratorHelper(step, lambda: iterator_close(record))


@iterator_prototype.method("drop", length=1)
def drop(this: Value, limit: Value) -> Value:
    obj = this_iterator(this)
    count = checked(obj, count_argument, limit)
    record, counter = get_iterator_direct(obj), Counter()

    def step() -> Value:
        while counter.n + 1 < count:
            counter.next()
            if iterator_step_value(record) is ABSENT:
                return ABSENT
        return iterator_step_value(record)

    return IteratorHelper(step, lambda: iterator_close(record))


@iterator_prototype.method("flatMap", length=1)
def flat_map(this: Value, mapper: Value) -> Value:
    obj = this_iterator(this)
    function = checked(obj, callback_argument, mapper)
    record, counter = get_iterator_direct(obj), Counter()
    inner: list[IteratorRecord] = []

    def step() -> Value:
        while True:
            if not inner:
                value = iterator_step_value(record)
                if value is ABSENT:
                    return ABSENT
                inner.append(opened(record, function, value, counter.next()))
            try:
                value = iterator_step_value(inner[0])
            except Throw:
                iterator_close_throwing(record)
                raise
            if value is not ABSENT:
                return value
            inner.clear()

    def close() -> None:
        try:
            if inner:
                iterator_close(inner[0])
        except Throw:
            iterator_close_throwing(record)
            raise
        iterator_close(record)

    return IteratorHelper(step, close)


def opened(record: IteratorRecord, function: Any, value: Value, index: float) -> IteratorRecord:
    """The iterator of what `flatMap`'s callback returns."""
    try:
        mapped = function.call(undefined, [value, index])
        return get_iterator_flattenable(mapped, strings_too=False)
    except Throw:
        iterator_close_throwing(record)
        raise


# --- eager helpers -------------------------------------------------------------------------


def visit(this: Value, callback: Value, stops: Callable[[Value], bool]) -> Value:
    """Call back for every value until a result stops and closes; that value, or `ABSENT`."""
    obj = this_iterator(this)
    function = checked(obj, callback_argument, callback)
    record, counter = get_iterator_direct(obj), Counter()
    while (value := iterator_step_value(record)) is not ABSENT:
        if stops(called(record, function, value, counter.next())):
            iterator_close(record)
            return value
    return ABSENT


@iterator_prototype.method("every", length=1)
def every(this: Value, predicate: Value) -> Value:
    return visit(this, predicate, is_falsy) is ABSENT


@iterator_prototype.method("some", length=1)
def some(this: Value, predicate: Value) -> Value:
    return visit(this, predicate, to_boolean) is not ABSENT


@iterator_prototype.method("forEach", length=1)
def for_each(this: Value, callback: Value) -> Value:
    visit(this, callback, never)
    return undefined


@iterator_prototype.method("find", length=1)
def find(this: Value, predicate: Value) -> Value:
    found = visit(this, predicate, to_boolean)
    return undefined if found is ABSENT else found


@iterator_prototype.method("reduce", length=1)
def reduce(this: Value, reducer: Value, *initial: Value) -> Value:
    obj = this_iterator(this)
    function = checked(obj, callback_argument, reducer)
    record, counter = get_iterator_direct(obj), Counter()
    if initial:
        accumulator = initial[0]
    else:
        accumulator = iterator_step_value(record)
        counter.next()
        if accumulator is ABSENT:
            throw_type_error("Reduce of an empty iterator with no initial value")
    while (value := iterator_step_value(record)) is not ABSENT:
        accumulator = called(record, function, accumulator, value, counter.next())
    return accumulator


@iterator_prototype.method("toArray", length=0)
def to_array(this: Value) -> Value:
    return create_array_from_list(iterator_to_list(get_iterator_direct(this_iterator(this))))


TABLES = (iterator_helper_prototype,)
