"""ArrayBuffer (ECMA-262 §25.1)."""

from __future__ import annotations

from refimpl.language.builtins.support import agent, charge, receiver
from refimpl.language.operations import (
    JSObject,
    Value,
    get_prototype_from_constructor,
    intrinsic,
    relative_index,
    species_constructor,
    throw_range_error,
    throw_type_error,
    to_index,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_SPECIES

array_buffer_prototype = Table("%ArrayBuffer.prototype%")
array_buffer_prototype.to_string_tag("ArrayBuffer")
array_buffer_constructor = Table("%ArrayBuffer%")


class ArrayBufferObject(JSObject):
    """An ArrayBuffer; `data` is None when it is detached, `max_length` None when it cannot be resized."""

    __slots__ = ("data", "max_length")

    def __init__(self, prototype: JSObject | None, data: bytearray) -> None:
        super().__init__(prototype)
        self.data: bytearray | None = data
        self.max_length: int | None = None

    def bytes(self) -> bytearray:
        """The bytes, or a TypeError if there are none any more."""
        if self.data is None:
            throw_type_error("Cannot perform the operation on a detached ArrayBuffer")
        return self.data


def allocate_array_buffer(
    constructor: Value, length: int, max_length: int | None = None
) -> ArrayBufferObject:
    """AllocateArrayBuffer."""
    if max_length is not None and length > max_length:
        throw_range_error("The length is greater than maxByteLength")
    prototype = get_prototype_from_constructor(constructor, "%ArrayBuffer.prototype%")
    buffer = ArrayBufferObject(prototype, zeros(max(length, max_length or 0))[:length])
    buffer.max_length = max_length
    return buffer


def zeros(length: int) -> bytearray:
    """CreateByteDataBlock, paid for."""
    if length > agent().limits.string_length * 8:
        throw_range_error("Array buffer allocation failed")
    charge(length // 64)
    agent().allocate(length // 64)
    return bytearray(length)


def detach_array_buffer(buffer: Value) -> None:
    """DetachArrayBuffer."""
    receiver(buffer, ArrayBufferObject, "DetachArrayBuffer").data = None


@array_buffer_constructor.constructor(length=1)
def construct_array_buffer(new_target: Value, length: Value, options: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor ArrayBuffer requires 'new'")
    byte_length = to_index(length)
    maximum = undefined
    if isinstance(options, JSObject):
        maximum = options.get("maxByteLength", options)
    return allocate_array_buffer(
        new_target, byte_length, None if maximum is undefined else to_index(maximum)
    )


@array_buffer_constructor.method("isView", length=1)
def is_view(this: Value, value: Value) -> Value:
    return getattr(value, "viewed_buffer", None) is not None


@array_buffer_constructor.getter(SYMBOL_SPECIES)
def species(this: Value) -> Value:
    return this


def this_buffer(this: Value, method: str) -> ArrayBufferObject:
    """The receiver."""
    return receiver(this, ArrayBufferObject, f"ArrayBuffer.prototype.{method}")


@array_buffer_prototype.getter("byteLength")
def byte_length_getter(this: Value) -> Value:
    return float(len(this_buffer(this, "byteLength").data or b""))


@array_buffer_prototype.getter("detached")
def detached(this: Value) -> Value:
    return this_buffer(this, "detached").data is None


@array_buffer_prototype.getter("maxByteLength")
def max_byte_length(this: Value) -> Value:
    buffer = this_buffer(this, "maxByteLength")
    if buffer.data is None:
        return 0.0
    return float(len(buffer.data) if buffer.max_length is None else buffer.max_length)


@array_buffer_prototype.getter("resizable")
def resizable(this: Value) -> Value:
    return this_buffer(this, "resizable").max_length is not None


@array_buffer_prototype.method("resize", length=1)
def resize(this: Value, length: Value) -> Value:
    buffer = this_buffer(this, "resize")
    if buffer.max_length is None:
        throw_type_error("The ArrayBuffer is not resizable")
    new_length = to_index(length)
    data = buffer.bytes()
    if new_length > buffer.max_length:
        throw_range_error("The length is greater than maxByteLength")
    resize_bytes(data, new_length)
    return undefined


def resize_bytes(data: bytearray, length: int) -> None:
    """Cut off, or add zeros."""
    if length < len(data):
        del data[length:]
    else:
        data.extend(zeros(length - len(data)))


@array_buffer_prototype.method("slice", length=2)
def slice_(this: Value, start: Value, end: Value) -> Value:
    buffer = this_buffer(this, "slice")
    length = len(buffer.bytes())
    first = relative_index(start, length)
    count = max(relative_index(end, length, length) - first, 0)
    constructor = species_constructor(buffer, intrinsic("%ArrayBuffer%"))
    made = constructor.construct([float(count)], constructor)
    target = this_buffer(made, "slice").bytes()
    if made is buffer:
        throw_type_error("The species constructor returned the same ArrayBuffer")
    if len(target) < count:
        throw_type_error("The species constructor returned a smaller ArrayBuffer")
    copied = buffer.bytes()[first : first + count]
    target[: len(copied)] = copied
    return made


@array_buffer_prototype.method("transfer", length=0)
def transfer(this: Value, length: Value) -> Value:
    return copy_and_detach(this_buffer(this, "transfer"), length, keep_resizable=True)


@array_buffer_prototype.method("transferToFixedLength", length=0)
def transfer_to_fixed_length(this: Value, length: Value) -> Value:
    buffer = this_buffer(this, "transferToFixedLength")
    return copy_and_detach(buffer, length, keep_resizable=False)


def copy_and_detach(
    buffer: ArrayBufferObject, length: Value, *, keep_resizable: bool
) -> ArrayBufferObject:
    """ArrayBufferCopyAndDetach."""
    new_length = len(buffer.data or b"") if length is undefined else to_index(length)
    data = buffer.bytes()
    maximum = buffer.max_length if keep_resizable else None
    made = allocate_array_buffer(intrinsic("%ArrayBuffer%"), new_length, maximum)
    count = min(new_length, len(data))
    made.bytes()[:count] = data[:count]
    buffer.data = None
    return made


TABLES = (array_buffer_prototype, array_buffer_constructor)
