"""Realms and the tables their built-in objects are made from (ECMA-262 §9.3, §18).

* A module of built-ins fills `Table`s when it is imported, and never changes them afterwards; it
  reads like the clauses it implements. `Realm` makes the objects from the tables, afresh for each realm.
* The objects of the tables are all made at once, so that they may refer to each other; what is in them
  is made when somebody first looks, since a small program looks at few of them. The guest cannot tell.
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
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from refimpl.language.functions import NativeFunction, constant, function_name, paid_function
from refimpl.language.host import Host
from refimpl.language.objects import JSObject, Property, accessor_property
from refimpl.language.unfilled import postpone
from refimpl.language.values import SYMBOL_TO_STRING_TAG, Key, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from refimpl.language.agent import Agent
    from refimpl.language.environment import GlobalEnvironment

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass(slots=True)
class Entry:
    """One property of a built-in object; `kind` is method, get, set, value, accessor or alias."""

    key: Key
    kind: str
    content: Any
    own: dict[Key, Property]  #: `length` and `name` of the function, shared by all realms
    intrinsic: str | None = None
    attributes: tuple[bool, bool, bool] = (True, False, True)  #: writable, enumerable, configurable


#: The kinds of entries that make a function of their own.
FUNCTIONS: Final = frozenset({"method", "get", "set"})


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


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What is in the objects of some tables, worked out once for all realms."""

    contents: dict[str, list[Entry]]  #: by intrinsic, in the order in which properties are created
    functions: int  #: how many functions that makes
    intrinsics: dict[str, Entry]  #: those of them that are known by a name of their own


@cache
def blueprint(tables: tuple[Table, ...]) -> Blueprint:
    """CreateIntrinsics for all realms: every entry of every object, its own and those others give it."""
    contents: dict[str, list[Entry]] = {table.name: [] for table in tables}
    for table in tables:
        if table.constructs is not None:
            prototype = Entry(
                "prototype", "value", table.constructs, {}, None, (False, False, False)
            )
            contents[table.name].append(prototype)
            contents[table.constructs].append(Entry("constructor", "value", table.name, {}))
        if table.is_global:
            contents["%globalThis%"].append(Entry(table.name.strip("%"), "value", table.name, {}))
        contents[table.name] += table.entries
    # AddRestrictedFunctionProperties
    contents["%Function.prototype%"] += [
        Entry(name, "accessor", "%ThrowTypeError%", {}) for name in ("caller", "arguments")
    ]
    functions = [entry for table in tables for entry in table.entries if entry.kind in FUNCTIONS]
    intrinsics = {entry.intrinsic: entry for entry in functions if entry.intrinsic is not None}
    return Blueprint(contents, len(functions), intrinsics)


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
            self.create_intrinsics(TABLES if tables is None else tuple(tables))
        self.global_object: JSObject = self.intrinsics["%globalThis%"]
        self.global_environment: GlobalEnvironment = GlobalEnvironment(self.global_object)

    def create_intrinsics(self, tables: tuple[Table, ...]) -> None:
        """Make every built-in object, and pay for all that will be in it, whenever that is made."""
        for table in tables:
            self.intrinsics[table.name] = self.create_object(table)
        plan = blueprint(tables)
        self.agent.allocate(plan.functions)
        for name, entry in plan.intrinsics.items():
            self.intrinsics[name] = paid_function(self, entry.content, entry.own)
        for name, entries in plan.contents.items():
            obj: JSObject = self.intrinsics[name]
            postpone(obj, partial(self.filled, obj.props, entries))
        self.intrinsics["%ThrowTypeError%"].prevent_extensions()

    def create_object(self, table: Table) -> JSObject:
        """The object of `table`, with no properties but those it is made with."""
        prototype = self.intrinsics[table.prototype] if table.prototype is not None else None
        if table.behaviour is None:
            return table.make(prototype)
        function = NativeFunction(
            self, table.behaviour, is_constructor=table.is_constructor, prototype=prototype
        )
        function.props.update(table.own)
        return function

    def filled(self, born_with: dict[Key, Any], entries: list[Entry]) -> dict[Key, Any]:
        """The properties an object was born with, and those that `entries` declare."""
        props = {**born_with}
        for entry in entries:
            props[entry.key] = self.property_of(entry, props)
        return props

    def property_of(self, entry: Entry, props: dict[Key, Any]) -> Property:
        """The property `entry` declares beside `props`."""
        if entry.kind == "alias":
            aliased: Property = props[entry.content]
            return aliased
        if entry.kind == "value":
            return with_attributes(self.resolve(entry.content), entry.attributes)
        if entry.kind == "accessor":
            return accessor_property(self.resolve(entry.content), self.resolve(entry.content))
        function = (
            paid_function(self, entry.content, entry.own)
            if entry.intrinsic is None
            else self.intrinsics[entry.intrinsic]
        )
        if entry.kind == "method":
            return with_attributes(function, entry.attributes)
        other = props.get(entry.key, accessor_property(undefined, undefined))
        if entry.kind == "get":
            return accessor_property(function, other.set)
        return accessor_property(other.get, function)

    def resolve(self, value: Value) -> Value:
        """An intrinsic for its name, any other value as it is."""
        if type(value) is str and len(value) > 2 and value[0] == value[-1] == "%":
            return self.intrinsics[value]
        return value
