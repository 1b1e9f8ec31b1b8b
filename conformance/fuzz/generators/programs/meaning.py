"""What the parts of a program mean: bindings, environments, and functions that carry a call out."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.fuzz.example import THROWN
from conformance.notation.model import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "UNDEFINED",
    "Binding",
    "Env",
    "Function",
    "Instance",
    "Part",
    "Scope",
    "Thrown",
    "argument",
    "assigning",
    "drained",
    "joined",
    "nothing",
    "throw",
]


class Thrown(Exception):  # noqa: N818  (a way for a call to end)
    """The server function threw."""


@dataclass(eq=False)
class Scope:
    """Bindings of one scope; `module` scope is never captured."""

    kind: str
    bindings: list[Binding] = field(default_factory=list)


@dataclass(eq=False)
class Binding:
    """One binding. It may be used when it is `ready`; its `nature` says for what."""

    number: int
    name: str
    scope: Scope
    declared: str
    nature: str
    ready: bool = True

    @property
    def mark(self) -> str:
        """What stands for its name in a text."""
        return f"«{self.number}»"


@dataclass
class Env:
    """The values of bindings while the program runs."""

    module: dict[int, Any]
    local: dict[int, Any]
    kept: list[Any]

    def __getitem__(self, binding: Binding) -> Any:
        return self._values(binding)[binding.number]

    def __setitem__(self, binding: Binding, value: Any) -> None:
        self._values(binding)[binding.number] = value

    def _values(self, binding: Binding) -> dict[int, Any]:
        return self.module if binding.scope.kind == "module" else self.local


class Part(NamedTuple):
    """A piece of text, and what it does or gives."""

    text: str
    run: Callable[[Env], Any]


@dataclass(eq=False)
class Function:
    """One inline server function of the text."""

    named: int | str | None  #: a binding, a text, or no name
    depth: int  #: how many scopes are around it
    own: list[Binding] = field(default_factory=list)  #: names that mean the function itself
    captures: list[int] = field(default_factory=list)
    #: Whether it, or one inside it, uses what every call shares.
    uses_module: bool = False

    def described(self, name: Callable[[int], str]) -> dict[str, Any]:
        """What an implementation must say of it."""
        named = name(self.named) if isinstance(self.named, int) else self.named
        captured = [name(each) for each in self.captures]
        return {"where": "inline", "name": named, "captures": captured}


@dataclass(eq=False)
class Instance:
    """A server function object: the function, and the values it captured when it was made."""

    function: Function
    body: Callable[[Env, list[Any]], Any]
    captured: dict[int, Any]
    made_in: Env
    bound: tuple[Any, ...] = ()

    def __deepcopy__(self, memo: object) -> Instance:
        return self

    def call(self, *arguments: Any) -> Any:
        """What a call gives; every call starts from what was captured."""
        env = Env(self.made_in.module, copy.deepcopy(self.captured), [])
        env.local.update((own.number, self) for own in self.function.own)
        return self.body(env, [*self.bound, *arguments])

    def outcome(self, *arguments: Any) -> Any:
        """What a call gives to who catches what is thrown."""
        try:
            return self.call(*arguments)
        except Thrown:
            return THROWN


def drained(value: Any) -> Any:
    """What the driver of the client makes of a value: it calls functions until it has none."""
    return drained(value.outcome("first", 2)) if isinstance(value, Instance) else value


def argument(arguments: list[Any], place: int) -> Any:
    """What a parameter receives."""
    return arguments[place] if place < len(arguments) else UNDEFINED


def nothing(_: Env) -> None:
    """Do nothing."""


def throw(_: Env) -> Any:
    """End the call."""
    raise Thrown


def joined(parts: Iterable[Part]) -> Part:
    """One part after another."""
    made = [*parts]

    def run(env: Env) -> None:
        for part in made:
            part.run(env)

    return Part("".join(part.text for part in made), run)


def assigning(text: str, binding: Binding, value: Any) -> Part:
    """A text that gives a binding a value."""

    def run(env: Env) -> None:
        env[binding] = copy.deepcopy(value)

    return Part(text, run)
