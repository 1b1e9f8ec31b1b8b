"""Function objects: what every function shares, built-in functions and bound functions (§10.3, §10.4.1).

* A callable object is a `FunctionObject`: `call(this, arguments)` is [[Call]] and
  `construct(arguments, new_target)` is [[Construct]]; `is_constructor` tells whether the latter exists.
* Every [[Call]] and [[Construct]] goes through `FunctionObject`: it pays fuel, counts depth, and pushes
  the execution context. A subclass says what runs inside in `run`.
* The behaviour of a built-in is a Python function of (this, …arguments): missing arguments are
  `undefined`, surplus ones are dropped unless it takes `*rest`. The behaviour of a built-in
  *constructor* receives NewTarget in the place of `this`.
* A behaviour calls guest code only through plain Python calls (never from `sort`, `map`, a generator
  or another C function), so that guest recursion does not use the machine's stack.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from refimpl.language.agent import ExecutionContext, OutOfFuel, surrounding
from refimpl.language.errors import (
    InternalError,
    Throw,
    guest_stack,
    throw_range_error,
    throw_type_error,
)
from refimpl.language.objects import JSObject, Property
from refimpl.language.suspension import ReturnCompletion
from refimpl.language.values import Key, Symbol, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from refimpl.language.agent import Agent
    from refimpl.language.realm import Realm

#: `run` receives this NewTarget for a [[Call]]; a [[Construct]] passes a constructor.
CALLED: Final = undefined


class FunctionObject(JSObject):
    """An object with [[Call]] and perhaps [[Construct]]."""

    __slots__ = ("is_constructor", "realm")

    builtin_tag = "Function"
    #: The source the function was written in, for stack lines.
    source: Any = None

    def __init__(self, realm: Realm, prototype: JSObject | None, *, is_constructor: bool) -> None:
        super().__init__(prototype)
        self.realm = realm
        self.is_constructor = is_constructor

    def call(self, this: Value, arguments: list[Value]) -> Value:
        """[[Call]]."""
        agent = surrounding.agent
        caller = agent.context
        enter(agent, self)
        try:
            return self.run(this, arguments, CALLED)
        except (Throw, InternalError):
            raise
        except Exception as error:
            raise named(error) from error
        finally:
            agent.context = caller

    def construct(self, arguments: list[Value], new_target: FunctionObject) -> Value:
        """[[Construct]]; only when `is_constructor`."""
        agent = surrounding.agent
        caller = agent.context
        enter(agent, self)
        try:
            return self.run_construct(arguments, new_target)
        except (Throw, InternalError):
            raise
        except Exception as error:
            raise named(error) from error
        finally:
            agent.context = caller

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:
        """The function's own code, inside its execution context."""
        raise NotImplementedError

    def run_construct(self, arguments: list[Value], new_target: FunctionObject) -> Value:
        """The function's own code as a constructor."""
        return self.run(undefined, arguments, new_target)

    def function_realm(self) -> Realm:
        """GetFunctionRealm of this function."""
        return self.realm

    def source_text(self) -> str | None:
        """[[SourceText]] in code units; None for what was not written in the guest language."""
        return None


def enter(agent: Agent, function: FunctionObject) -> None:
    """Push the execution context of `function`, within the limits of fuel and depth."""
    agent.fuel -= 1
    if agent.fuel < 0:
        raise OutOfFuel
    context = ExecutionContext(function.realm, agent.context, function, function.source)
    if context.depth > agent.depth_limit:
        throw_range_error("Maximum call stack size exceeded")
    agent.context = context


def named(error: Exception) -> Exception:
    """The exception by which a Python error leaves a call: a guest's throw or a named fault."""
    if isinstance(error, RecursionError):
        try:
            throw_range_error("Maximum call stack size exceeded")
        except Throw as throw:
            return throw
    return InternalError(error, [*guest_stack()])


@contextmanager
def faults_named() -> Iterator[None]:
    """Around code that runs outside a [[Call]]: nothing but completions and named faults leaves."""
    try:
        yield
    except (Throw, ReturnCompletion, InternalError):
        raise
    except Exception as error:
        raise named(error) from error


