"""Values of a size, for measuring the wire: each as a model and as the JavaScript that makes the same.

`n` counts what the shape repeats. The shapes of `SPEED` stand in the speed table beside React; those
of `GROWTH` are doubled, to see that work grows as the bytes do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.values.model import Value


@dataclass(frozen=True)
class Shape:
    """A list of arguments, or what a call results in."""

    make: Callable[[int], Value]
    #: An expression in `n`.
    script: str
    #: How many there are in the speed table.
    n: int


def tree(nodes: int) -> Value:
    """A binary tree of so many objects."""
    made: list[Value] = [{"id": float(i), "left": None, "right": None} for i in range(nodes)]
    for i in range(1, nodes):
        made[(i - 1) // 2]["left" if i % 2 else "right"] = made[i]
    return made[0]


TREE = """(() => {
  const made = Array.from({ length: n }, (_, id) => ({ id, left: null, right: null }))
  for (let i = 1; i < n; i++) made[(i - 1) >> 1][i % 2 ? 'left' : 'right'] = made[i]
  return [made[0]]
})()"""


def shared(nodes: int) -> Value:
    """An array of objects, each of which refers to an earlier one."""
    made: list[Value] = []
    for i in range(nodes):
        made.append({"id": float(i), "next": made[i // 2] if made else None})
    return made


SHARED = """(() => {
  const made = []
  for (let i = 0; i < n; i++) made.push({ id: i, next: i ? made[i >> 1] : null })
  return [made]
})()"""

SPEED = {
    "small call": Shape(lambda _: [40.0, 2.0], "[40, 2]", 1),
    "1,000 objects": Shape(
        lambda n: [[{"id": float(i), "name": f"name {i}", "tags": ["a", "b"]} for i in range(n)]],
        "[Array.from({ length: n }, (_, id) => ({ id, name: `name ${id}`, tags: ['a', 'b'] }))]",
        1000,
    ),
    "1 MB of text": Shape(lambda n: ["x" * n], "['x'.repeat(n)]", 1_000_000),
    "1 MB of bytes": Shape(
        lambda n: [model.Bytes("Uint8Array", bytes(n))], "[new Uint8Array(n)]", 1_000_000
    ),
    "1,000 Maps": Shape(
        lambda n: [[model.Map([("key", float(i))]) for i in range(n)]],
        "[Array.from({ length: n }, (_, i) => new Map([['key', i]]))]",
        1000,
    ),
    "tree of 10,000": Shape(lambda n: [tree(n)], TREE, 10_000),
    "graph of 10,000": Shape(lambda n: [shared(n)], SHARED, 10_000),
}
