"""URL and URLSearchParams (URL §6), read-only but for `search`, `hash`, `pathname` and the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.algorithms import urls
from refimpl.language.algorithms.utf16 import to_code_points, to_units
from refimpl.language.builtins.support import receiver
from refimpl.language.builtins.web.common import pair_iterable, pairs_of, require_new, usv_string
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    create_array_from_list,
    get_prototype_from_constructor,
    intrinsic,
    null,
    throw_type_error,
)
from refimpl.language.realm import Table
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.functions import FunctionObject

params_prototype = Table("%URLSearchParams.prototype%")
params_prototype.to_string_tag("URLSearchParams")
params_constructor = Table("%URLSearchParams%")
url_prototype = Table("%URL.prototype%")
url_prototype.to_string_tag("URL")
url_constructor = Table("%URL%")


class SearchParamsObject(JSObject):
    """A URLSearchParams; `url` is the URL whose query it is."""

    __slots__ = ("list", "url")

    def __init__(self, prototype: JSObject, pairs: list[tuple[str, str]]) -> None:
        super().__init__(prototype)
        self.list = pairs
        self.url: URLObject | None = None

    def changed(self) -> Value:
        """Update: write the parameters into the URL."""
        if self.url is not None:
            self.url.record.query = serialized(self.list) or None
        return undefined


class URLObject(JSObject):
    """A URL."""

    __slots__ = ("params", "record")

    def __init__(self, prototype: JSObject, record: urls.URL) -> None:
        super().__init__(prototype)
        self.record = record
        pairs = parsed(record.query or "")
        self.params = SearchParamsObject(intrinsic("%URLSearchParams.prototype%"), pairs)
        self.params.url = self


def parsed(text: str) -> list[tuple[str, str]]:
    """The application/x-www-form-urlencoded parser, on code units."""
    pairs = urls.parse_form(to_code_points(text))
    return [(to_units(name), to_units(value)) for name, value in pairs]


def serialized(pairs: list[tuple[str, str]]) -> str:
    """The application/x-www-form-urlencoded serializer, on code units."""
    return urls.write_form([(to_code_points(name), to_code_points(value)) for name, value in pairs])


iterator_prototype = pair_iterable(params_prototype, SearchParamsObject, lambda params: params.list)


@params_constructor.constructor(length=0)
def construct_params(new_target: FunctionObject, init: Value) -> Value:
    require_new(new_target, "URLSearchParams")
    prototype = get_prototype_from_constructor(new_target, "%URLSearchParams.prototype%")
    if init is undefined:
        return SearchParamsObject(prototype, [])
    if isinstance(init, JSObject):
        return SearchParamsObject(prototype, pairs_of(init, "URLSearchParams"))
    return SearchParamsObject(prototype, parsed(usv_string(init).removeprefix("?")))


def this_params(this: Value, method: str) -> SearchParamsObject:
    """The receiver."""
    return receiver(this, SearchParamsObject, f"URLSearchParams.prototype.{method}")


@params_prototype.method("append", length=2)
def append(this: Value, name: Value, value: Value) -> Value:
    params = this_params(this, "append")
    params.list.append((usv_string(name), usv_string(value)))
    return params.changed()


@params_prototype.method("set", length=2)
def set_(this: Value, name: Value, value: Value) -> Value:
    params, key, text = this_params(this, "set"), usv_string(name), usv_string(value)
    position = next((i for i, pair in enumerate(params.list) if pair[0] == key), len(params.list))
    rest = [pair for pair in params.list[position + 1 :] if pair[0] != key]
    params.list[position:] = [(key, text), *rest]
    return params.changed()


@params_prototype.method("delete", length=1)
def delete(this: Value, name: Value, value: Value) -> Value:
    params, key = this_params(this, "delete"), usv_string(name)
    text = None if value is undefined else usv_string(value)
    params.list[:] = [
        pair for pair in params.list if pair[0] != key or (text is not None and pair[1] != text)
    ]
    return params.changed()


@params_prototype.method("get", length=1)
def get(this: Value, name: Value) -> Value:
    key = usv_string(name)
    return next((value for found, value in this_params(this, "get").list if found == key), null)


@params_prototype.method("getAll", length=1)
def get_all(this: Value, name: Value) -> Value:
    key = usv_string(name)
    found = [value for found, value in this_params(this, "getAll").list if found == key]
    return create_array_from_list([*found])


@params_prototype.method("has", length=1)
def has(this: Value, name: Value) -> Value:
    key = usv_string(name)
    return any(found == key for found, _ in this_params(this, "has").list)


@params_prototype.method("sort", length=0)
def sort(this: Value) -> Value:
    params = this_params(this, "sort")
    params.list.sort(key=lambda pair: pair[0])
    return params.changed()


@params_prototype.method("toString", length=0)
def params_to_string(this: Value) -> Value:
    return serialized(this_params(this, "toString").list)


@params_prototype.getter("size")
def size(this: Value) -> Value:
    return float(len(this_params(this, "size").list))


# --- URL -----------------------------------------------------------------------------------------


def parse(value: Value, base: Value) -> urls.URL | None:
    """The API URL parser; None for a failure."""
    outer = None
    if base is not undefined:
        outer = urls.parse(to_code_points(usv_string(base)))
        if outer is None:
            return None
    return urls.parse(to_code_points(usv_string(value)), outer)


@url_constructor.constructor(length=1)
def construct_url(new_target: FunctionObject, value: Value, base: Value) -> Value:
    require_new(new_target, "URL")
    record = parse(value, base)
    if record is None:
        throw_type_error("Invalid URL")
    return URLObject(get_prototype_from_constructor(new_target, "%URL.prototype%"), record)


@url_constructor.method("canParse", length=1)
def can_parse(this: Value, value: Value, base: Value) -> Value:
    return parse(value, base) is not None


def this_url(this: Value, method: str) -> URLObject:
    """The receiver."""
    return receiver(this, URLObject, f"URL.prototype.{method}")


def attribute(key: str, read: Callable[[urls.URL], str]) -> None:
    """A read-only attribute of URL."""

    @url_prototype.getter(key)
    def getter(this: Value) -> Value:
        return to_units(read(this_url(this, key).record))


for key, read in urls.PARTS.items():
    attribute(key, read)


@url_prototype.getter("searchParams")
def search_params(this: Value) -> Value:
    return this_url(this, "searchParams").params


@url_prototype.setter("search")
def set_search(this: Value, value: Value) -> Value:
    url, text = this_url(this, "search"), usv_string(value).removeprefix("?")
    url.record.query = urls.encoded_query(to_code_points(text), url.record) if text else None
    url.params.list[:] = parsed(text)
    return undefined


@url_prototype.setter("hash")
def set_hash(this: Value, value: Value) -> Value:
    url, text = this_url(this, "hash"), usv_string(value).removeprefix("#")
    url.record.fragment = urls.encode(to_code_points(text), urls.FRAGMENT) if text else None
    return undefined


@url_prototype.setter("pathname")
def set_pathname(this: Value, value: Value) -> Value:
    record = this_url(this, "pathname").record
    if not isinstance(record.path, str):
        record.path = urls.parse_path(to_code_points(usv_string(value)), record.is_special)
    return undefined


def href(this: Value) -> Value:
    """The methods toString and toJSON."""
    return to_units(str(this_url(this, "toString").record))


url_prototype.method("toString", length=0)(href)
url_prototype.method("toJSON", length=0)(href)

TABLES = (
    *(params_prototype, params_constructor, iterator_prototype),
    *(url_prototype, url_constructor),
)
