"""How large a page may become."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Limits that keep a page readable; the defaults make pages with many functions."""

    #: How deep statements may nest.
    depth: int = 2
    #: How many statements may stand in one scope, beside declarations.
    width: int = 3
    declarations: int = 2
    #: How many server functions one scope may declare by name.
    named: int = 2
    #: How many values a server function may return.
    values: int = 4


#: For a differential run: what disagrees should be seen at once.
SMALL = Size(depth=1, width=4, declarations=2, named=1, values=2)