class NativeFunction(FunctionObject):
    """A built-in function (§10.3)."""

    __slots__ = ("arity", "behaviour", "takes_rest")

    def __init__(
        self,
        realm: Realm,
        behaviour: Callable[..., Value],
        *,
        is_constructor: bool = False,
        prototype: JSObject | None = None,
    ) -> None:
        super().__init__(
            realm,
            prototype or realm.intrinsics["%Function.prototype%"],
            is_constructor=is_constructor,
        )
        self.behave(behaviour)

    def behave(self, behaviour: Callable[..., Value]) -> None:
        """Take over a behaviour, which tells by its parameters how it is to be called."""
        self.behaviour = behaviour
        code = behaviour.__code__
        self.arity = code.co_argcount - 1
        self.takes_rest = bool(code.co_flags & VARARGS)

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:
        """Call the behaviour with as many arguments as it names."""
        first = new_target if self.is_constructor else this
        missing = self.arity - len(arguments)
        if missing > 0:
            return self.behaviour(first, *arguments, *([undefined] * missing))
        if missing < 0 and not self.takes_rest:
            return self.behaviour(first, *arguments[: self.arity])
        return self.behaviour(first, *arguments)


VARARGS = 4  # inspect.CO_VARARGS, without importing inspect


def create_builtin_function(
    behaviour: Callable[..., Value], length: int = 0, name: Key = "", prefix: str = ""
) -> NativeFunction:
    """CreateBuiltinFunction in the current realm, for functions made while guest code runs."""
    function = NativeFunction(surrounding.agent.context.realm, behaviour)
    function.props["length"] = constant(float(length))
    set_function_name(function, name, prefix)
    return function


def paid_function(
    realm: Realm, behaviour: Callable[..., Value], own: dict[Key, Property]
) -> NativeFunction:
    """CreateBuiltinFunction for a function that `realm` has paid for; there may be no surrounding agent."""
    function = NativeFunction.__new__(NativeFunction)
    function.prototype = realm.intrinsics["%Function.prototype%"]
    function.props = {**own}
    function.extensible = True
    function.private_elements = None
    function.realm = realm
    function.is_constructor = False
    function.behave(behaviour)
    return function


def constant(value: Value) -> Property:
    """The attributes of a function's `length` and `name`: only configurable."""
    return Property(value, writable=False, enumerable=False, configurable=True)


def function_name(key: object, prefix: str = "") -> str:
    """The text SetFunctionName gives a function for a property key or Private Name."""
    if type(key) is Symbol:
        name = "" if key.description is undefined else f"[{key.description}]"
    else:
        name = str(key)
    return f"{prefix} {name}" if prefix else name


def set_function_name(function: JSObject, key: Key, prefix: str = "") -> None:
    """SetFunctionName."""
    function.props["name"] = constant(function_name(key, prefix))


class BoundFunction(FunctionObject):
    """A bound function exotic object (§10.4.1)."""

    __slots__ = ("bound_arguments", "bound_this", "target")

    def __init__(
        self, target: FunctionObject, bound_this: Value, bound_arguments: list[Value]
    ) -> None:
        """BoundFunctionCreate."""
        super().__init__(
            target.realm, target.get_prototype_of(), is_constructor=target.is_constructor
        )
        self.target = target
        self.bound_this = bound_this
        self.bound_arguments = bound_arguments

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:  # noqa: ARG002 - bound
        """[[Call]] of the target."""
        return self.target.call(self.bound_this, self.bound_arguments + arguments)

    def run_construct(self, arguments: list[Value], new_target: FunctionObject) -> Value:
        """[[Construct]] of the target."""
        target = self.target if new_target is self else new_target
        return self.target.construct(self.bound_arguments + arguments, target)


def is_callable(value: Value) -> bool:
    """IsCallable."""
    return isinstance(value, FunctionObject)


def is_constructor(value: Value) -> bool:
    """IsConstructor."""
    return isinstance(value, FunctionObject) and value.is_constructor


def call(function: Value, this: Value, arguments: list[Value]) -> Value:
    """Call."""
    if not isinstance(function, FunctionObject):
        throw_type_error("value is not a function")
    return function.call(this, arguments)


def construct(
    function: FunctionObject, arguments: list[Value], new_target: FunctionObject | None = None
) -> Value:
    """Construct."""
    return function.construct(arguments, new_target or function)
