"""Where a server function may stand: the head of a method if it is one, the expression, its name."""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """One place of an expression; `FN` stands for the function."""

    text: str
    #: The clause that lets a server function stand here.
    clause: str
    head: str | None = None
    named: str | None = None
    #: A private name that it may use.
    private: str | None = None


PLAIN = "function.form.expression"
OPERAND = "function.form.position"
FIELD = "function.form.field"
METHOD = "function.form.method"
STATIC = "function.form.static-method"

POSITIONS = (
    Position("FN", PLAIN),
    Position("(FN)", PLAIN),
    Position("(FN)⟦ as any⟧", PLAIN),
    Position("[FN][0]", OPERAND),
    Position("(true·?·FN·:·null)", OPERAND),
    Position("(null·??·(FN))", OPERAND),
    Position("(x => x)(FN)", OPERAND),
    Position("((x·=·FN) => x)()", OPERAND, named="x"),
    Position("{ save:·FN }.save", OPERAND, named="save"),
    Position("(class·{·static·save·=·FN¶}).save", FIELD, named="save"),
    Position("new (class { save = FN¶})().save", FIELD, named="save"),
    Position("{·async FN·}.save", METHOD, "save", "save"),
    Position("{·async FN·}.save", METHOD, "['save']"),
    Position("(class·{·static·async FN·}).save", STATIC, "save", "save"),
    Position("(class·{·#own¶ static·async FN·}).save", STATIC, "save", "save", "#own"),
    Position("(class {·#own¶ static save = FN¶}).save", FIELD, named="save", private="#own"),
)
JSX_POSITIONS = (
    Position("(<form·action={·FN·}/>).props.action", OPERAND),
    Position("(<p>{·FN·}</p>).props.children", OPERAND),
)
