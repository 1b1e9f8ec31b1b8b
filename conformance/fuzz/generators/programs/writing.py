"""How an abstract program becomes text: names, gaps, ends of statements and types are filled in.

Marks in the text of an abstract program:

* `«7»` is the name of binding 7, wherever it is declared or used, with or without an escape.
* `·` is a gap between two tokens where a line may break.
* `¶` ends a statement: by a semicolon, or by a line break before which one is inserted.
* `‡` is a place between statements where an empty statement may stand.
* `⟦…⟧` is what TypeScript erases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.fuzz.generators.programs.program import Draw

MARKS = re.compile(r"«(?P<name>\d+)»|⟦(?P<types>[^⟧]*)⟧|(?P<mark>[·¶‡])")

GAPS = (" ", "\n", "\t", "\r\n", " /* 'use server' */ ", ' // "use client"\n', "/**\n*/", "\u2028")
ENDS = (";\n", "\n", ";", " ;", ";// 'use server'\n", "/* one\ntwo */", "\r\n")
EMPTIES = ("", ";", "/* ; */")


@dataclass(frozen=True)
class Writing:
    """One way to fill in the marks."""

    name: Callable[[int], str]
    gap: Callable[[], str] = lambda: " "
    end: Callable[[], str] = lambda: ";\n"
    empty: Callable[[], str] = lambda: ""
    typed: Callable[[], bool] = lambda: False

    def write(self, text: str) -> str:
        """The text with every mark filled in."""
        return MARKS.sub(self._fill, text)

    def _fill(self, found: re.Match[str]) -> str:
        if found["name"]:
            return self.name(int(found["name"]))
        if found["types"] is not None:
            return self.write(found["types"]) if self.typed() else ""
        return {"·": self.gap, "¶": self.end, "‡": self.empty}[found["mark"]]()


SPACES, ENDINGS, NOTHINGS = map(st.sampled_from, (GAPS, ENDS, EMPTIES))


#: Seldom: whether the first character of a name is an escape.
ESCAPED = st.sampled_from([False] * 7 + [True])


def escaped(name: str) -> str:
    """The same name, with an escape for its first character."""
    return f"\\u{ord(name[0]):04x}{name[1:]}"


def decorated(draw: Draw, name: Callable[[int], str], *, typed: bool) -> Writing:
    """A writing whose names, gaps, ends and types are drawn one by one."""
    return Writing(
        lambda binding: escaped(name(binding)) if draw(ESCAPED) else name(binding),
        lambda: draw(SPACES),
        lambda: draw(ENDINGS),
        lambda: draw(NOTHINGS),
        lambda: typed and draw(st.booleans()),
    )
