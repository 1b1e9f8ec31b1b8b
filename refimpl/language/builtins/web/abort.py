"""Event, EventTarget, AbortController, AbortSignal (DOM §2, §3) and DOMException (Web IDL §2.8).

Events do not bubble: there is no tree here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.language.agent import current_realm, intrinsic
from refimpl.language.builtins.host_functions import run_reported
from refimpl.language.builtins.support import receiver
from refimpl.language.builtins.web.common import dictionary, require_new
from refimpl.language.errors import ErrorObject, Throw, set_stack
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    get_prototype_from_constructor,
    iterate_to_list,
    null,
    throw_type_error,
    to_boolean,
    to_number,
    to_string,
)
from refimpl.language.realm import Table
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable

event_prototype = Table("%Event.prototype%")
event_constructor = Table("%Event%")
target_prototype = Table("%EventTarget.prototype%")
target_constructor = Table("%EventTarget%")
signal_prototype = Table("%AbortSignal.prototype%", prototype="%EventTarget.prototype%")
signal_constructor = Table("%AbortSignal%", prototype="%EventTarget%")
controller_prototype = Table("%AbortController.prototype%")
controller_constructor = Table("%AbortController%")
exception_prototype = Table("%DOMException.prototype%", prototype="%Error.prototype%")
exception_constructor = Table("%DOMException%")
for named in (
    *(event_prototype, target_prototype, signal_prototype),
    *(controller_prototype, exception_prototype),
):
    named.to_string_tag(named.name.strip("%").partition(".")[0])

# --- DOMException --------------------------------------------------------------------------------

#: The names with a legacy code that programs compare with.
CODES = {"AbortError": 20.0, "TimeoutError": 23.0, "DataCloneError": 25.0, "SyntaxError": 12.0}


class DOMExceptionObject(ErrorObject):
    """A DOMException."""

    __slots__ = ("message", "name")

    def __init__(self, prototype: JSObject, message: str, name: str) -> None:
        super().__init__(prototype)
        self.message = message
        self.name = name
        set_stack(self, f"{name}: {message}")


def dom_exception(message: str, name: str) -> DOMExceptionObject:
    """A DOMException of the current realm."""
    return DOMExceptionObject(intrinsic("%DOMException.prototype%"), message, name)


@exception_constructor.constructor(length=0)
def construct_exception(new_target: FunctionObject, message: Value, name: Value) -> Value:
    require_new(new_target, "DOMException")
    prototype = get_prototype_from_constructor(new_target, "%DOMException.prototype%")
    text = "" if message is undefined else to_string(message)
    return DOMExceptionObject(prototype, text, "Error" if name is undefined else to_string(name))


@exception_prototype.getter("name")
def exception_name(this: Value) -> Value:
    return receiver(this, DOMExceptionObject, "DOMException.prototype.name").name


@exception_prototype.getter("message")
def exception_message(this: Value) -> Value:
    return receiver(this, DOMExceptionObject, "DOMException.prototype.message").message


@exception_prototype.getter("code")
def exception_code(this: Value) -> Value:
    return CODES.get(receiver(this, DOMExceptionObject, "DOMException.prototype.code").name, 0.0)


# --- Event and EventTarget -----------------------------------------------------------------------


class EventObject(JSObject):
    """An Event."""

    __slots__ = ("cancelable", "default_prevented", "stopped", "target", "type")

    def __init__(self, prototype: JSObject, type_: str, *, cancelable: bool = False) -> None:
        super().__init__(prototype)
        self.type = type_
        self.cancelable = cancelable
        self.default_prevented = self.stopped = False
        self.target: Value = null


@event_constructor.constructor(length=1)
def construct_event(new_target: FunctionObject, type_: Value, options: Value) -> Value:
    require_new(new_target, "Event")
    prototype = get_prototype_from_constructor(new_target, "%Event.prototype%")
    cancelable = to_boolean(dictionary(options)("cancelable"))
    return EventObject(prototype, to_string(type_), cancelable=cancelable)


def event_attribute(key: str, read: Callable[[EventObject], Value]) -> None:
    """A read-only attribute of Event."""

    @event_prototype.getter(key)
    def attribute(this: Value) -> Value:
        return read(receiver(this, EventObject, f"Event.prototype.{key}"))


event_attribute("type", lambda event: event.type)
event_attribute("target", lambda event: event.target)
event_attribute("currentTarget", lambda event: event.target)
event_attribute("cancelable", lambda event: event.cancelable)
event_attribute("defaultPrevented", lambda event: event.default_prevented)


@event_prototype.method("preventDefault", length=0)
def prevent_default(this: Value) -> Value:
    event = receiver(this, EventObject, "Event.prototype.preventDefault")
    event.default_prevented = event.cancelable
    return undefined


@event_prototype.method("stopImmediatePropagation", length=0)
def stop_immediate_propagation(this: Value) -> Value:
    receiver(this, EventObject, "Event.prototype.stopImmediatePropagation").stopped = True
    return undefined


@dataclass(eq=False, slots=True)
class Listener:
    """An event listener; `callback` is a function or an object with `handleEvent`."""

    type: str
    callback: JSObject
    once: bool
    removed: bool = False


class EventTargetObject(JSObject):
    """An EventTarget."""

    __slots__ = ("listeners",)

    def __init__(self, prototype: JSObject) -> None:
        super().__init__(prototype)
        self.listeners: list[Listener] = []

    def dispatch(self, event: EventObject) -> None:
        """Dispatch: call the listeners that were there at the beginning."""
        event.target = self
        realm = current_realm()
        for listener in [*self.listeners]:
            if listener.removed or listener.type != event.type or event.stopped:
                continue
            if listener.once:
                remove(self, listener)
            callback = listener.callback
            if not isinstance(callback, FunctionObject):
                callback = callback.get("handleEvent", callback)
            if isinstance(callback, FunctionObject):
                run_reported(realm, callback, [event], this=self)


def remove(target: EventTargetObject, listener: Listener) -> None:
    """Remove an event listener."""
    listener.removed = True
    target.listeners.remove(listener)


@target_constructor.constructor(length=0)
def construct_target(new_target: FunctionObject) -> Value:
    require_new(new_target, "EventTarget")
    return EventTargetObject(get_prototype_from_constructor(new_target, "%EventTarget.prototype%"))


def this_target(this: Value, method: str) -> EventTargetObject:
    """The receiver."""
    return receiver(this, EventTargetObject, f"EventTarget.prototype.{method}")


def found_listener(target: EventTargetObject, type_: str, callback: Value) -> Listener | None:
    """The listener with this type and callback."""
    for listener in target.listeners:
        if listener.type == type_ and listener.callback is callback:
            return listener
    return None


@target_prototype.method("addEventListener", length=2)
def add_event_listener(this: Value, type_: Value, callback: Value, options: Value) -> Value:
    target, name = this_target(this, "addEventListener"), to_string(type_)
    member = dictionary(options if isinstance(options, JSObject) else undefined)
    if isinstance(callback, JSObject) and found_listener(target, name, callback) is None:
        target.listeners.append(Listener(name, callback, to_boolean(member("once"))))
    return undefined


@target_prototype.method("removeEventListener", length=2)
def remove_event_listener(this: Value, type_: Value, callback: Value) -> Value:
    target = this_target(this, "removeEventListener")
    listener = found_listener(target, to_string(type_), callback)
    if listener is not None:
        remove(target, listener)
    return undefined


@target_prototype.method("dispatchEvent", length=1)
def dispatch_event(this: Value, event: Value) -> Value:
    dispatched = receiver(event, EventObject, "EventTarget.prototype.dispatchEvent")
    this_target(this, "dispatchEvent").dispatch(dispatched)
    return not dispatched.default_prevented


# --- AbortController and AbortSignal -------------------------------------------------------------


class AbortSignalObject(EventTargetObject):
    """An AbortSignal; `reason` is undefined until it is aborted, `onabort` a listener or None."""

    __slots__ = ("dependent", "onabort", "reason")

    def __init__(self, prototype: JSObject) -> None:
        super().__init__(prototype)
        self.reason: Value = undefined
        self.onabort: Listener | None = None
        #: Called with the reason, before the listeners: dependent signals, cancellation of calls.
        self.dependent: list[Callable[[Value], None]] = []

    def abort(self, reason: Value) -> None:
        """Signal abort."""
        if self.reason is not undefined:
            return
        if reason is undefined:
            reason = dom_exception("This operation was aborted", "AbortError")
        self.reason = reason
        for callback in self.dependent:
            callback(reason)
        self.dispatch(EventObject(intrinsic("%Event.prototype%"), "abort"))


def new_signal() -> AbortSignalObject:
    """An AbortSignal of the current realm."""
    return AbortSignalObject(intrinsic("%AbortSignal.prototype%"))


class AbortControllerObject(JSObject):
    """An AbortController."""

    __slots__ = ("signal",)

    def __init__(self, prototype: JSObject) -> None:
        super().__init__(prototype)
        self.signal = new_signal()


@controller_constructor.constructor(length=0)
def construct_controller(new_target: FunctionObject) -> Value:
    require_new(new_target, "AbortController")
    prototype = get_prototype_from_constructor(new_target, "%AbortController.prototype%")
    return AbortControllerObject(prototype)


@controller_prototype.getter("signal")
def controller_signal(this: Value) -> Value:
    return receiver(this, AbortControllerObject, "AbortController.prototype.signal").signal


@controller_prototype.method("abort", length=0)
def controller_abort(this: Value, reason: Value) -> Value:
    receiver(this, AbortControllerObject, "AbortController.prototype.abort").signal.abort(reason)
    return undefined


@signal_constructor.constructor(length=0)
def construct_signal(new_target: Value) -> Value:
    throw_type_error("Illegal constructor")


@signal_constructor.method("abort", length=0)
def aborted_signal(this: Value, reason: Value) -> Value:
    signal = new_signal()
    signal.abort(reason)
    return signal


@signal_constructor.method("timeout", length=1)
def timeout(this: Value, milliseconds: Value) -> Value:
    signal, pause = new_signal(), to_number(milliseconds)
    message = "The operation was aborted due to timeout"
    current_realm().host.set_timer(
        pause, lambda: signal.abort(dom_exception(message, "TimeoutError"))
    )
    return signal


@signal_constructor.method("any", length=1)
def any_(this: Value, signals: Value) -> Value:
    made = new_signal()
    for item in iterate_to_list(signals):
        source = receiver(item, AbortSignalObject, "AbortSignal.any")
        if source.reason is not undefined:
            made.abort(source.reason)
        source.dependent.append(made.abort)
    return made


def this_signal(this: Value, method: str) -> AbortSignalObject:
    """The receiver."""
    return receiver(this, AbortSignalObject, f"AbortSignal.prototype.{method}")


@signal_prototype.getter("aborted")
def aborted(this: Value) -> Value:
    return this_signal(this, "aborted").reason is not undefined


@signal_prototype.getter("reason")
def reason_getter(this: Value) -> Value:
    return this_signal(this, "reason").reason


@signal_prototype.getter("onabort")
def get_onabort(this: Value) -> Value:
    handler = this_signal(this, "onabort").onabort
    return null if handler is None else handler.callback


@signal_prototype.setter("onabort")
def set_onabort(this: Value, callback: Value) -> Value:
    """An event handler keeps the place among the listeners at which it was first set."""
    signal = this_signal(this, "onabort")
    if isinstance(callback, JSObject) and signal.onabort is not None:
        signal.onabort.callback = callback
    elif isinstance(callback, JSObject):
        signal.onabort = Listener("abort", callback, once=False)
        signal.listeners.append(signal.onabort)
    elif signal.onabort is not None:
        remove(signal, signal.onabort)
        signal.onabort = None
    return undefined


@signal_prototype.method("throwIfAborted", length=0)
def throw_if_aborted(this: Value) -> Value:
    signal = this_signal(this, "throwIfAborted")
    if signal.reason is not undefined:
        raise Throw(signal.reason)
    return undefined


TABLES = (
    *(event_prototype, event_constructor, target_prototype, target_constructor),
    *(signal_prototype, signal_constructor, controller_prototype, controller_constructor),
    *(exception_prototype, exception_constructor),
)
