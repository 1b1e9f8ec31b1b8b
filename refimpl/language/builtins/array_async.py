"""Array.fromAsync (ECMA-262 2026 §23.1.2.2)."""

from __future__ import annotations

from typing import Any

from refimpl.language.async_iteration import (
    async_iterator_close_throwing,
    create_async_from_sync_iterator,
)
from refimpl.language.builtins.array import array_constructor, new_of_length
from refimpl.language.builtins.support import callback_argument, charge
from refimpl.language.generators import start_async_function
from refimpl.language.operations import (
    IteratorRecord,
    JSObject,
    Throw,
    Value,
    array_create,
    create_data_property_or_throw,
    get_iterator_from_method,
    get_method,
    is_constructor,
    iterator_complete,
    iterator_value,
    length_of_array_like,
    set_,
    throw_type_error,
    to_object,
    undefined,
)
from refimpl.language.promises import await_
from refimpl.language.values import SYMBOL_ASYNC_ITERATOR, SYMBOL_ITERATOR


@array_constructor.method("fromAsync", length=1)
def from_async(this: Value, items: Value, mapper: Value, this_arg: Value) -> Value:
    def body() -> Value:
        if mapper is not undefined:
            callback_argument(mapper)
        method = get_method(items, SYMBOL_ASYNC_ITERATOR)
        sync_method: Any = undefined
        if method is undefined:
            sync_method = get_method(items, SYMBOL_ITERATOR)
        if method is not undefined:
            target = this.construct([], this) if is_constructor(this) else array_create(0)
            return collect(get_iterator_from_method(items, method), target, mapper, this_arg)
        if sync_method is not undefined:
            target = this.construct([], this) if is_constructor(this) else array_create(0)
            record = get_iterator_from_method(items, sync_method)
            record = create_async_from_sync_iterator(record)
            return collect(record, target, mapper, this_arg)
        return collect_array_like(this, to_object(items), mapper, this_arg)

    return start_async_function(body)


def collect(record: IteratorRecord, target: JSObject, mapper: Any, this_arg: Value) -> JSObject:
    """The steps for an iterable."""
    k = 0
    while True:
        charge(1)
        result = await_(record.next_method.call(record.iterator, []))
        if not isinstance(result, JSObject):
            throw_type_error("Iterator result is not an object")
        if iterator_complete(result):
            set_(target, "length", float(k))
            return target
        value = iterator_value(result)
        try:
            if mapper is not undefined:
                value = await_(mapper.call(this_arg, [value, float(k)]))
            create_data_property_or_throw(target, str(k), value)
        except Throw:
            async_iterator_close_throwing(record)
            raise
        k += 1


def collect_array_like(
    constructor: Value, source: JSObject, mapper: Any, this_arg: Value
) -> JSObject:
    """The steps for what is not iterable."""
    length = length_of_array_like(source)
    target = new_of_length(constructor, length)
    for k in range(length):
        charge(1)
        value = await_(source.get(str(k), source))
        if mapper is not undefined:
            value = await_(mapper.call(this_arg, [value, float(k)]))
        create_data_property_or_throw(target, str(k), value)
    set_(target, "length", float(length))
    return target
