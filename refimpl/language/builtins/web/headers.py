"""Headers (Fetch §5.1), without a guard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from refimpl.language.builtins.support import receiver
from refimpl.language.builtins.web.common import pair_iterable, pairs_of, require_new
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    create_array_from_list,
    get_prototype_from_constructor,
    null,
    throw_type_error,
    to_string,
)
from refimpl.language.realm import Table
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from refimpl.language.functions import FunctionObject

headers_prototype = Table("%Headers.prototype%")
headers_prototype.to_string_tag("Headers")
headers_constructor = Table("%Headers%")

TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
VALUE: Final = re.compile(r"[^\0\r\n\u0100-\uffff]*")


class HeadersObject(JSObject):
    """A header list: names in lower case, in order."""

    __slots__ = ("list",)

    def __init__(self, prototype: JSObject) -> None:
        super().__init__(prototype)
        self.list: list[tuple[str, str]] = []

    def combined(self, name: str) -> str:
        """Get: the values under a name, with a comma between them."""
        return ", ".join([value for found, value in self.list if found == name])

    def sorted(self) -> list[tuple[str, str]]:
        """Sort and combine; the values of set-cookie are not combined."""
        pairs: list[tuple[str, str]] = []
        for name in sorted({found for found, _ in self.list}):
            if name == "set-cookie":
                pairs.extend(pair for pair in self.list if pair[0] == name)
            else:
                pairs.append((name, self.combined(name)))
        return pairs


iterator_prototype = pair_iterable(headers_prototype, HeadersObject, HeadersObject.sorted)


def header_name(value: Value) -> str:
    """A valid header name, in lower case."""
    name = to_string(value)
    if not TOKEN.fullmatch(name):
        throw_type_error(f"{name!r} is no header name")
    return name.lower()


def header_value(value: Value) -> str:
    """A valid header value, without the whitespace around it."""
    text = to_string(value).strip("\t\n\r ")
    if not VALUE.fullmatch(text):
        throw_type_error(f"{text!r} is no header value")
    return text


@headers_constructor.constructor(length=0)
def construct_headers(new_target: FunctionObject, init: Value) -> Value:
    require_new(new_target, "Headers")
    headers = HeadersObject(get_prototype_from_constructor(new_target, "%Headers.prototype%"))
    if init is not undefined:
        if not isinstance(init, JSObject):
            throw_type_error("Headers are made from pairs or an object")
        for name, value in pairs_of(init, "Headers"):
            headers.list.append((header_name(name), header_value(value)))
    return headers


def this_headers(this: Value, method: str) -> HeadersObject:
    """The receiver."""
    return receiver(this, HeadersObject, f"Headers.prototype.{method}")


@headers_prototype.method("append", length=2)
def append(this: Value, name: Value, value: Value) -> Value:
    this_headers(this, "append").list.append((header_name(name), header_value(value)))
    return undefined


@headers_prototype.method("set", length=2)
def set_(this: Value, name: Value, value: Value) -> Value:
    headers, pair = this_headers(this, "set").list, (header_name(name), header_value(value))
    headers[:] = [found for found in headers if found[0] != pair[0]]
    headers.append(pair)
    return undefined


@headers_prototype.method("delete", length=1)
def delete(this: Value, name: Value) -> Value:
    headers, key = this_headers(this, "delete").list, header_name(name)
    headers[:] = [found for found in headers if found[0] != key]
    return undefined


@headers_prototype.method("get", length=1)
def get(this: Value, name: Value) -> Value:
    headers, key = this_headers(this, "get"), header_name(name)
    return headers.combined(key) if has_name(headers, key) else null


@headers_prototype.method("has", length=1)
def has(this: Value, name: Value) -> Value:
    return has_name(this_headers(this, "has"), header_name(name))


def has_name(headers: HeadersObject, key: str) -> bool:
    """Contains."""
    return any(found == key for found, _ in headers.list)


@headers_prototype.method("getSetCookie", length=0)
def get_set_cookie(this: Value) -> Value:
    headers = this_headers(this, "getSetCookie")
    return create_array_from_list([value for name, value in headers.list if name == "set-cookie"])


TABLES = (headers_prototype, headers_constructor, iterator_prototype)
