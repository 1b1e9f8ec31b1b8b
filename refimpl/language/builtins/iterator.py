"""Iterator, Iterator.prototype and the other prototypes of iterators (ECMA-262 §27.1)."""

from __future__ import annotations

from refimpl.language.builtins.support import callback_argument, receiver
from refimpl.language.operations import (
    IteratorRecord,
    JSObject,
    Value,
    create_data_property_or_throw,
    create_iterator_result,
    get_iterator_direct,
    get_iterator_from_method,
    get_method,
    intrinsic,
    ordinary_create_from_constructor,
    ordinary_has_instance,
    set_,
    surrounding,
    throw_type_error,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import (
    SYMBOL_ASYNC_ITERATOR,
    SYMBOL_ITERATOR,
    SYMBOL_TO_STRING_TAG,
    Key,
)

iterator_prototype = Table("%Iterator.prototype%")
iterator_constructor = Table("%Iterator%")
async_iterator_prototype = Table("%AsyncIteratorPrototype%")
wrap_prototype = Table("%WrapForValidIteratorPrototype%", prototype="%Iterator.prototype%")


@iterator_constructor.constructor(length=0)
def construct_iterator(new_target: Value) -> Value:
    if new_target is undefined or new_target is surrounding.agent.context.function:
        throw_type_error("Abstract class Iterator not directly constructable")
    return ordinary_create_from_constructor(new_target, "%Iterator.prototype%")


@iterator_prototype.method(SYMBOL_ITERATOR, length=0)
def iterator_method(this: Value) -> Value:
    return this


@async_iterator_prototype.method(SYMBOL_ASYNC_ITERATOR, length=0)
def async_iterator_method(this: Value) -> Value:
    return this


# --- the two accessors that stand in for data properties -----------------------------------------


@iterator_prototype.getter(SYMBOL_TO_STRING_TAG)
def get_to_string_tag(this: Value) -> Value:
    return "Iterator"


@iterator_prototype.setter(SYMBOL_TO_STRING_TAG)
def set_to_string_tag(this: Value, value: Value) -> Value:
    return setter_that_ignores_prototype_properties(this, SYMBOL_TO_STRING_TAG, value)


@iterator_prototype.getter("constructor")
def get_constructor(this: Value) -> Value:
    return intrinsic("%Iterator%")


@iterator_prototype.setter("constructor")
def set_constructor(this: Value, value: Value) -> Value:
    return setter_that_ignores_prototype_properties(this, "constructor", value)


def setter_that_ignores_prototype_properties(this: Value, key: Key, value: Value) -> Value:
    """SetterThatIgnoresPrototypeProperties with %Iterator.prototype% as home."""
    if not isinstance(this, JSObject):
        throw_type_error("The receiver is not an object")
    if this is intrinsic("%Iterator.prototype%"):
        throw_type_error("Cannot assign to a property of Iterator.prototype")
    if this.get_own_property(key) is None:
        create_data_property_or_throw(this, key, value)
    else:
        set_(this, key, value)
    return undefined


# --- Iterator.from -------------------------------------------------------------------------------


class WrappedIterator(JSObject):
    """An iterator that does not inherit from Iterator.prototype, made to look as if it did."""

    __slots__ = ("record",)

    def __init__(self, record: IteratorRecord) -> None:
        super().__init__(intrinsic("%WrapForValidIteratorPrototype%"))
        self.record = record


@iterator_constructor.method("from", length=1)
def from_(this: Value, value: Value) -> Value:
    record = get_iterator_flattenable(value, strings_too=True)
    if ordinary_has_instance(intrinsic("%Iterator%"), record.iterator):
        return record.iterator
    return WrappedIterator(record)


def get_iterator_flattenable(value: Value, *, strings_too: bool) -> IteratorRecord:
    """GetIteratorFlattenable."""
    if not isinstance(value, JSObject) and not (strings_too and type(value) is str):
        throw_type_error("The value is not an iterator or iterable")
    method = get_method(value, SYMBOL_ITERATOR)
    if method is not undefined:
        return get_iterator_from_method(value, method)
    if not isinstance(value, JSObject):
        throw_type_error("The value is not an iterator")
    return get_iterator_direct(value)


@wrap_prototype.method("next", length=0)
def wrapped_next(this: Value) -> Value:
    record = receiver(this, WrappedIterator, "%WrapForValidIteratorPrototype%.next").record
    return callback_argument(record.next_method).call(record.iterator, [])


@wrap_prototype.method("return", length=0)
def wrapped_return(this: Value) -> Value:
    record = receiver(this, WrappedIterator, "%WrapForValidIteratorPrototype%.return").record
    method = get_method(record.iterator, "return")
    if method is undefined:
        return create_iterator_result(undefined, True)
    return method.call(record.iterator, [])


TABLES = (
    *(iterator_constructor, iterator_prototype, async_iterator_prototype),
    wrap_prototype,
)
