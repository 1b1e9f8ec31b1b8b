"""Function.prototype and the constructor Function (ECMA-262 §20.2), %ThrowTypeError% (§10.2.4.1).

The guest cannot make code from strings: Function and its siblings throw an EvalError.
"""

from __future__ import annotations

from refimpl.language.agent import current_realm
from refimpl.language.builtins.support import charge
from refimpl.language.errors import make_error
from refimpl.language.functions import constant
from refimpl.language.operations import (
    BoundFunction,
    FunctionObject,
    Property,
    Throw,
    Value,
    create_list_from_array_like,
    has_own_property,
    null,
    ordinary_has_instance,
    set_function_name,
    throw_type_error,
    to_integer_or_infinity,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_HAS_INSTANCE

function_prototype = Table("%Function.prototype%")
function_constructor = Table("%Function%")
throw_type_error_function = Table("%ThrowTypeError%")


@function_prototype.function(length=0, name="")
def function_prototype_behaviour(this: Value) -> Value:
    return undefined


function_prototype.prototype = "%Object.prototype%"


@function_constructor.constructor(length=1)
def construct_function(new_target: Value, *arguments: Value) -> Value:
    raise Throw(make_error("EvalError", "Code generation from strings is not allowed"))


@throw_type_error_function.function(length=0, name="")
def throw_type_error_behaviour(this: Value) -> Value:
    throw_type_error("'caller', 'callee' and 'arguments' may not be accessed in strict mode")


throw_type_error_function.constant("length", 0.0)
throw_type_error_function.constant("name", "")


def target_function(this: Value) -> FunctionObject:
    """The receiver of the methods of Function.prototype."""
    if not isinstance(this, FunctionObject):
        throw_type_error("The receiver is not a function")
    return this


@function_prototype.method("apply", length=2)
def apply(this: Value, this_argument: Value, arguments: Value) -> Value:
    function = target_function(this)
    if arguments is undefined or arguments is null:
        return function.call(this_argument, [])
    return function.call(this_argument, create_list_from_array_like(arguments))


@function_prototype.method("bind", length=1)
def bind(this: Value, this_argument: Value, *arguments: Value) -> Value:
    target = target_function(this)
    charge(len(arguments))
    this_argument = current_realm().host.bound_this(target, this_argument)
    bound_this = target.realm.host.bound_this(target, this_argument)
    bound = BoundFunction(target, bound_this, [*arguments])
    length: float = 0
    if has_own_property(target, "length"):
        declared = target.get("length", target)
        if type(declared) is float:
            length = max(to_integer_or_infinity(declared) - len(arguments), 0)
    bound.props["length"] = constant(float(length))
    name = target.get("name", target)
    set_function_name(bound, name if type(name) is str else "", "bound")
    return bound


@function_prototype.method("call", length=1)
def call(this: Value, this_argument: Value, *arguments: Value) -> Value:
    return target_function(this).call(this_argument, [*arguments])


@function_prototype.method("toString", length=0)
def to_string(this: Value) -> Value:
    function = target_function(this)
    text = function.source_text()
    if text is not None and function.realm.host.has_source_text(function):
        return text
    name = function.props.get("name")
    identifier = name.value if type(name) is Property and type(name.value) is str else ""
    return f"function {identifier if identifier.isidentifier() else ''}() {{ [native code] }}"


@function_prototype.method(SYMBOL_HAS_INSTANCE, length=1, writable=False, configurable=False)
def has_instance(this: Value, value: Value) -> Value:
    return ordinary_has_instance(this, value)


TABLES = (function_prototype, function_constructor, throw_type_error_function)
