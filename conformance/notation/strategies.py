"""Values for property tests: every kind, with shared objects and cycles.

The rule of this module: a new kind in `model.KINDS` is generated from its row; only texts that have
to mean something have a strategy of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.notation import model
from conformance.notation.model import BYTES_KINDS, HOLE, KINDS, UNDEFINED, Role, Special, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Every str, unpaired surrogates included; pairs are joined as the model wants them.
texts = st.text(st.characters(codec=None)).map(model.text)
numbers = st.one_of(st.floats(), st.integers()).map(model.number)
hexadecimal = st.binary(max_size=12).map(bytes.hex)

_TEXTS: Mapping[tuple[str, str], st.SearchStrategy[str | None]] = {
    ("bigint", "value"): st.integers().map(str),
    ("bytes", "kind"): st.sampled_from(sorted(BYTES_KINDS)),
    ("bytes", "hex"): hexadecimal,
    ("file", "hex"): hexadecimal,
    ("stream", "kind"): st.sampled_from(["default", "bytes"]),
    ("iterator", "kind"): st.sampled_from(["sync", "async", "async-iterable"]),
    ("file", "name"): st.none() | texts,
    ("element", "key"): st.none() | texts,
    ("date", "value"): st.none() | st.datetimes().map(lambda date: f"{date.isoformat()}Z"),
}
#: Kinds that have exactly one of their fields.
_ALTERNATIVES = ("promise", "symbol")

primitives = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    texts,
    st.sampled_from([UNDEFINED, HOLE]),
)


def specials(kind: str, values: st.SearchStrategy[Value]) -> st.SearchStrategy[Special]:
    """Special values of one kind whose parts are drawn from `values`."""
    definition = KINDS[kind]
    fields = {name: _field(kind, name, role, values) for name, role in definition.fields.items()}
    if kind in _ALTERNATIVES:
        alternatives = [st.fixed_dictionaries({name: field}) for name, field in fields.items()]
        return st.one_of(alternatives).map(lambda content: Special(kind, dict(content)))
    needed = {name: field for name, field in fields.items() if name not in definition.optional}
    optional = {name: field for name, field in fields.items() if name in definition.optional}
    contents = st.fixed_dictionaries(needed, optional=optional)
    return contents.map(lambda content: Special(kind, dict(content)))


def _field(
    kind: str, name: str, role: Role, values: st.SearchStrategy[Value]
) -> st.SearchStrategy[Any]:
    if role is Role.TEXT:
        return _TEXTS.get((kind, name), texts)
    if role is Role.VALUE:
        return values
    if role is Role.VALUES:
        return st.lists(values, max_size=3)
    return st.lists(st.tuples(values, values).map(list), max_size=3)


def _containers(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    made = [specials(kind, values) for kind in KINDS if kind not in ("undefined", "hole")]
    return st.one_of(
        st.lists(values, max_size=4), st.dictionaries(texts, values, max_size=4), *made
    )


trees: st.SearchStrategy[Value] = st.recursive(primitives, _containers, max_leaves=12)


@st.composite
def graphs(draw: st.DrawFn) -> Value:
    """Values in which some objects are held again from elsewhere, their own insides included."""
    root = [draw(trees)]
    objects = _objects(root)
    holders = [value for value in objects if isinstance(value, list | dict)]
    for _ in range(draw(st.integers(0, 4))):
        holder = draw(st.sampled_from(holders))
        held = draw(st.sampled_from(objects))
        if isinstance(holder, list):
            holder.append(held)
        else:
            holder[draw(texts)] = held
    return root


def _objects(root: Value) -> list[Value]:
    found: list[Value] = []
    pending = [root]
    while pending:
        value = pending.pop()
        if model.has_identity(value) and all(value is not other for other in found):
            found.append(value)
            pending.extend(model.children(value))
    return found
