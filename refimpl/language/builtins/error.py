"""Error, the NativeErrors and AggregateError (ECMA-262 §20.5), and the property `stack`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.errors import ErrorObject, set_stack
from refimpl.language.objects import hidden
from refimpl.language.operations import (
    JSObject,
    Value,
    create_array_from_list,
    get_prototype_from_constructor,
    iterate_to_list,
    surrounding,
    throw_type_error,
    to_string,
    undefined,
)
from refimpl.language.realm import Table

if TYPE_CHECKING:
    from refimpl.language.functions import FunctionObject

error_prototype = Table("%Error.prototype%")
error_constructor = Table("%Error%")


def make_error_of(kind: str, new_target: Value, message: Value, options: Value) -> ErrorObject:
    """The steps all error constructors share."""
    constructor: FunctionObject = new_target
    if new_target is undefined:
        active = surrounding.agent.context.function
        assert active is not None
        constructor = active
    error = ErrorObject(get_prototype_from_constructor(constructor, f"%{kind}.prototype%"))
    text = "" if message is undefined else to_string(message)
    if message is not undefined:
        error.props["message"] = hidden(text)
    if isinstance(options, JSObject) and options.has_property("cause"):
        error.props["cause"] = hidden(options.get("cause", options))
    set_stack(error, f"{kind}: {text}" if text else kind)
    return error


@error_constructor.constructor(length=1)
def construct_error(new_target: Value, message: Value, options: Value) -> Value:
    return make_error_of("Error", new_target, message, options)


@error_constructor.method("isError", length=1)
def is_error(this: Value, value: Value) -> Value:
    return isinstance(value, ErrorObject)


error_prototype.value("message", "")
error_prototype.value("name", "Error")


@error_prototype.method("toString", length=0)
def to_string_method(this: Value) -> Value:
    if not isinstance(this, JSObject):
        throw_type_error("Error.prototype.toString requires that 'this' be an object")
    name = this.get("name", this)
    name = "Error" if name is undefined else to_string(name)
    message = this.get("message", this)
    message = "" if message is undefined else to_string(message)
    return f"{name}: {message}" if name and message else name or message


def native_error(kind: str) -> tuple[Table, Table]:
    """The prototype and the constructor of a NativeError."""
    prototype = Table(f"%{kind}.prototype%", prototype="%Error.prototype%")
    prototype.value("message", "")
    prototype.value("name", kind)
    constructor = Table(f"%{kind}%", prototype="%Error%")

    @constructor.constructor(length=1)
    def construct(new_target: Value, message: Value, options: Value) -> Value:
        return make_error_of(kind, new_target, message, options)

    return prototype, constructor


aggregate_error_prototype = Table("%AggregateError.prototype%", prototype="%Error.prototype%")
aggregate_error_prototype.value("message", "")
aggregate_error_prototype.value("name", "AggregateError")
aggregate_error_constructor = Table("%AggregateError%", prototype="%Error%")


@aggregate_error_constructor.constructor(length=2)
def construct_aggregate_error(
    new_target: Value, errors: Value, message: Value, options: Value
) -> Value:
    error = make_error_of("AggregateError", new_target, message, options)
    error.props["errors"] = hidden(create_array_from_list(iterate_to_list(errors)))
    return error


NATIVE_ERRORS = (
    "EvalError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
)

TABLES = (
    error_prototype,
    error_constructor,
    *(table for kind in NATIVE_ERRORS for table in native_error(kind)),
    aggregate_error_prototype,
    aggregate_error_constructor,
)
