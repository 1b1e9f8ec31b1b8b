"""The methods of String.prototype that take a pattern, and GetSubstitution (ECMA-262 §22.1.3)."""

from __future__ import annotations

import re
from typing import Final

from refimpl.language.builtins.string import is_regexp, string_prototype
from refimpl.language.builtins.support import charge, joined
from refimpl.language.operations import (
    FunctionObject,
    JSObject,
    Value,
    construct,
    create_array_from_list,
    get_method,
    intrinsic,
    invoke,
    require_object_coercible,
    throw_type_error,
    to_string,
    to_uint32,
    undefined,
)
from refimpl.language.values import (
    SYMBOL_MATCH,
    SYMBOL_MATCH_ALL,
    SYMBOL_REPLACE,
    SYMBOL_SEARCH,
    SYMBOL_SPLIT,
    Symbol,
)

REFERENCE: Final = re.compile(r"\$(?:([$&`'])|([0-9]{1,2}))")
REFERENCE_OR_NAME: Final = re.compile(r"\$(?:([$&`'])|([0-9]{1,2})|<([^>]*)>)")


def delegated(pattern: Value, method: Symbol, this: Value, *arguments: Value) -> Value:
    """What an object's own method for the operation answers; None if it has none."""
    require_object_coercible(this)
    if not isinstance(pattern, JSObject):
        return None
    function = get_method(pattern, method)
    return None if function is undefined else function.call(pattern, [this, *arguments])


def by_new_regexp(pattern: Value, flags: str, method: Symbol, this: Value) -> Value:
    """The operation of a fresh RegExp made of something that is none."""
    text = to_string(this)
    regexp = construct(intrinsic("%RegExp%"), [pattern, *([flags] if flags else [])])
    return invoke(regexp, method, text)


@string_prototype.method("match", length=1)
def match(this: Value, pattern: Value) -> Value:
    answer = delegated(pattern, SYMBOL_MATCH, this)
    return by_new_regexp(pattern, "", SYMBOL_MATCH, this) if answer is None else answer


@string_prototype.method("matchAll", length=1)
def match_all(this: Value, pattern: Value) -> Value:
    require_object_coercible(this)
    require_global(pattern, "matchAll")
    answer = delegated(pattern, SYMBOL_MATCH_ALL, this)
    return by_new_regexp(pattern, "g", SYMBOL_MATCH_ALL, this) if answer is None else answer


@string_prototype.method("search", length=1)
def search(this: Value, pattern: Value) -> Value:
    answer = delegated(pattern, SYMBOL_SEARCH, this)
    return by_new_regexp(pattern, "", SYMBOL_SEARCH, this) if answer is None else answer


def require_global(pattern: Value, method: str) -> None:
    """A regular expression given to `matchAll` or `replaceAll` must have the flag g."""
    if is_regexp(pattern):
        flags = require_object_coercible(pattern.get("flags", pattern))
        if "g" not in to_string(flags):
            throw_type_error(f"{method} must be called with a global RegExp")


@string_prototype.method("replace", length=2)
def replace(this: Value, pattern: Value, replacement: Value) -> Value:
    answer = delegated(pattern, SYMBOL_REPLACE, this, replacement)
    return replace_string(this, pattern, replacement, every=False) if answer is None else answer


@string_prototype.method("replaceAll", length=2)
def replace_all(this: Value, pattern: Value, replacement: Value) -> Value:
    require_object_coercible(this)
    require_global(pattern, "replaceAll")
    answer = delegated(pattern, SYMBOL_REPLACE, this, replacement)
    return replace_string(this, pattern, replacement, every=True) if answer is None else answer


def replace_string(this: Value, pattern: Value, replacement: Value, *, every: bool) -> str:
    """The steps of `replace` and `replaceAll` for a search string."""
    text, sought = to_string(this), to_string(pattern)
    function = replacement if isinstance(replacement, FunctionObject) else None
    template = "" if function else to_string(replacement)
    charge(len(text) // 64)
    parts: list[str] = []
    end = 0
    position = text.find(sought)
    while position >= 0:
        if function:
            new = to_string(function.call(undefined, [sought, float(position), text]))
        else:
            new = get_substitution(sought, text, position, template, [], undefined)
        parts += [text[end:position], new]
        end = position + len(sought)
        charge(1)
        position = text.find(sought, position + max(len(sought), 1)) if every else -1
    return joined([*parts, text[end:]])


def get_substitution(  # noqa: PLR0917 - the arguments of the specification
    matched: str,
    text: str,
    position: int,
    template: str,
    captures: list[Value],
    named_captures: Value,
) -> str:
    """GetSubstitution."""

    def capture(digits: str) -> str | None:
        """`$nn`, or `$n` and a digit when there are fewer groups."""
        index = int(digits)
        if len(digits) == 2 and index > len(captures):
            rest = capture(digits[0])
            return None if rest is None else rest + digits[1]
        if not 1 <= index <= len(captures):
            return None
        return "" if captures[index - 1] is undefined else captures[index - 1]

    parts: list[str] = []
    end = 0
    new: str | None
    names = named_captures is not undefined and ">" in template
    form = REFERENCE_OR_NAME if names else REFERENCE
    for reference in form.finditer(template):
        sign, digits = reference.group(1, 2)
        if sign is not None:
            tail = text[min(position + len(matched), len(text)) :]
            new = {"$": "$", "&": matched, "`": text[:position], "'": tail}[sign]
        elif digits is not None:
            new = capture(digits)
        else:
            value = named_captures.get(reference[3], named_captures)
            new = "" if value is undefined else to_string(value)
        parts += [template[end : reference.start()], reference[0] if new is None else new]
        end = reference.end()
    return joined([*parts, template[end:]])


@string_prototype.method("split", length=2)
def split(this: Value, separator: Value, limit: Value) -> Value:
    answer = delegated(separator, SYMBOL_SPLIT, this, limit)
    if answer is not None:
        return answer
    text = to_string(this)
    most = 0xFFFFFFFF if limit is undefined else to_uint32(limit)
    between = to_string(separator)
    if most == 0:
        return create_array_from_list([])
    if separator is undefined:
        return create_array_from_list([text])
    charge(len(text) // (64 if between else 1))
    parts = text.split(between) if between else [*text]
    charge(len(parts))
    return create_array_from_list([*parts[:most]])
