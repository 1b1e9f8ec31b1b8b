"""Date (ECMA-262 §21.4). The current time is the agent's virtual clock; local time is UTC."""

from __future__ import annotations

from math import isfinite, isnan, nan
from typing import TYPE_CHECKING, Final

from refimpl.language.algorithms import dates
from refimpl.language.builtins.support import agent, charge, receiver
from refimpl.language.conversions import ordinary_to_primitive
from refimpl.language.operations import (
    JSObject,
    Value,
    get_prototype_from_constructor,
    invoke,
    null,
    throw_range_error,
    throw_type_error,
    to_number,
    to_object,
    to_primitive,
    to_string,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_TO_PRIMITIVE

if TYPE_CHECKING:
    from collections.abc import Callable

date_prototype = Table("%Date.prototype%")
date_constructor = Table("%Date%")


class DateObject(JSObject):
    """A Date; `time` is its [[DateValue]]."""

    __slots__ = ("time",)

    builtin_tag = "Date"

    def __init__(self, prototype: JSObject | None, time: float) -> None:
        super().__init__(prototype)
        self.time = time


def now() -> float:
    """The virtual time in whole milliseconds."""
    return float(int(agent().now))


@date_constructor.constructor(length=7)
def construct_date(new_target: Value, *arguments: Value) -> Value:
    if new_target is undefined:
        return to_date_string(now())
    if not arguments:
        time = now()
    elif len(arguments) == 1:
        time = time_of_value(arguments[0])
    else:
        time = time_of_parts(arguments)
    return DateObject(get_prototype_from_constructor(new_target, "%Date.prototype%"), time)


def time_of_value(value: Value) -> float:
    """The time value of the constructor's only argument."""
    if isinstance(value, DateObject):
        return value.time
    primitive = to_primitive(value)
    if type(primitive) is str:
        return parse_text(primitive)
    return dates.time_clip(to_number(primitive))


def time_of_parts(arguments: tuple[Value, ...]) -> float:
    """The time value of year, month, and whatever follows."""
    numbers = [to_number(argument) for argument in arguments[:7]]
    year, month, date, *clock = [*numbers, *(0.0, 1.0, 0.0, 0.0, 0.0, 0.0)[len(numbers) - 1 :]]
    day = dates.make_day(dates.make_full_year(year), month, date)
    return dates.time_clip(dates.make_date(day, dates.make_time(*clock)))


def parse_text(text: str) -> float:
    """The time value a text stands for."""
    charge(len(text) // 16)
    return dates.parse(text)


def to_date_string(time: float) -> str:
    """ToDateString."""
    if isnan(time):
        return "Invalid Date"
    return f"{dates.date_text(time)} {dates.time_text(time)}"


@date_constructor.method("now", length=0)
def now_method(this: Value) -> Value:
    return now()


@date_constructor.method("parse", length=1)
def parse(this: Value, text: Value) -> Value:
    return parse_text(to_string(text))


@date_constructor.method("UTC", length=7)
def utc(this: Value, *arguments: Value) -> Value:
    return time_of_parts(arguments or (undefined,))


# --- getters and setters -------------------------------------------------------------------------

#: What a getter shows; the setter of the same name takes it and the parts named after it.
PARTS: Final = {
    "FullYear": ("year", "month", "day"),
    "Month": ("month", "day"),
    "Date": ("day",),
    "Hours": ("hour", "minute", "second", "millisecond"),
    "Minutes": ("minute", "second", "millisecond"),
    "Seconds": ("second", "millisecond"),
    "Milliseconds": ("millisecond",),
}


def this_date(this: Value, method: str) -> DateObject:
    """The receiver of every method but two."""
    return receiver(this, DateObject, f"Date.prototype.{method}")


def define_getter(name: str, part: str) -> None:
    """A method that shows one part of the date."""

    def behaviour(this: Value) -> Value:
        time = this_date(this, name).time
        return nan if isnan(time) else float(getattr(dates.fields(time), part))

    date_prototype.method(name, length=0)(behaviour)


def define_setter(name: str, parts: tuple[str, ...]) -> None:
    """A method that replaces one part and, with more arguments, those after it."""

    def behaviour(this: Value, *arguments: Value) -> Value:
        date = this_date(this, name)
        time = date.time
        numbers = [to_number(argument) for argument in (arguments or (undefined,))[: len(parts)]]
        if isnan(time):
            if parts[0] != "year":
                return nan
            time = 0.0
        changed = {**dates.fields(time)._asdict(), **dict(zip(parts, numbers, strict=False))}
        date.time = time_of_fields(changed)
        return date.time

    date_prototype.method(name, length=len(parts))(behaviour)


def time_of_fields(fields: dict[str, float]) -> float:
    """The time value of a date's parts by name."""
    day = dates.make_day(fields["year"], fields["month"], fields["day"])
    clock = dates.make_time(
        fields["hour"], fields["minute"], fields["second"], fields["millisecond"]
    )
    return dates.time_clip(dates.make_date(day, clock))


for zone in ("", "UTC"):
    for suffix, named_parts in PARTS.items():
        define_getter(f"get{zone}{suffix}", named_parts[0])
        define_setter(f"set{zone}{suffix}", named_parts)
    define_getter(f"get{zone}Day", "weekday")


@date_prototype.method("getTime", length=0)
def get_time(this: Value) -> Value:
    return this_date(this, "getTime").time


@date_prototype.method("valueOf", length=0)
def value_of(this: Value) -> Value:
    return this_date(this, "valueOf").time


@date_prototype.method("getTimezoneOffset", length=0)
def get_timezone_offset(this: Value) -> Value:
    return nan if isnan(this_date(this, "getTimezoneOffset").time) else 0.0


@date_prototype.method("getYear", length=0)
def get_year(this: Value) -> Value:
    time = this_date(this, "getYear").time
    return nan if isnan(time) else dates.fields(time).year - 1900.0


@date_prototype.method("setTime", length=1)
def set_time(this: Value, time: Value) -> Value:
    date = this_date(this, "setTime")
    date.time = dates.time_clip(to_number(time))
    return date.time


# --- texts ---------------------------------------------------------------------------------------


def locale_date(time: float) -> str:
    """A date as the English of the United States writes it."""
    at = dates.fields(time)
    return f"{at.month + 1}/{at.day}/{at.year}"


def locale_time(time: float) -> str:
    """A time of day likewise."""
    at = dates.fields(time)
    half = "PM" if at.hour >= 12 else "AM"
    return f"{at.hour % 12 or 12}:{at.minute:02}:{at.second:02} {half}"


def define_text(name: str, text_of: Callable[[float], str]) -> None:
    """A method that shows the date as text."""

    def behaviour(this: Value) -> Value:
        time = this_date(this, name).time
        return "Invalid Date" if isnan(time) else text_of(time)

    date_prototype.method(name, length=0)(behaviour)


for text_name, text_form in {
    "toDateString": dates.date_text,
    "toString": to_date_string,
    "toTimeString": dates.time_text,
    "toUTCString": dates.utc_text,
    "toLocaleDateString": locale_date,
    "toLocaleString": lambda time: f"{locale_date(time)}, {locale_time(time)}",
    "toLocaleTimeString": locale_time,
}.items():
    define_text(text_name, text_form)


@date_prototype.method("toISOString", length=0)
def to_iso_string(this: Value) -> Value:
    time = this_date(this, "toISOString").time
    if not isfinite(time):
        throw_range_error("Invalid time value")
    return dates.iso_text(time)


@date_prototype.method("toJSON", length=1)
def to_json(this: Value, key: Value) -> Value:
    obj = to_object(this)
    primitive = to_primitive(obj, "number")
    if type(primitive) is float and not isfinite(primitive):
        return null
    return invoke(obj, "toISOString")


@date_prototype.method(SYMBOL_TO_PRIMITIVE, length=1, writable=False)
def to_primitive_method(this: Value, hint: Value) -> Value:
    if not isinstance(this, JSObject):
        throw_type_error("Date.prototype[Symbol.toPrimitive] called on non-object")
    if type(hint) is not str or hint not in {"default", "number", "string"}:
        throw_type_error("Invalid hint")
    return ordinary_to_primitive(this, "string" if hint == "default" else hint)


TABLES = (date_prototype, date_constructor)
