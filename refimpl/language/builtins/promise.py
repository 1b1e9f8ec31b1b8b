"""Promise (ECMA-262 §27.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.builtins.support import callback_argument
from refimpl.language.errors import make_error
from refimpl.language.objects import hidden
from refimpl.language.operations import (
    ABSENT,
    FunctionObject,
    JSObject,
    Throw,
    Value,
    create_array_from_list,
    create_builtin_function,
    get_iterator,
    intrinsic,
    invoke,
    is_callable,
    iterator_close_throwing,
    iterator_step_value,
    ordinary_create_from_constructor,
    species_constructor,
    throw_type_error,
    undefined,
)
from refimpl.language.promises import (
    PromiseObject,
    create_resolving_functions,
    new_promise_capability,
    perform_promise_then,
    promise_resolve,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_SPECIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.operations import IteratorRecord
    from refimpl.language.promises import PromiseCapability

    #: The arguments of `then` for the element at an index.
    Reactions = Callable[["Aggregate", int], list[Value]]

promise_prototype = Table("%Promise.prototype%")
promise_prototype.to_string_tag("Promise")
promise_constructor = Table("%Promise%")


@promise_constructor.constructor(length=1)
def construct_promise(new_target: Value, executor: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Promise constructor cannot be invoked without 'new'")
    function = callback_argument(executor)
    promise: PromiseObject = ordinary_create_from_constructor(
        new_target, "%Promise.prototype%", PromiseObject
    )
    resolve, reject = create_resolving_functions(promise)
    try:
        function.call(undefined, [resolve, reject])
    except Throw as thrown:
        reject.call(undefined, [thrown.value])
    return promise


@promise_constructor.getter(SYMBOL_SPECIES)
def species(this: Value) -> Value:
    return this


# --- making a promise ----------------------------------------------------------------------------


@promise_constructor.method("resolve", length=1, intrinsic="%Promise.resolve%")
def resolve_method(this: Value, resolution: Value) -> Value:
    if not isinstance(this, JSObject):
        throw_type_error("Promise.resolve called on non-object")
    return promise_resolve(this, resolution)


@promise_constructor.method("reject", length=1)
def reject_method(this: Value, reason: Value) -> Value:
    capability = new_promise_capability(this)
    capability.reject.call(undefined, [reason])
    return capability.promise


@promise_constructor.method("try", length=1)
def try_(this: Value, callback: Value, *arguments: Value) -> Value:
    if not isinstance(this, JSObject):
        throw_type_error("Promise.try called on non-object")
    capability = new_promise_capability(this)
    return capability.settle_with(lambda: callback_argument(callback).call(undefined, [*arguments]))


@promise_constructor.method("withResolvers", length=0)
def with_resolvers(this: Value) -> Value:
    capability = new_promise_capability(this)
    result = JSObject(intrinsic("%Object.prototype%"))
    result.props["promise"] = capability.promise
    result.props["resolve"] = capability.resolve
    result.props["reject"] = capability.reject
    return result


# --- combining promises --------------------------------------------------------------------------


class Aggregate:
    """The state shared by the reactions of one combination: its values and how many are awaited."""

    def __init__(self, capability: PromiseCapability, finish: Callable[[Aggregate], None]) -> None:
        self.capability = capability
        self.values: list[Value] = []
        self.remaining = 1
        self.finish = finish

    def functions(self, index: int, *shapes: Callable[[Value], Value]) -> list[FunctionObject]:
        """Functions that record one element, of which the first call counts."""
        called = False

        def function_for(shape: Callable[[Value], Value]) -> FunctionObject:
            def record(this: Value, value: Value) -> Value:
                nonlocal called
                if called:
                    return undefined
                called = True
                self.values[index] = shape(value)
                return self.arrived()

            return create_builtin_function(record, 1)

        return [function_for(shape) for shape in shapes]

    def arrived(self) -> Value:
        """One awaited element less; the last one finishes."""
        self.remaining -= 1
        return self.finish(self) if self.remaining == 0 else undefined


def finish_with_values(aggregate: Aggregate) -> Value:
    """Resolve with the array of the values."""
    values = create_array_from_list(aggregate.values)
    return aggregate.capability.resolve.call(undefined, [values])


def finish_with_errors(aggregate: Aggregate) -> Value:
    """Reject with an AggregateError of the values."""
    error = make_error("AggregateError", "All promises were rejected")
    error.props["errors"] = hidden(create_array_from_list(aggregate.values))
    return aggregate.capability.reject.call(undefined, [error])


def combine(
    constructor: Value, iterable: Value, reactions: Reactions, finish: Callable[[Aggregate], Any]
) -> Value:
    """The frame of Promise.all, allSettled, any and race."""
    capability = new_promise_capability(constructor)
    record: IteratorRecord | None = None
    try:
        resolve = get_promise_resolve(constructor)
        record = get_iterator(iterable)
        aggregate = Aggregate(capability, finish)
        perform(constructor, record, resolve, aggregate, reactions)
    except Throw as thrown:
        if record is not None and not record.done:
            iterator_close_throwing(record)
        capability.reject.call(undefined, [thrown.value])
    return capability.promise


def perform(
    constructor: Value,
    record: IteratorRecord,
    resolve: FunctionObject,
    aggregate: Aggregate,
    reactions: Reactions,
) -> None:
    """PerformPromiseAll and its siblings."""
    index = 0
    while (value := iterator_step_value(record)) is not ABSENT:
        aggregate.values.append(undefined)
        promise = resolve.call(constructor, [value])
        handlers = reactions(aggregate, index)
        aggregate.remaining += 1
        invoke(promise, "then", *handlers)
        index += 1
    aggregate.arrived()


def get_promise_resolve(constructor: Any) -> FunctionObject:
    """GetPromiseResolve."""
    resolve: FunctionObject = callback_argument(constructor.get("resolve", constructor))
    return resolve


def identity(value: Value) -> Value:
    """The value as it is."""
    return value


def settled_record(status: str, key: str) -> Callable[[Value], JSObject]:
    """The shape of an element of Promise.allSettled."""

    def shape(value: Value) -> JSObject:
        result = JSObject(intrinsic("%Object.prototype%"))
        result.props["status"] = status
        result.props[key] = value
        return result

    return shape


@promise_constructor.method("all", length=1)
def all_(this: Value, iterable: Value) -> Value:
    def reactions(aggregate: Aggregate, index: int) -> list[Value]:
        return [*aggregate.functions(index, identity), aggregate.capability.reject]

    return combine(this, iterable, reactions, finish_with_values)


@promise_constructor.method("allSettled", length=1)
def all_settled(this: Value, iterable: Value) -> Value:
    fulfilled = settled_record("fulfilled", "value")
    rejected = settled_record("rejected", "reason")

    def reactions(aggregate: Aggregate, index: int) -> list[Value]:
        return [*aggregate.functions(index, fulfilled, rejected)]

    return combine(this, iterable, reactions, finish_with_values)


@promise_constructor.method("any", length=1)
def any_(this: Value, iterable: Value) -> Value:
    def reactions(aggregate: Aggregate, index: int) -> list[Value]:
        return [aggregate.capability.resolve, *aggregate.functions(index, identity)]

    return combine(this, iterable, reactions, finish_with_errors)


@promise_constructor.method("race", length=1)
def race(this: Value, iterable: Value) -> Value:
    def reactions(aggregate: Aggregate, index: int) -> list[Value]:
        return [aggregate.capability.resolve, aggregate.capability.reject]

    return combine(this, iterable, reactions, lambda aggregate: undefined)


# --- properties of the prototype -----------------------------------------------------------------


@promise_prototype.method("then", length=2, intrinsic="%Promise.prototype.then%")
def then(this: Value, on_fulfilled: Value, on_rejected: Value) -> Value:
    if not isinstance(this, PromiseObject):
        throw_type_error("Promise.prototype.then called on an incompatible receiver")
    capability = new_promise_capability(species_constructor(this, intrinsic("%Promise%")))
    perform_promise_then(this, on_fulfilled, on_rejected, capability)
    return capability.promise


@promise_prototype.method("catch", length=1)
def catch(this: Value, on_rejected: Value) -> Value:
    return invoke(this, "then", undefined, on_rejected)


@promise_prototype.method("finally", length=1)
def finally_(this: Value, on_finally: Value) -> Value:
    if not isinstance(this, JSObject):
        throw_type_error("Promise.prototype.finally called on non-object")
    constructor = species_constructor(this, intrinsic("%Promise%"))
    if not is_callable(on_finally):
        return invoke(this, "then", on_finally, on_finally)

    def then_finally(_: Value, value: Value) -> Value:
        promise = promise_resolve(constructor, on_finally.call(undefined, []))
        return invoke(promise, "then", create_builtin_function(lambda this: value))

    def catch_finally(_: Value, reason: Value) -> Value:
        def thrower(this: Value) -> Value:
            raise Throw(reason)

        promise = promise_resolve(constructor, on_finally.call(undefined, []))
        return invoke(promise, "then", create_builtin_function(thrower))

    return invoke(
        this,
        "then",
        create_builtin_function(then_finally, 1),
        create_builtin_function(catch_finally, 1),
    )


TABLES = (promise_prototype, promise_constructor)
