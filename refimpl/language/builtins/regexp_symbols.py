"""The methods of RegExp.prototype under well-known symbols, which String's methods delegate to (§22.2.6)."""

from __future__ import annotations

from typing import Any

from refimpl.language.builtins.regexp import (
    advance_string_index,
    regexp_exec,
    regexp_prototype,
    this_object,
)
from refimpl.language.builtins.string_patterns import get_substitution
from refimpl.language.builtins.support import charge, joined, receiver
from refimpl.language.operations import (
    FunctionObject,
    JSObject,
    Value,
    create_array_from_list,
    create_iterator_result,
    intrinsic,
    length_of_array_like,
    null,
    same_value,
    set_,
    species_constructor,
    to_integer_or_infinity,
    to_length,
    to_object,
    to_string,
    to_uint32,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import (
    SYMBOL_MATCH,
    SYMBOL_MATCH_ALL,
    SYMBOL_REPLACE,
    SYMBOL_SEARCH,
    SYMBOL_SPLIT,
)

regexp_string_iterator_prototype = Table(
    "%RegExpStringIteratorPrototype%", prototype="%Iterator.prototype%"
)
regexp_string_iterator_prototype.to_string_tag("RegExp String Iterator")


def flags_of(regexp: JSObject) -> tuple[str, bool]:
    """The flags of a regular expression, and whether it matches code points."""
    flags = to_string(regexp.get("flags", regexp))
    return flags, "u" in flags or "v" in flags


def advance_last_index(regexp: JSObject, text: str, *, unicode: bool) -> None:
    """Step over an empty match."""
    index = to_length(regexp.get("lastIndex", regexp))
    set_(regexp, "lastIndex", float(advance_string_index(text, index, unicode=unicode)))


def all_results(regexp: JSObject, text: str, *, unicode: bool) -> list[tuple[JSObject, str]]:
    """Every match of a global regular expression, with its text."""
    set_(regexp, "lastIndex", 0.0)
    results: list[tuple[JSObject, str]] = []
    while (result := regexp_exec(regexp, text)) is not null:
        charge(1)
        matched = to_string(result.get("0", result))
        results.append((result, matched))
        if not matched:
            advance_last_index(regexp, text, unicode=unicode)
    return results


@regexp_prototype.method(SYMBOL_MATCH, length=1)
def match(this: Value, string: Value) -> Value:
    regexp = this_object(this, "[Symbol.match]")
    text = to_string(string)
    flags, unicode = flags_of(regexp)
    if "g" not in flags:
        return regexp_exec(regexp, text)
    found = [matched for _, matched in all_results(regexp, text, unicode=unicode)]
    return create_array_from_list([*found]) if found else null


@regexp_prototype.method(SYMBOL_SEARCH, length=1)
def search(this: Value, string: Value) -> Value:
    regexp = this_object(this, "[Symbol.search]")
    text = to_string(string)
    previous = regexp.get("lastIndex", regexp)
    if not same_value(previous, 0.0):
        set_(regexp, "lastIndex", 0.0)
    result = regexp_exec(regexp, text)
    if not same_value(regexp.get("lastIndex", regexp), previous):
        set_(regexp, "lastIndex", previous)
    return -1.0 if result is null else result.get("index", result)


# --- matchAll ------------------------------------------------------------------------------------


class RegExpStringIterator(JSObject):
    """A RegExp String Iterator."""

    __slots__ = ("done", "is_global", "regexp", "text", "unicode")

    def __init__(self, regexp: JSObject, text: str, flags: str) -> None:
        super().__init__(intrinsic("%RegExpStringIteratorPrototype%"))
        self.regexp = regexp
        self.text = text
        self.is_global = "g" in flags
        self.unicode = "u" in flags or "v" in flags
        self.done = False


@regexp_prototype.method(SYMBOL_MATCH_ALL, length=1)
def match_all(this: Value, string: Value) -> Value:
    regexp = this_object(this, "[Symbol.matchAll]")
    text = to_string(string)
    constructor = species_constructor(regexp, intrinsic("%RegExp%"))
    flags = to_string(regexp.get("flags", regexp))
    matcher = constructor.construct([regexp, flags], constructor)
    set_(matcher, "lastIndex", float(to_length(regexp.get("lastIndex", regexp))))
    return RegExpStringIterator(matcher, text, flags)


@regexp_string_iterator_prototype.method("next", length=0)
def next_(this: Value) -> Value:
    iterator = receiver(this, RegExpStringIterator, "%RegExpStringIteratorPrototype%.next")
    if iterator.done:
        return create_iterator_result(undefined, True)
    result = regexp_exec(iterator.regexp, iterator.text)
    if result is null:
        iterator.done = True
        return create_iterator_result(undefined, True)
    if not iterator.is_global:
        iterator.done = True
    elif not to_string(result.get("0", result)):
        advance_last_index(iterator.regexp, iterator.text, unicode=iterator.unicode)
    return create_iterator_result(result, False)


# --- replace -------------------------------------------------------------------------------------


@regexp_prototype.method(SYMBOL_REPLACE, length=2)
def replace(this: Value, string: Value, replacement: Value) -> Value:
    regexp = this_object(this, "[Symbol.replace]")
    text = to_string(string)
    replacer = replacement if isinstance(replacement, FunctionObject) else to_string(replacement)
    flags, unicode = flags_of(regexp)
    if "g" in flags:
        results = [result for result, _ in all_results(regexp, text, unicode=unicode)]
    else:
        result = regexp_exec(regexp, text)
        results = [] if result is null else [result]
    parts: list[str] = []
    end = 0
    for result in results:
        position, matched, new = replacement_of(result, text, replacer)
        if position >= end:
            parts += [text[end:position], new]
            end = position + len(matched)
    return joined([*parts, text[end:]])


def replacement_of(result: JSObject, text: str, replacer: Any) -> tuple[int, str, str]:
    """Where one match stands, its text, and what replaces it."""
    count = max(length_of_array_like(result) - 1, 0)
    matched = to_string(result.get("0", result))
    index = to_integer_or_infinity(result.get("index", result))
    position = int(max(min(index, len(text)), 0))
    captures: list[Value] = []
    for n in range(1, count + 1):
        charge(1)
        capture = result.get(str(n), result)
        captures.append(undefined if capture is undefined else to_string(capture))
    named = result.get("groups", result)
    if isinstance(replacer, FunctionObject):
        arguments = [matched, *captures, float(position), text]
        arguments += [] if named is undefined else [named]
        return position, matched, to_string(replacer.call(undefined, arguments))
    named = undefined if named is undefined else to_object(named)
    new = get_substitution(matched, text, position, replacer, captures, named)
    return position, matched, new


# --- split ---------------------------------------------------------------------------------------


@regexp_prototype.method(SYMBOL_SPLIT, length=2)
def split(this: Value, string: Value, limit: Value) -> Value:
    regexp = this_object(this, "[Symbol.split]")
    text = to_string(string)
    constructor = species_constructor(regexp, intrinsic("%RegExp%"))
    flags, unicode = flags_of(regexp)
    sticky = flags if "y" in flags else flags + "y"
    splitter = constructor.construct([regexp, sticky], constructor)
    most = 0xFFFFFFFF if limit is undefined else to_uint32(limit)
    if most == 0:
        return create_array_from_list([])
    if not text:
        whole = regexp_exec(splitter, text) is null
        return create_array_from_list([text] if whole else [])
    return create_array_from_list(split_parts(splitter, text, most, unicode=unicode))


def split_parts(splitter: JSObject, text: str, most: int, *, unicode: bool) -> list[Value]:
    """The parts between the matches, and the captures of each match."""
    parts: list[Value] = []
    start = position = 0
    while position < len(text):
        charge(1)
        set_(splitter, "lastIndex", float(position))
        result = regexp_exec(splitter, text)
        end = (
            0 if result is null else min(to_length(splitter.get("lastIndex", splitter)), len(text))
        )
        if result is null or end == start:
            position = advance_string_index(text, position, unicode=unicode)
            continue
        parts.append(text[start:position])
        if len(parts) == most:
            return parts
        start = position = end
        for n in range(1, max(length_of_array_like(result) - 1, 0) + 1):
            parts.append(result.get(str(n), result))
            if len(parts) == most:
                return parts
    return [*parts, text[start:]]


TABLES = (regexp_string_iterator_prototype,)
