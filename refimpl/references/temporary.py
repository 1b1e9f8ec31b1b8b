"""Values that stayed on the client, as server code sees them: opaque, good only for being sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from refimpl.language.errors import throw_type_error
from refimpl.language.objects import JSObject, Property
from refimpl.language.values import undefined

if TYPE_CHECKING:
    from refimpl.language.values import Key, Value

#: What machinery asks every object for, so that one can be awaited and returned.
ABSENT_HERE = frozenset({"then", "toJSON", "$$typeof"})


class TemporaryReferenceObject(JSObject):
    """Stands for the value at `path` of the client's arguments; looking into it is an error.

    Clause: call.arguments.temporary.
    """

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        super().__init__(None)
        self.path = path

    def refuse(self) -> NoReturn:
        """Every operation but those that only pass the object on."""
        throw_type_error(
            "This value stayed on the client: server code can return it, and nothing else"
        )

    def get_own_property(self, key: Key) -> Property | None:
        """[[GetOwnProperty]]."""
        return None if key in ABSENT_HERE else self.refuse()

    def has_property(self, key: Key) -> bool:
        """[[HasProperty]]."""
        return False if key in ABSENT_HERE else self.refuse()

    def get(self, key: Key, receiver: Value) -> Value:  # noqa: ARG002 - as every object has it
        """[[Get]]."""
        return undefined if key in ABSENT_HERE else self.refuse()

    def set(self, key: Key, value: Value, receiver: Value) -> bool:  # noqa: ARG002 - the same
        """[[Set]]."""
        self.refuse()

    def define_own_property(self, key: Key, descriptor: Property) -> bool:  # noqa: ARG002 - the same
        """[[DefineOwnProperty]]."""
        self.refuse()

    def delete(self, key: Key) -> bool:  # noqa: ARG002 - the same
        """[[Delete]]."""
        self.refuse()

    def own_property_keys(self) -> list[Key]:
        """[[OwnPropertyKeys]]."""
        self.refuse()

    def get_prototype_of(self) -> JSObject | None:
        """[[GetPrototypeOf]]."""
        self.refuse()

    def set_prototype_of(self, prototype: JSObject | None) -> bool:  # noqa: ARG002 - the same
        """[[SetPrototypeOf]]."""
        self.refuse()
