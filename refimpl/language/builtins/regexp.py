"""RegExp (ECMA-262 §22.2), all but the methods under well-known symbols (`regexp_symbols`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from refimpl.language.agent import OutOfFuel
from refimpl.language.algorithms.character_sets import UnknownPropertyError
from refimpl.language.algorithms.patterns import Pattern, PatternTooLargeError, translate
from refimpl.language.algorithms.utf16 import code_point_at, from_code_point, to_code_points
from refimpl.language.builtins.string import is_regexp
from refimpl.language.builtins.support import charge, receiver
from refimpl.language.objects import Property
from refimpl.language.operations import (
    FunctionObject,
    JSObject,
    Value,
    create_array_from_list,
    get_prototype_from_constructor,
    intrinsic,
    null,
    set_,
    surrounding,
    throw_syntax_error,
    throw_type_error,
    to_boolean,
    to_length,
    to_string,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_SPECIES
from refimpl.source import regexp as syntax

if TYPE_CHECKING:
    from refimpl.language.algorithms.patterns import Span
    from refimpl.language.exotics import ArrayObject

regexp_prototype = Table("%RegExp.prototype%")
regexp_constructor = Table("%RegExp%")

#: The flags with their properties, in the order in which `flags` shows them.
FLAGS: Final = {
    "d": "hasIndices",
    "g": "global",
    "i": "ignoreCase",
    "m": "multiline",
    "s": "dotAll",
    "u": "unicode",
    "v": "unicodeSets",
    "y": "sticky",
}
#: What stands in a pattern's source text for characters that cannot stand in a literal.
SOURCE_PARTS: Final = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|(/)|([\n\r\u2028\u2029])", re.DOTALL)
LINE_TERMINATORS: Final = {"\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class RegExpObject(JSObject):
    """A RegExp instance."""

    __slots__ = ("flags", "pattern", "source")

    builtin_tag = "RegExp"

    def __init__(self, prototype: JSObject | None) -> None:
        """RegExpAlloc."""
        super().__init__(prototype)
        self.source = ""
        self.flags = ""
        self.pattern: Pattern
        self.props["lastIndex"] = Property(0.0, writable=True, enumerable=False, configurable=False)


@regexp_constructor.constructor(length=2)
def construct_regexp(new_target: Value, pattern: Value, flags: Value) -> Value:
    like_regexp = is_regexp(pattern)
    constructor: Any = new_target
    if new_target is undefined:
        constructor = surrounding.agent.context.function
        plain = like_regexp and flags is undefined
        if plain and pattern.get("constructor", pattern) is constructor:
            return pattern
    if isinstance(pattern, RegExpObject):
        source: Value = pattern.source
        used_flags = pattern.flags if flags is undefined else flags
    elif like_regexp:
        source = pattern.get("source", pattern)
        used_flags = pattern.get("flags", pattern) if flags is undefined else flags
    else:
        source, used_flags = pattern, flags
    made = RegExpObject(get_prototype_from_constructor(constructor, "%RegExp.prototype%"))
    return regexp_initialize(made, source, used_flags)


def regexp_initialize(regexp: RegExpObject, pattern: Value, flags: Value) -> RegExpObject:
    """RegExpInitialize."""
    regexp.source = "" if pattern is undefined else to_string(pattern)
    regexp.flags = "" if flags is undefined else to_string(flags)
    charge(len(regexp.source))
    problem = syntax.check(regexp.source, regexp.flags)
    if problem is not None:
        invalid(regexp, problem.message)
    try:
        regexp.pattern = translate(regexp.source, regexp.flags)
    except UnknownPropertyError as error:
        invalid(regexp, f"no data for the Unicode property {error}")
    except PatternTooLargeError:
        invalid(regexp, "too large")
    set_(regexp, "lastIndex", 0.0)
    return regexp


def invalid(regexp: RegExpObject, message: str) -> None:
    """Throw the SyntaxError of a pattern."""
    throw_syntax_error(f"Invalid regular expression: /{regexp.source}/{regexp.flags}: {message}")


def regexp_create(pattern: Value, flags: Value) -> RegExpObject:
    """RegExpCreate."""
    return regexp_initialize(RegExpObject(intrinsic("%RegExp.prototype%")), pattern, flags)


@regexp_constructor.getter(SYMBOL_SPECIES)
def species(this: Value) -> Value:
    return this


@regexp_constructor.method("escape", length=1)
def escape(this: Value, text: Value) -> Value:
    if type(text) is not str:
        throw_type_error("RegExp.escape takes a string")
    charge(len(text))
    points = [*to_code_points(text)]
    escaped = [escaped_for_pattern(point) for point in points]
    if points and points[0].isascii() and points[0].isalnum():
        escaped[0] = f"\\x{ord(points[0]):02x}"
    return "".join(escaped)


def escaped_for_pattern(point: str) -> str:
    """EncodeForRegExpEscape."""
    if point in "^$\\.*+?()[]{}|/":
        return "\\" + point
    if point in "\t\n\v\f\r":
        return "\\" + "tnvfr"["\t\n\v\f\r".index(point)]
    if point in ",-=<>#&!%:;@~'`\"" or point.isspace() or point == "\ufeff":
        return f"\\x{ord(point):02x}" if point < "\u0100" else f"\\u{ord(point):04x}"
    if "\ud800" <= point <= "\udfff":
        return f"\\u{ord(point):04x}"
    return from_code_point(ord(point))


# --- matching ------------------------------------------------------------------------------------


def this_object(this: Value, method: str) -> JSObject:
    """The receiver of the generic methods."""
    if not isinstance(this, JSObject):
        throw_type_error(f"RegExp.prototype.{method} called on non-object")
    return this


def regexp_exec(regexp: JSObject, text: str) -> Value:
    """RegExpExec."""
    function = regexp.get("exec", regexp)
    if isinstance(function, FunctionObject):
        result = function.call(regexp, [text])
        if not isinstance(result, JSObject) and result is not null:
            throw_type_error("The result of exec is neither an object nor null")
        return result
    return regexp_builtin_exec(receiver(regexp, RegExpObject, "RegExp.prototype.exec"), text)


def regexp_builtin_exec(regexp: RegExpObject, text: str) -> Value:
    """RegExpBuiltinExec."""
    last_index = to_length(regexp.get("lastIndex", regexp))
    moves = "g" in regexp.flags or "y" in regexp.flags
    start = last_index if moves else 0
    spans = match_spans(regexp, text, start) if start <= len(text) else None
    if spans is None:
        if moves:
            set_(regexp, "lastIndex", 0.0)
        return null
    assert spans[0] is not None
    if moves:
        set_(regexp, "lastIndex", float(spans[0][1]))
    return match_result(regexp, text, spans)


def match_spans(regexp: RegExpObject, text: str, start: int) -> list[Span | None] | None:
    """The spans of the next match, within the patience of the engine."""
    charge(1 + (len(text) - start) // 16)
    try:
        return regexp.pattern.match(text, start, sticky="y" in regexp.flags)
    except TimeoutError:
        raise OutOfFuel from None


def match_result(regexp: RegExpObject, text: str, spans: list[Span | None]) -> ArrayObject:
    """The array that exec returns."""
    assert spans[0] is not None
    substrings = [undefined if span is None else text[span[0] : span[1]] for span in spans]
    result = create_array_from_list(substrings)
    result.props["index"] = float(spans[0][0])
    result.props["input"] = text
    result.props["groups"] = groups_object(regexp, substrings)
    if "d" in regexp.flags:
        pairs = [
            undefined if span is None else create_array_from_list([float(span[0]), float(span[1])])
            for span in spans
        ]
        indices = create_array_from_list(pairs)
        indices.props["groups"] = groups_object(regexp, pairs)
        result.props["indices"] = indices
    return result


def groups_object(regexp: RegExpObject, values: list[Value]) -> Value:
    """The values of the named groups by name; of two with the same name, the one that matched."""
    if not regexp.pattern.names:
        return undefined
    groups = JSObject(None)
    for name, number in regexp.pattern.names:
        if values[number] is not undefined or name not in groups.props:
            groups.props[name] = values[number]
    return groups


def advance_string_index(text: str, index: int, *, unicode: bool) -> int:
    """AdvanceStringIndex."""
    return index + (len(code_point_at(text, index)) or 1 if unicode else 1)


@regexp_prototype.method("exec", length=1)
def exec_(this: Value, text: Value) -> Value:
    regexp = receiver(this, RegExpObject, "RegExp.prototype.exec")
    return regexp_builtin_exec(regexp, to_string(text))


@regexp_prototype.method("test", length=1)
def test_(this: Value, text: Value) -> Value:
    regexp = this_object(this, "test")
    return regexp_exec(regexp, to_string(text)) is not null


@regexp_prototype.method("toString", length=0)
def to_string_method(this: Value) -> Value:
    regexp = this_object(this, "toString")
    pattern = to_string(regexp.get("source", regexp))
    return f"/{pattern}/{to_string(regexp.get('flags', regexp))}"


# --- flags and source ----------------------------------------------------------------------------


@regexp_prototype.getter("flags")
def flags_getter(this: Value) -> Value:
    regexp = this_object(this, "flags")
    shown = ""
    for flag, name in FLAGS.items():
        if to_boolean(regexp.get(name, regexp)):
            shown += flag
    return shown


def define_flag(flag: str, name: str) -> None:
    """The getter that tells whether a flag is there."""

    def behaviour(this: Value) -> Value:
        if isinstance(this, RegExpObject):
            return flag in this.flags
        if this is intrinsic("%RegExp.prototype%"):
            return undefined
        throw_type_error(f"RegExp.prototype.{name} called on an incompatible receiver")

    regexp_prototype.getter(name)(behaviour)


for flag_letter, flag_name in FLAGS.items():
    define_flag(flag_letter, flag_name)


@regexp_prototype.getter("source")
def source_getter(this: Value) -> Value:
    if this is intrinsic("%RegExp.prototype%"):
        return "(?:)"
    regexp = receiver(this, RegExpObject, "RegExp.prototype.source")
    return SOURCE_PARTS.sub(escaped_source, regexp.source) or "(?:)"


def escaped_source(part: re.Match[str]) -> str:
    """EscapeRegExpPattern for one part."""
    kept, slash, terminator = part.groups()
    if slash:
        return "\\/"
    if terminator:
        return LINE_TERMINATORS[terminator]
    for character, text in LINE_TERMINATORS.items():
        kept = kept.replace("\\" + character, text).replace(character, text)
    return str(kept)


TABLES = (regexp_prototype, regexp_constructor)
