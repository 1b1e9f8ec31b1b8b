"""The global object and its functions (ECMA-262 §19)."""

from __future__ import annotations

from math import inf, isfinite, isnan, nan
from typing import TYPE_CHECKING

from refimpl.language.algorithms import numbers, uri
from refimpl.language.builtins.support import charge, sized
from refimpl.language.errors import make_error
from refimpl.language.operations import Throw, Value, to_int32, to_number, to_string, undefined
from refimpl.language.realm import Table

if TYPE_CHECKING:
    from collections.abc import Callable

global_this = Table("%globalThis%")
global_this.value("globalThis", "%globalThis%")
global_this.value(
    "self", "%globalThis%"
)  # of the Minimum Common Web API: how libraries find the global object
global_this.constant("Infinity", inf)
global_this.constant("NaN", nan)
global_this.constant("undefined", undefined)
for name in ("JSON", "Math", "Reflect"):
    global_this.value(name, f"%{name}%")


@global_this.method("eval", length=1, intrinsic="%eval%")
def eval_(this: Value, source: Value) -> Value:
    if type(source) is not str:
        return source
    raise Throw(make_error("EvalError", "Code generation from strings is not allowed"))


@global_this.method("isFinite", length=1)
def is_finite(this: Value, number: Value) -> Value:
    return isfinite(to_number(number))


@global_this.method("isNaN", length=1)
def is_nan(this: Value, number: Value) -> Value:
    return isnan(to_number(number))


@global_this.method("parseFloat", length=1, intrinsic="%parseFloat%")
def parse_float(this: Value, text: Value) -> Value:
    string = to_string(text)
    charge(len(string) // 64)
    return numbers.parse_float(string)


@global_this.method("parseInt", length=2, intrinsic="%parseInt%")
def parse_int(this: Value, text: Value, radix: Value) -> Value:
    string = to_string(text)
    charge(len(string) // 16)
    return numbers.parse_int(string, to_int32(radix))


def coded(code: Callable[..., str], units: str, characters: frozenset[str]) -> str:
    """Encode or decode; a malformed text is the guest's URIError."""
    sized(3 * len(units))
    try:
        return code(units, characters)
    except uri.MalformedURIError:
        raise Throw(make_error("URIError", "URI malformed")) from None


@global_this.method("decodeURI", length=1)
def decode_uri(this: Value, text: Value) -> Value:
    return coded(uri.decode, to_string(text), uri.PRESERVED)


@global_this.method("decodeURIComponent", length=1)
def decode_uri_component(this: Value, text: Value) -> Value:
    return coded(uri.decode, to_string(text), frozenset())


@global_this.method("encodeURI", length=1)
def encode_uri(this: Value, text: Value) -> Value:
    return coded(uri.encode, to_string(text), uri.WHOLE)


@global_this.method("encodeURIComponent", length=1)
def encode_uri_component(this: Value, text: Value) -> Value:
    return coded(uri.encode, to_string(text), uri.COMPONENT)


TABLES = (global_this,)
