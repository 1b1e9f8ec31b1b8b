"""Whether two values are the same, by graph isomorphism, and where they first differ.

Rules of this module:

* NaN is the same as NaN; 0 is not the same as -0; 1 and 1.0 are one Number.
* The order of an object's properties does not matter; that of a Map's entries does.
* Two objects correspond when they are met at the same place. One that corresponds to two others
  is a difference: sharing and cycles are part of a value.
* The walk is a loop, not a recursion, so the depth of a value is no limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.notation.model import KINDS, Role, Special, Value, has_identity
from conformance.notation.tagged import special_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Stands where one of the two values has nothing.
ABSENT = Special("hole")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: how it is written, and the step before it."""

    written: str
    before: Step | None = None

    def __str__(self) -> str:
        """The path from the root `$` down to here."""
        parts: list[str] = []
        step: Step | None = self
        while step is not None:
            parts.append(step.written)
            step = step.before
        return "".join(reversed(parts))


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where two values differ."""

    path: str
    expected: Value
    seen: Value
    #: Says what differs when the two values themselves do not show it.
    note: str | None = None


def first_difference(expected: Value, seen: Value) -> Difference | None:
    """Where `seen` first differs from `expected`, or None when they are the same value."""
    pairs: dict[int, tuple[Value, Step]] = {}
    partners: dict[int, tuple[Value, Step]] = {}
    pending: list[tuple[Step, Value, Value]] = [(Step("$"), expected, seen)]
    while pending:
        path, left, right = pending.pop()
        if not _alike(left, right):
            return Difference(str(path), left, right)
        if not has_identity(left):
            continue
        if id(left) in pairs or id(right) in partners:
            note = _identity_note(pairs.get(id(left)), partners.get(id(right)), left, right)
            if note:
                return Difference(str(path), left, right, note)
            continue
        pairs[id(left)] = (right, path)
        partners[id(right)] = (left, path)
        pending.extend(reversed([*_parts(path, left, right)]))
    return None


def _alike(left: Value, right: Value) -> bool:
    """Whether two values are of one kind and, for primitives and texts, equal."""
    if left is ABSENT or right is ABSENT:
        return left is right
    if isinstance(left, Special) and isinstance(right, Special):
        return left.kind == right.kind and (has_identity(left) or left.fields == right.fields)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return special_number(left) == special_number(right) and (left == right or left != left)  # noqa: PLR0124  (NaN is what differs from itself)
    if isinstance(left, list | dict) and isinstance(right, list | dict):
        return isinstance(left, list) == isinstance(right, list)
    return type(left) is type(right) and left == right


def _identity_note(
    pair: tuple[Value, Step] | None, partner: tuple[Value, Step] | None, left: Value, right: Value
) -> str | None:
    """What is wrong when an object was met before, or None when both sides agree on it."""
    if pair and pair[0] is right:
        return None
    if pair:
        return f"expected the same object as at {pair[1]}, saw another one"
    assert partner is not None, "the caller has met one of the two before"
    if partner[0] is left:
        return None
    return f"expected an object of its own, saw the same object as at {partner[1]}"


def _parts(path: Step, left: Value, right: Value) -> Iterator[tuple[Step, Value, Value]]:
    """The places below two alike objects, in order, with what each side has there."""
    if isinstance(left, list) and isinstance(right, list):
        yield from _items(path, left, right, "[", "]")
    elif isinstance(left, dict) and isinstance(right, dict):
        for key in {**left, **right}:
            yield Step(_key(key), path), left.get(key, ABSENT), right.get(key, ABSENT)
    elif isinstance(left, Special) and isinstance(right, Special):
        yield from _fields(path, left, right)


def _fields(path: Step, left: Special, right: Special) -> Iterator[tuple[Step, Value, Value]]:
    kind = KINDS[left.kind]
    for name, role in kind.fields.items():
        if name not in left.fields and (kind.open or name not in right.fields):
            continue
        ours, theirs = left.fields.get(name, ABSENT), right.fields.get(name, ABSENT)
        if role in (Role.TEXT, Role.VALUE) or ABSENT in (ours, theirs):
            yield Step(f"{{{name}}}", path), ours, theirs
        elif role is Role.VALUES:
            yield from _items(path, ours, theirs, f"{{{name} ", "}")
        else:
            yield from _entries(path, ours, theirs)


def _items(
    path: Step, left: Sequence[Any], right: Sequence[Any], before: str, after: str
) -> Iterator[tuple[Step, Any, Any]]:
    for index in range(max(len(left), len(right))):
        ours = left[index] if index < len(left) else ABSENT
        theirs = right[index] if index < len(right) else ABSENT
        yield Step(f"{before}{index}{after}", path), ours, theirs


def _entries(
    path: Step, left: Sequence[Any], right: Sequence[Any]
) -> Iterator[tuple[Step, Value, Value]]:
    for step, ours, theirs in _items(path, left, right, "{entry ", "}"):
        if ABSENT in (ours, theirs):
            yield step, ours, theirs
            continue
        place = step.written.removesuffix("}")
        for side, word in enumerate(("key", "value")):
            yield Step(f"{place} {word}}}", path), ours[side], theirs[side]


def _key(key: str) -> str:
    return f".{key}" if key.isidentifier() else f"[{key!r}]"
