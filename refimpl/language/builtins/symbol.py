"""Symbol (ECMA-262 §20.4)."""

from __future__ import annotations

from refimpl.language.builtins.support import agent, this_primitive
from refimpl.language.operations import Value, throw_type_error, to_string, undefined
from refimpl.language.realm import Table
from refimpl.language.values import (
    SYMBOL_TO_PRIMITIVE,
    WELL_KNOWN_SYMBOLS,
    Symbol,
)

symbol_prototype = Table("%Symbol.prototype%")
symbol_prototype.to_string_tag("Symbol")
symbol_constructor = Table("%Symbol%")


@symbol_constructor.constructor(length=0)
def construct_symbol(new_target: Value, description: Value) -> Value:
    if new_target is not undefined:
        throw_type_error("Symbol is not a constructor")
    return Symbol(undefined if description is undefined else to_string(description))


for name, symbol in WELL_KNOWN_SYMBOLS.items():
    symbol_constructor.constant(name, symbol)


@symbol_constructor.method("for", length=1)
def for_(this: Value, key: Value) -> Value:
    name = to_string(key)
    return agent().symbol_registry.setdefault(name, Symbol(name))


@symbol_constructor.method("keyFor", length=1)
def key_for(this: Value, value: Value) -> Value:
    if type(value) is not Symbol:
        throw_type_error("Symbol.keyFor requires a symbol")
    key = value.description
    registered = type(key) is str and agent().symbol_registry.get(key) is value
    return key if registered else undefined


def this_symbol_value(this: Value, method: str) -> Symbol:
    """ThisSymbolValue."""
    return this_primitive(this, Symbol, f"Symbol.prototype.{method}")


@symbol_prototype.getter("description")
def description_getter(this: Value) -> Value:
    return this_symbol_value(this, "description").description


@symbol_prototype.method("toString", length=0)
def to_string_method(this: Value) -> Value:
    return repr(this_symbol_value(this, "toString"))


@symbol_prototype.method("valueOf", length=0)
def value_of(this: Value) -> Value:
    return this_symbol_value(this, "valueOf")


@symbol_prototype.method(SYMBOL_TO_PRIMITIVE, length=1, writable=False)
def to_primitive_method(this: Value, hint: Value) -> Value:
    return this_symbol_value(this, "[Symbol.toPrimitive]")


TABLES = (symbol_prototype, symbol_constructor)
