"""Generator functions, async functions and the objects they make (ECMA-262 §27.3 to §27.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.builtins.function import construct_function
from refimpl.language.generators import (
    async_generator_method,
    generator_resume,
    generator_resume_abrupt,
)
from refimpl.language.realm import Table

if TYPE_CHECKING:
    from refimpl.language.operations import Value

generator_prototype = Table("%GeneratorPrototype%", prototype="%Iterator.prototype%")
generator_prototype.to_string_tag("Generator")
async_generator_prototype = Table("%AsyncGeneratorPrototype%", prototype="%AsyncIteratorPrototype%")
async_generator_prototype.to_string_tag("AsyncGenerator")


@generator_prototype.method("next", length=1)
def next_(this: Value, value: Value) -> Value:
    return generator_resume(this, value)


@generator_prototype.method("return", length=1)
def return_(this: Value, value: Value) -> Value:
    return generator_resume_abrupt(this, "return", value)


@generator_prototype.method("throw", length=1)
def throw(this: Value, value: Value) -> Value:
    return generator_resume_abrupt(this, "throw", value)


@async_generator_prototype.method("next", length=1)
def async_next(this: Value, value: Value) -> Value:
    return async_generator_method(this, "next", value)


@async_generator_prototype.method("return", length=1)
def async_return(this: Value, value: Value) -> Value:
    return async_generator_method(this, "return", value)


@async_generator_prototype.method("throw", length=1)
def async_throw(this: Value, value: Value) -> Value:
    return async_generator_method(this, "throw", value)


def function_kind(kind: str, instances: str | None) -> tuple[Table, Table]:
    """A subclass of Function: its constructor, which only ever throws, and its prototype."""
    prototype = Table(f"%{kind}.prototype%", prototype="%Function.prototype%")
    prototype.to_string_tag(kind)
    if instances is not None:
        prototype.value("prototype", instances, writable=False)
    constructor = Table(f"%{kind}%", prototype="%Function%")
    constructor.constructor(length=1, is_global=False)(construct_function)
    prototype.value("constructor", f"%{kind}%", writable=False)
    return constructor, prototype


generator_prototype.value("constructor", "%GeneratorFunction.prototype%", writable=False)
async_generator_prototype.value("constructor", "%AsyncGeneratorFunction.prototype%", writable=False)

TABLES = (
    generator_prototype,
    async_generator_prototype,
    *function_kind("GeneratorFunction", "%GeneratorPrototype%"),
    *function_kind("AsyncGeneratorFunction", "%AsyncGeneratorPrototype%"),
    *function_kind("AsyncFunction", None),
)
