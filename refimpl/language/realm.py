"""Realms and the tables their built-in objects are made from (ECMA-262 §9.3, §18).

* A module of built-ins fills `Table`s when it is imported, and never changes them afterwards; it
  reads like the clauses it implements. `Realm` makes the objects from the tables, afresh for each realm.
* An intrinsic is known by its ECMAScript name with percent signs: `realm.intrinsics["%Map%"]`.

    map_prototype = Table("%Map.prototype%")

    @map_prototype.method("get", length=1)
    def get(this: Value, key: Value) -> Value: ...

    map_prototype.to_string_tag("Map")

    map_constructor = Table("%Map%")

    @map_constructor.constructor(length=0)
    def construct_map(new_target: Value, iterable: Value) -> Value: ...
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from refimpl.language.functions import NativeFunction, constant, function_name
from refimpl.language.host import Host
from refimpl.language.objects import JSObject, Property, accessor_property, hidden
from refimpl.language.values import SYMBOL_TO_STRING_TAG, Key, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from refimpl.language.agent import Agent
    from refimpl.language.environment import GlobalEnvironment

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass(slots=True)
class Entry:
    """One property of a built-in object; `kind` is method, get, set, value or alias."""

    key: Key
    kind: str
    content: Any
    own: dict[Key, Property]  #: `length` and `name` of the function, shared by all realms
    intrinsic: str | None = None
    attributes: tuple[bool, bool, bool] = (True, False, True)  #: writable, enumerable, configurable


class Table:
    """Everything one built-in object is born with."""

    def __init__(
        self,
        name: str,
        *,
        prototype: str | None = "%Object.prototype%",
        make: Callable[[JSObject | None], JSObject] = JSObject,
    ) -> None:
        self.name = name
        self.prototype = prototype
        self.make = make
        self.entries: list[Entry] = []
        self.behaviour: Callable[..., Any] | None = None
        self.own: dict[Key, Property] = {}
        self.constructs: str | None = None
        self.is_constructor = False
        self.is_global = False

    def method(
        self,
        key: Key,
        *,
        length: int,
        name: str | None = None,
        intrinsic: str | None = None,
        writable: bool = True,
        configurable: bool = True,
    ) -> Callable[[F], F]:
        """A built-in method; `intrinsic` also makes it known by that name."""
        attributes = (writable, False, configurable)
        return self._declare(
            "method", key, length, name or function_name(key), intrinsic, attributes=attributes
        )

    def getter(self, key: Key, *, intrinsic: str | None = None) -> Callable[[F], F]:
        """The get half of an accessor property."""
        return self._declare("get", key, 0, function_name(key, "get"), intrinsic)

    def setter(self, key: Key) -> Callable[[F], F]:
        """The set half of an accessor property."""
        return self._declare("set", key, 1, function_name(key, "set"), None)

    def _declare(
        self,
        kind: str,
        key: Key,
        length: int,
        name: str,
        intrinsic: str | None,
        *,
        attributes: tuple[bool, bool, bool] = (True, False, True),
    ) -> Callable[[F], F]:
        own: dict[Key, Property] = {"length": constant(float(length)), "name": constant(name)}

        def declare(behaviour: F) -> F:
            self.entries.append(Entry(key, kind, behaviour, own, intrinsic, attributes))
            return behaviour

        return declare

    def value(
        self,
        key: Key,
        value: Value,
        *,
        writable: bool = True,
        enumerable: bool = False,
        configurable: bool = True,
    ) -> None:
        """A data property; a `value` such as "%Map%" (an intrinsic's name) stands for that object."""
        self.entries.append(
            Entry(key, "value", value, {}, attributes=(writable, enumerable, configurable))
        )

    def constant(self, key: Key, value: Value) -> None:
        """A data property that is neither writable, enumerable nor configurable."""
        self.value(key, value, writable=False, configurable=False)

    def to_string_tag(self, tag: str) -> None:
        """The property %Symbol.toStringTag%."""
        self.value(SYMBOL_TO_STRING_TAG, tag, writable=False)

    def alias(self, key: Key, of: Key) -> None:
        """A second property with the same function object as the method `of`."""
        self.entries.append(Entry(key, "alias", of, {}))

    def constructor(
        self,
        *,
        length: int,
        prototype: str | None = "",
        name: str | None = None,
        is_global: bool = True,
    ) -> Callable[[F], F]:
        """Make the object itself a constructor; its behaviour takes NewTarget first.

        `prototype` is the intrinsic `prototype` refers to (by default `%X.prototype%` of `%X%`; None for
        no such property), which gets `constructor`.
        """
        self.constructs = f"{self.name[:-1]}.prototype%" if prototype == "" else prototype
        self.is_constructor = True
        self.is_global = is_global
        return self.function(length=length, name=name)

    def function(self, *, length: int, name: str | None = None) -> Callable[[F], F]:
        """Make the object itself a function that is no constructor."""
        own_name = self.name.strip("%") if name is None else name
        self.own = {"length": constant(float(length)), "name": constant(own_name)}
        if self.prototype == "%Object.prototype%":
            self.prototype = "%Function.prototype%"

        def declare(behaviour: F) -> F:
            self.behaviour = behaviour
            return behaviour

        return declare


def with_attributes(value: Value, attributes: tuple[bool, bool, bool]) -> Property:
    """A data property with the attributes of an entry."""
    writable, enumerable, configurable = attributes
    return Property(value, writable=writable, enumerable=enumerable, configurable=configurable)


class Realm:
    """A Realm Record."""

    def __init__(
        self, agent: Agent, host: Host | None = None, tables: Iterable[Table] | None = None
    ) -> None:
        """CreateRealm, CreateIntrinsics and SetRealmGlobalObject."""
        from refimpl.language.builtins import TABLES  # noqa: PLC0415 - built-ins are made of this module's tables
        from refimpl.language.environment import GlobalEnvironment  # noqa: PLC0415 - see above

        self.agent = agent
        self.host = host or Host()
        self.intrinsics: dict[str, Any] = {}
        self.template_map: dict[Any, JSObject] = {}
        with agent.enter(self):
            self.create_intrinsics([*(TABLES if tables is None else tables)])
        self.global_object: JSObject = self.intrinsics["%globalThis%"]
        self.global_environment: GlobalEnvironment = GlobalEnvironment(self.global_object)

    def create_intrinsics(self, tables: list[Table]) -> None:
        """Make every built-in object, then fill them, so that tables may refer to each other."""
        for table in tables:
            self.intrinsics[table.name] = self.create_object(table)
        for table in tables:
            self.define_entries(table)
        self.add_restricted_function_properties()

    def add_restricted_function_properties(self) -> None:
        """AddRestrictedFunctionProperties; %ThrowTypeError% itself is frozen (§10.2.4.1)."""
        thrower = self.intrinsics["%ThrowTypeError%"]
        for name in ("length", "name"):
            thrower.props[name] = with_attributes(thrower.props[name].value, (False, False, False))
        thrower.prevent_extensions()
        for name in ("caller", "arguments"):
            self.intrinsics["%Function.prototype%"].props[name] = accessor_property(
                thrower, thrower
            )

    def create_object(self, table: Table) -> JSObject:
        """The object of `table`, still without properties."""
        prototype = self.intrinsics[table.prototype] if table.prototype is not None else None
        if table.behaviour is None:
            return table.make(prototype)
        function = NativeFunction(
            self, table.behaviour, is_constructor=table.is_constructor, prototype=prototype
        )
        function.props.update(table.own)
        return function

    def define_entries(self, table: Table) -> None:
        """Give the object of `table` its properties."""
        obj: JSObject = self.intrinsics[table.name]
        if table.constructs is not None:
            prototype = self.intrinsics[table.constructs]
            obj.props["prototype"] = Property(
                prototype, writable=False, enumerable=False, configurable=False
            )
            prototype.props["constructor"] = hidden(obj)
        if table.is_global:
            self.intrinsics["%globalThis%"].props[table.name.strip("%")] = hidden(obj)
        for entry in table.entries:
            obj.props[entry.key] = self.property_of(entry, obj)

    def property_of(self, entry: Entry, obj: JSObject) -> Property:
        """The property `entry` declares on `obj`."""
        if entry.kind == "alias":
            aliased: Property = obj.props[entry.content]
            return aliased
        if entry.kind == "value":
            return with_attributes(self.resolve(entry.content), entry.attributes)
        function = NativeFunction(self, entry.content)
        function.props.update(entry.own)
        if entry.intrinsic is not None:
            self.intrinsics[entry.intrinsic] = function
        if entry.kind == "method":
            return with_attributes(function, entry.attributes)
        other = obj.props.get(entry.key, accessor_property(undefined, undefined))
        if entry.kind == "get":
            return accessor_property(function, other.set)
        return accessor_property(other.get, function)

    def resolve(self, value: Value) -> Value:
        """An intrinsic for its name, any other value as it is."""
        if type(value) is str and len(value) > 2 and value[0] == value[-1] == "%":
            return self.intrinsics[value]
        return value
