"""What every JavaScript host has beside ECMA-262: timers, console, text coding, performance, crypto.

Time is the agent's virtual clock and chance its seeded generator; output goes to the host's `print`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from refimpl.language.algorithms.utf16 import to_code_points, to_units, to_well_formed
from refimpl.language.builtins.array_buffer import ArrayBufferObject, zeros
from refimpl.language.builtins.data_view import DataViewObject
from refimpl.language.builtins.global_object import global_this
from refimpl.language.builtins.inspection import inspect
from refimpl.language.builtins.support import agent, callback_argument, charge, receiver, sized
from refimpl.language.element_types import ELEMENT_TYPES
from refimpl.language.errors import describe
from refimpl.language.operations import (
    JSObject,
    Throw,
    Value,
    current_realm,
    get_prototype_from_constructor,
    intrinsic,
    ordinary_create_from_constructor,
    throw_range_error,
    throw_type_error,
    to_boolean,
    to_number,
    to_string,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.typed_arrays import TypedArrayObject

if TYPE_CHECKING:
    from collections.abc import Hashable

    from refimpl.language.realm import Realm

console = Table("%console%")
performance = Table("%performance%")
crypto = Table("%crypto%")
for host_object in ("console", "performance", "crypto"):
    global_this.value(host_object, f"%{host_object}%")

# --- jobs and timers -----------------------------------------------------------------------------


def run_reported(
    realm: Realm, callback: Any, arguments: list[Value], this: Value = undefined
) -> None:
    """Call back from outside; what is thrown is printed, as nobody is there to catch it."""
    try:
        callback.call(this, arguments)
    except Throw as thrown:
        realm.host.print(f"Uncaught {describe(thrown.value)}")


@global_this.method("queueMicrotask", length=1)
def queue_microtask(this: Value, callback: Value) -> Value:
    function, realm = callback_argument(callback), current_realm()
    agent().enqueue_job(lambda: run_reported(realm, function, []))
    return undefined


class TimerObject(JSObject):
    """What setTimeout and its siblings return."""

    __slots__ = ("handle",)

    def __init__(self) -> None:
        super().__init__(intrinsic("%Object.prototype%"))
        self.handle: Hashable = None


def start_timer(callback: Value, delay: Value, arguments: list[Value], *, repeats: bool) -> Value:
    """The common part of setTimeout, setInterval and setImmediate."""
    function, realm, timer = callback_argument(callback), current_realm(), TimerObject()
    number = to_number(delay)
    pause = float(int(number)) if 1 <= number < 2**31 else float(repeats)

    def fire() -> None:
        timer.handle = realm.host.set_timer(pause, fire) if repeats else None
        run_reported(realm, function, arguments)

    timer.handle = realm.host.set_timer(pause, fire)
    return timer


@global_this.method("setTimeout", length=1)
def set_timeout(this: Value, callback: Value, delay: Value, *arguments: Value) -> Value:
    return start_timer(callback, delay, [*arguments], repeats=False)


@global_this.method("setInterval", length=1)
def set_interval(this: Value, callback: Value, delay: Value, *arguments: Value) -> Value:
    return start_timer(callback, delay, [*arguments], repeats=True)


@global_this.method("setImmediate", length=1)
def set_immediate(this: Value, callback: Value, *arguments: Value) -> Value:
    return start_timer(callback, 0.0, [*arguments], repeats=False)


def clear_timer(this: Value, timer: Value) -> Value:
    """Cancel a timer; anything else is ignored."""
    if isinstance(timer, TimerObject) and timer.handle is not None:
        current_realm().host.clear_timer(timer.handle)
        timer.handle = None
    return undefined


for clearing in ("clearTimeout", "clearInterval", "clearImmediate"):
    global_this.method(clearing, length=1)(clear_timer)

# --- console, performance, crypto ----------------------------------------------------------------


def print_line(this: Value, *values: Value) -> Value:
    """All the logging methods of console."""
    current_realm().host.print(to_code_points(" ".join([inspect(value) for value in values])))
    return undefined


for level in ("debug", "error", "info", "log", "warn"):
    console.method(level, length=0)(print_line)


@performance.method("now", length=0)
def performance_now(this: Value) -> Value:
    return agent().now


@crypto.method("randomUUID", length=0)
def random_uuid(this: Value) -> Value:
    return str(UUID(int=agent().random.getrandbits(128), version=4))


@crypto.method("getRandomValues", length=1)
def get_random_values(this: Value, array: Value) -> Value:
    view = receiver(array, TypedArrayObject, "getRandomValues")
    length = view.checked_length()
    if view.element.kind == "float":
        throw_type_error("getRandomValues takes only integer arrays")
    charge(length)
    view.put_bytes(0, agent().random.randbytes(length * view.element.size))
    return view


# --- text coding ---------------------------------------------------------------------------------

text_encoder_prototype = Table("%TextEncoder.prototype%")
text_encoder_prototype.to_string_tag("TextEncoder")
text_encoder_constructor = Table("%TextEncoder%")
text_decoder_prototype = Table("%TextDecoder.prototype%")
text_decoder_prototype.to_string_tag("TextDecoder")
text_decoder_constructor = Table("%TextDecoder%")


class TextCoder(JSObject):
    """A TextEncoder or TextDecoder, of UTF-8."""

    __slots__ = ("fatal", "ignore_bom")

    def __init__(self, prototype: JSObject | None) -> None:
        super().__init__(prototype)
        self.fatal = False
        self.ignore_bom = False


@text_encoder_constructor.constructor(length=0)
def construct_text_encoder(new_target: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor TextEncoder requires 'new'")
    return ordinary_create_from_constructor(new_target, "%TextEncoder.prototype%", TextCoder)


@text_encoder_prototype.method("encode", length=0)
def encode(this: Value, text: Value) -> Value:
    string = "" if text is undefined else to_string(text)
    encoded = to_code_points(to_well_formed(string)).encode()
    data = zeros(len(encoded))
    data[:] = encoded
    buffer = ArrayBufferObject(intrinsic("%ArrayBuffer.prototype%"), data)
    prototype = intrinsic("%Uint8Array.prototype%")
    return TypedArrayObject(prototype, ELEMENT_TYPES["Uint8"], buffer, 0, len(data))


@text_decoder_constructor.constructor(length=0)
def construct_text_decoder(new_target: Value, label: Value, options: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor TextDecoder requires 'new'")
    name = "utf-8" if label is undefined else to_string(label).strip().lower()
    if name not in {"utf-8", "utf8"}:
        throw_range_error(f"The encoding '{name}' is not supported")
    decoder = TextCoder(get_prototype_from_constructor(new_target, "%TextDecoder.prototype%"))
    if isinstance(options, JSObject):
        decoder.fatal = to_boolean(options.get("fatal", options))
        decoder.ignore_bom = to_boolean(options.get("ignoreBOM", options))
    return decoder


@text_decoder_prototype.method("decode", length=0)
def decode(this: Value, source: Value) -> Value:
    decoder = receiver(this, TextCoder, "TextDecoder.prototype.decode")
    data = bytes_of(source)
    sized(len(data))
    try:
        text = data.decode(errors="strict" if decoder.fatal else "replace")
    except UnicodeDecodeError:
        throw_type_error("The encoded data was not valid utf-8")
    return to_units(text if decoder.ignore_bom else text.removeprefix("\ufeff"))


def bytes_of(source: Value) -> bytes:
    """The bytes of a BufferSource; none for undefined."""
    match source:
        case TypedArrayObject():
            return source.element_bytes(0, source.checked_length())
        case DataViewObject():
            start, length = source.byte_offset, source.checked_length()
            return bytes(source.viewed_buffer.bytes()[start : start + length])
        case ArrayBufferObject():
            return bytes(source.bytes())
    if source is not undefined:
        throw_type_error("The argument is neither an ArrayBuffer nor a view of one")
    return b""


for text_coder in (text_encoder_prototype, text_decoder_prototype):
    text_coder.value("encoding", "utf-8", writable=False)

TABLES = (
    *(console, performance, crypto, text_encoder_prototype, text_encoder_constructor),
    *(text_decoder_prototype, text_decoder_constructor),
)
