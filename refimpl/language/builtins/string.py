"""String (ECMA-262 §22.1), all but the methods that take patterns (`string_patterns`)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from refimpl.language.algorithms.numbers import WHITE_SPACE
from refimpl.language.algorithms.utf16 import (
    code_point_at,
    from_code_point,
    is_well_formed,
    join,
    to_code_points,
    to_units,
    to_well_formed,
)
from refimpl.language.builtins.support import charge, joined, receiver, sized, this_primitive
from refimpl.language.exotics import StringObject
from refimpl.language.operations import (
    JSObject,
    Value,
    create_iterator_result,
    get_prototype_from_constructor,
    intrinsic,
    is_integral_number,
    length_of_array_like,
    relative_index,
    require_object_coercible,
    surrounding,
    throw_range_error,
    throw_type_error,
    to_boolean,
    to_integer_or_infinity,
    to_length,
    to_number,
    to_object,
    to_string,
    to_uint16,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_ITERATOR, SYMBOL_MATCH, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable


def make_string_prototype(prototype: JSObject | None) -> StringObject:
    """String.prototype is itself a String object."""
    return StringObject(prototype, "")


string_prototype = Table("%String.prototype%", make=make_string_prototype)
string_constructor = Table("%String%")
string_iterator_prototype = Table("%StringIteratorPrototype%", prototype="%Iterator.prototype%")
string_iterator_prototype.to_string_tag("String Iterator")


@string_constructor.constructor(length=1)
def construct_string(new_target: Value, *arguments: Value) -> Value:
    if arguments and new_target is undefined and type(arguments[0]) is Symbol:
        return repr(arguments[0])
    text = to_string(arguments[0]) if arguments else ""
    if new_target is undefined:
        return text
    return StringObject(get_prototype_from_constructor(new_target, "%String.prototype%"), text)


@string_constructor.method("fromCharCode", length=1)
def from_char_code(this: Value, *codes: Value) -> Value:
    charge(len(codes))
    return "".join([chr(to_uint16(code)) for code in codes])


@string_constructor.method("fromCodePoint", length=1)
def from_code_point_method(this: Value, *code_points: Value) -> Value:
    parts: list[str] = []
    charge(len(code_points))
    for code_point in code_points:
        number = to_number(code_point)
        if not is_integral_number(number) or not 0 <= number <= 0x10FFFF:
            throw_range_error(f"Invalid code point {to_string(code_point)}")
        parts.append(from_code_point(int(number)))
    return "".join(parts)


@string_constructor.method("raw", length=1)
def raw(this: Value, template: Value, *substitutions: Value) -> Value:
    cooked = to_object(template)
    literals = to_object(cooked.get("raw", cooked))
    length = length_of_array_like(literals)
    parts: list[str] = []
    for index in range(length):
        charge(1)
        parts.append(to_string(literals.get(str(index), literals)))
        if index + 1 < length and index < len(substitutions):
            parts.append(to_string(substitutions[index]))
    return joined(parts)


# --- the receiver and positions in it ------------------------------------------------------------


def this_string(this: Value) -> str:
    """The first steps of nearly every method."""
    return to_string(require_object_coercible(this))


def clamped(position: Value, length: int) -> int:
    """A position argument clamped between 0 and `length`."""
    return int(min(max(to_integer_or_infinity(position), 0), length))


@string_prototype.method("toString", length=0)
def to_string_method(this: Value) -> Value:
    return this_primitive(this, str, "String.prototype.toString")


@string_prototype.method("valueOf", length=0)
def value_of(this: Value) -> Value:
    return this_primitive(this, str, "String.prototype.valueOf")


@string_prototype.method("at", length=1)
def at(this: Value, index: Value) -> Value:
    text = this_string(this)
    k = to_integer_or_infinity(index)
    k = k + len(text) if k < 0 else k
    return text[int(k)] if 0 <= k < len(text) else undefined


@string_prototype.method("charAt", length=1)
def char_at(this: Value, position: Value) -> Value:
    text = this_string(this)
    k = to_integer_or_infinity(position)
    return text[int(k)] if 0 <= k < len(text) else ""


@string_prototype.method("charCodeAt", length=1)
def char_code_at(this: Value, position: Value) -> Value:
    text = this_string(this)
    k = to_integer_or_infinity(position)
    return float(ord(text[int(k)])) if 0 <= k < len(text) else float("nan")


@string_prototype.method("codePointAt", length=1)
def code_point_at_method(this: Value, position: Value) -> Value:
    text = this_string(this)
    k = to_integer_or_infinity(position)
    if not 0 <= k < len(text):
        return undefined
    units = code_point_at(text, int(k))
    return float(join(*units) if len(units) == 2 else ord(units))


@string_prototype.method("concat", length=1)
def concat(this: Value, *others: Value) -> Value:
    text = this_string(this)
    return joined([text, *[to_string(other) for other in others]])


# --- searching -----------------------------------------------------------------------------------


def is_regexp(value: Value) -> bool:
    """IsRegExp."""
    if not isinstance(value, JSObject):
        return False
    matcher = value.get(SYMBOL_MATCH, value)
    return value.builtin_tag == "RegExp" if matcher is undefined else to_boolean(matcher)


def sought_string(value: Value) -> str:
    """The argument of `includes` and its siblings, which is no regular expression."""
    if is_regexp(value):
        throw_type_error("The first argument must not be a regular expression")
    return to_string(value)


@string_prototype.method("endsWith", length=1)
def ends_with(this: Value, sought: Value, end: Value) -> Value:
    text = this_string(this)
    suffix = sought_string(sought)
    return text[: len(text) if end is undefined else clamped(end, len(text))].endswith(suffix)


@string_prototype.method("includes", length=1)
def includes(this: Value, sought: Value, position: Value) -> Value:
    text = this_string(this)
    part = sought_string(sought)
    charge(len(text) // 64)
    return text.find(part, clamped(position, len(text))) >= 0


@string_prototype.method("indexOf", length=1)
def index_of(this: Value, sought: Value, position: Value) -> Value:
    text = this_string(this)
    part = to_string(sought)
    charge(len(text) // 64)
    return float(text.find(part, clamped(position, len(text))))


@string_prototype.method("lastIndexOf", length=1)
def last_index_of(this: Value, sought: Value, position: Value) -> Value:
    text = this_string(this)
    part = to_string(sought)
    number = to_number(position)
    is_nan = number != number  # noqa: PLR0124 - NaN
    last = len(text) if is_nan else clamped(number, len(text))
    charge(len(text) // 64)
    return float(text.rfind(part, 0, last + len(part)))


@string_prototype.method("startsWith", length=1)
def starts_with(this: Value, sought: Value, position: Value) -> Value:
    text = this_string(this)
    prefix = sought_string(sought)
    return text.startswith(prefix, clamped(position, len(text)))


# --- parts ---------------------------------------------------------------------------------------


@string_prototype.method("slice", length=2)
def slice_(this: Value, start: Value, end: Value) -> Value:
    text = this_string(this)
    first = relative_index(start, len(text))
    return text[first : relative_index(end, len(text), len(text))]


@string_prototype.method("substring", length=2)
def substring(this: Value, start: Value, end: Value) -> Value:
    text = this_string(this)
    first = clamped(start, len(text))
    final = len(text) if end is undefined else clamped(end, len(text))
    return text[min(first, final) : max(first, final)]


@string_prototype.method("substr", length=2)
def substr(this: Value, start: Value, length: Value) -> Value:
    text = this_string(this)
    first = relative_index(start, len(text))
    count = len(text) if length is undefined else clamped(length, len(text))
    return text[first : first + count]


@string_prototype.method("trim", length=0)
def trim(this: Value) -> Value:
    return this_string(this).strip(WHITE_SPACE)


@string_prototype.method("trimEnd", length=0)
def trim_end(this: Value) -> Value:
    return this_string(this).rstrip(WHITE_SPACE)


@string_prototype.method("trimStart", length=0)
def trim_start(this: Value) -> Value:
    return this_string(this).lstrip(WHITE_SPACE)


# --- longer and other strings --------------------------------------------------------------------


@string_prototype.method("padEnd", length=1)
def pad_end(this: Value, length: Value, filler: Value) -> Value:
    text = this_string(this)
    return text + padding(text, length, filler)


@string_prototype.method("padStart", length=1)
def pad_start(this: Value, length: Value, filler: Value) -> Value:
    text = this_string(this)
    return padding(text, length, filler) + text


def padding(text: str, length: Value, filler: Value) -> str:
    """What StringPad adds."""
    missing = to_length(length) - len(text)
    if missing <= 0:
        return ""
    fill = " " if filler is undefined else to_string(filler)
    if not fill:
        return ""
    sized(missing + len(text))
    return (fill * (missing // len(fill) + 1))[:missing]


@string_prototype.method("repeat", length=1)
def repeat(this: Value, count: Value) -> Value:
    text = this_string(this)
    n = to_integer_or_infinity(count)
    if not 0 <= n < float("inf"):
        throw_range_error("Invalid count value")
    sized(len(text) * int(n))
    return text * int(n) if text else ""


def define_mapping(name: str, change: Callable[[str], str]) -> None:
    """A method without arguments that changes the text, seen as code points."""

    def behaviour(this: Value) -> Value:
        text = this_string(this)
        charge(len(text) // 64)
        return to_units(change(to_code_points(text)))

    string_prototype.method(name, length=0)(behaviour)


for method_name, mapping in {
    "toLocaleLowerCase": str.lower,
    "toLocaleUpperCase": str.upper,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
}.items():
    define_mapping(method_name, mapping)


@string_prototype.method("isWellFormed", length=0)
def is_well_formed_method(this: Value) -> Value:
    return is_well_formed(this_string(this))


@string_prototype.method("toWellFormed", length=0)
def to_well_formed_method(this: Value) -> Value:
    return to_well_formed(this_string(this))


@string_prototype.method("normalize", length=0)
def normalize(this: Value, form: Value) -> Value:
    text = this_string(this)
    name = "NFC" if form is undefined else to_string(form)
    charge(len(text) // 16)
    match name:
        case "NFC" | "NFD" | "NFKC" | "NFKD":
            normal = unicodedata.normalize(name, to_code_points(text))
        case _:
            throw_range_error("The normalization form must be NFC, NFD, NFKC or NFKD")
    sized(len(normal))
    return to_units(normal)


@string_prototype.method("localeCompare", length=1)
def locale_compare(this: Value, that: Value) -> Value:
    left = collation_key(this_string(this))
    right = collation_key(to_string(that))
    return float((left > right) - (left < right))


def collation_key(text: str) -> tuple[list[tuple[bool, str]], str, str]:
    """Letters after everything else, then accents, then lower case before upper case."""
    charge(len(text) // 16)
    decomposed = unicodedata.normalize("NFD", to_code_points(text))
    bases = [c for c in decomposed.casefold() if not unicodedata.combining(c)]
    return [(c.isalpha(), c) for c in bases], decomposed.casefold(), decomposed.swapcase()


# --- iteration -----------------------------------------------------------------------------------


class StringIterator(JSObject):
    """A String Iterator."""

    __slots__ = ("position", "text")

    def __init__(self, text: str) -> None:
        super().__init__(intrinsic("%StringIteratorPrototype%"))
        self.text = text
        self.position = 0


@string_prototype.method(SYMBOL_ITERATOR, length=0)
def iterator_method(this: Value) -> Value:
    return StringIterator(this_string(this))


@string_iterator_prototype.method("next", length=0)
def next_(this: Value) -> Value:
    iterator = receiver(this, StringIterator, "%StringIteratorPrototype%.next")
    surrounding.agent.charge()
    units = code_point_at(iterator.text, iterator.position)
    iterator.position += len(units)
    if not units:
        iterator.position = len(iterator.text)
        return create_iterator_result(undefined, True)
    return create_iterator_result(units, False)


TABLES = (string_prototype, string_constructor, string_iterator_prototype)
