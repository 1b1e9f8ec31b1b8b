"""Which strings of a program are directives of ours, and which only look like one.

Rules of this module:

* Only statements count. A string that is a value, an argument or a property is never mentioned.
* *Misplaced* is what evaluates to the exact text and is no directive: a string or template alone
  in an expression statement (parentheses and TypeScript assertions aside), a string that starts
  the first statement of a body and goes on, and a client directive in a function.
* *Misspelt* is a member of a Directive Prologue that is neither directive and whose value comes
  near one. Near means: white space at both ends removed, every run of white space, hyphens and
  underscores made one space, letters made lower case, it is then at most two insertions,
  deletions or replacements of one character away from `use server` or `use client`, or it is
  `use action` or `use actions`. No directive in use elsewhere (`use strict`, `use asm`,
  `use cache`, `use memo`, `use no memo`, `use workflow`, `use step`, `use gpu`) is that near.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refimpl.source import nodes as n
from refimpl.source.literals import unescape
from refimpl.source.text import spells_a_directive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USE_SERVER = "use server"
USE_CLIENT = "use client"
TEXTS = frozenset({USE_SERVER, USE_CLIENT})


@dataclass(frozen=True, slots=True)
class DirectiveString:
    """A string in statement position that is a directive of ours or looks like one."""

    node: n.Node
    #: `use server` or `use client`: which one it is, or resembles.
    directive: str
    #: What it marks: "module", "function", or None because it has no effect.
    marks: str | None
    #: Why it has no effect: `misplaced-directive.…` or `misspelt-directive.…`; "" if it has.
    reason: str
    explanation: str
    clause: str
    fix: str | None = None

    @property
    def effective(self) -> bool:
        """Whether it is a directive that marks something."""
        return self.marks is not None


def directive_strings(program: n.Program) -> list[DirectiveString]:
    """Every string of the program that is one of our directives or looks like one, in order.

    It looks at the tree before anything is erased, and at statements only: the string that a
    concise arrow function returns is a value.

    Clauses: directive.text, directive.client-text, directive.prologue.module,
    directive.prologue.function, directive.misplaced, directive.misspelt, directive.dialects,
    directive.concise, directive.values
    """
    found: list[DirectiveString] = []
    for container in program.walk():
        for child in container.iterate():
            judge = _JUDGES.get(type(child))
            if judge is not None:
                found += judge(child, container)
    return sorted(found, key=lambda string: string.node.start)


#: A short string or template that begins with the word `use`.
_QUOTED_USE = re.compile(r"""(['"`])(\s*use[^'"`\r\n]{1,24})\1""", re.IGNORECASE)


def may_hold_directives(text: str) -> bool:
    """Whether a source text has to be parsed to know its directives; False for most files.

    A directive that takes effect is written `use server` or `use client`, letter for letter; a
    string that merely resembles one is looked for among the short strings that begin with `use`.
    """
    if spells_a_directive(text):
        return True
    candidates = (match[2] for match in _QUOTED_USE.finditer(text))
    return any(_nearest(unescape(candidate)) is not None for candidate in candidates)


# --- members of a Directive Prologue -------------------------------------------------------------


def _judge_directive(node: n.Directive, container: n.Node) -> Iterator[DirectiveString]:
    module = isinstance(container, n.Program)
    if node.raw not in TEXTS:
        yield from _misspelt(node)
    elif node.raw == USE_SERVER or module:
        marks = "module" if module else "function"
        clause = f"directive.prologue.{marks}"
        yield DirectiveString(node, node.raw, marks, "", f"it marks the {marks}", clause)
    else:
        yield DirectiveString(
            node,
            node.raw,
            None,
            "misplaced-directive.in-function",
            "'use client' marks modules only; in a function it does nothing",
            "directive.client-in-function",
            "move it to the top of the file",
        )


def _misspelt(node: n.Directive) -> Iterator[DirectiveString]:
    value = unescape(node.raw)
    meant = _nearest(value)
    if meant is not None:
        kind = _kind_of_misspelling(value, meant)
        explanation, clause = _MISSPELT[kind]
        yield DirectiveString(
            node,
            meant,
            None,
            f"misspelt-directive.{kind}",
            f"this is not '{meant}' and does nothing: {explanation}",
            clause,
            f"write '{meant}'",
        )


#: Clauses: directive.escapes, directive.exact
_MISSPELT = {
    "escape": ("it is spelt with an escape or a line continuation", "directive.escapes"),
    "case": ("upper and lower case count", "directive.exact"),
    "space": ("one space separates its words, and nothing surrounds them", "directive.exact"),
    "similar": ("it only resembles the directive", "directive.exact"),
}


def _kind_of_misspelling(value: str, meant: str) -> str:
    if value == meant:
        return "escape"
    if value.lower() == meant:
        return "case"
    return "space" if _folded(value) == meant else "similar"


def _nearest(value: str) -> str | None:
    """The directive that a misspelt one means. Clause: directive.misspelt.known."""
    folded = _folded(value)
    if folded in {"use action", "use actions"}:
        return USE_SERVER
    return next((text for text in (USE_SERVER, USE_CLIENT) if _distance(folded, text) <= 2), None)


def _folded(value: str) -> str:
    return re.sub(r"[\s_-]+", " ", value.strip()).lower()


def _distance(one: str, other: str) -> int:
    """The Levenshtein distance, or 3 for anything obviously further."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


# --- expression statements -----------------------------------------------------------------------


def _judge_statement(
    statement: n.ExpressionStatement, container: n.Node
) -> Iterator[DirectiveString]:
    """A string that stands alone, or the first string of a statement where directives may stand.

    Clauses: directive.before.statement, directive.before.empty, directive.before.types,
    directive.continuation, directive.form.expression
    """
    form, node = _unwrapped(statement.expression)
    text = _text(node)
    if text is None and _is_first(statement, container):
        form, node = "continued", _first_operand(statement.expression)
        text = _text(node) if isinstance(node, n.Literal) else None
    if text is not None:
        reason, explanation, clause, fix = _MISPLACED[form or _place(container)]
        yield DirectiveString(
            node,
            text,
            None,
            f"misplaced-directive.{reason}",
            f"this '{text}' does nothing: {explanation}",
            clause,
            fix,
        )


#: Why a string in statement position is no directive.
#: Clauses: directive.form.parenthesized, directive.form.assertion, directive.form.template
#: Clauses: directive.static-block, directive.namespace, directive.block
_MISPLACED = {
    "parenthesized": (
        "parenthesized",
        "a directive has no parentheses around it",
        "directive.form.parenthesized",
        "remove the parentheses",
    ),
    "assertion": (
        "continued",
        "a type assertion makes it an expression",
        "directive.form.assertion",
        "remove the assertion",
    ),
    "template": (
        "template",
        "a directive stands between quotes, not backticks",
        "directive.form.template",
        "use single or double quotes",
    ),
    "continued": (
        "continued",
        "it is only the beginning of a longer expression",
        "directive.form.expression",
        "end it with a semicolon",
    ),
    "static-block": (
        "class-body",
        "a class static block has no directives",
        "directive.static-block",
        "move it to the top of a function body or of the file",
    ),
    "namespace": (
        "in-block",
        "a namespace has no directives",
        "directive.namespace",
        "move it to the top of a function body or of the file",
    ),
    "block": (
        "in-block",
        "it stands inside another statement",
        "directive.block",
        "move it to the top of the function body or of the file",
    ),
    "body": (
        "after-statement",
        "something other than a directive stands before it",
        "directive.before.statement",
        "move it to the very top of the function body or of the file",
    ),
}


def _unwrapped(expression: n.Node) -> tuple[str, n.Node]:
    """The expression without parentheses and assertions, and the outermost of them."""
    form, node = "", expression
    while isinstance(node, n.ParenthesizedExpression | n.TSAs):
        form = form or (
            "parenthesized" if isinstance(node, n.ParenthesizedExpression) else "assertion"
        )
        node = node.expression
    if not form and isinstance(node, n.TemplateLiteral):
        form = "template"
    return form, node


def _text(node: n.Node) -> str | None:
    """The directive that a string or a template without substitutions evaluates to."""
    value: object = None
    if isinstance(node, n.Literal):
        value = node.value
    elif isinstance(node, n.TemplateLiteral) and not node.expressions:
        value = node.quasis[0].cooked
    return value if isinstance(value, str) and value in TEXTS else None


def _is_first(statement: n.Node, container: n.Node) -> bool:
    """Whether only directives stand before it in a body that has a Directive Prologue."""
    return isinstance(container, n.Program | n.FunctionBody) and container.body[0] is statement


#: The field that holds the first operand of what may follow a string.
_FIRST_OPERAND: dict[type[n.Node], str] = {
    n.MemberExpression: "object",
    n.CallExpression: "callee",
    n.TaggedTemplateExpression: "tag",
    n.ChainExpression: "expression",
    n.BinaryExpression: "left",
    n.LogicalExpression: "left",
    n.AssignmentExpression: "left",
    n.ConditionalExpression: "test",
    n.TSAs: "expression",
}


def _first_operand(expression: n.Node) -> n.Node:
    node = expression
    while True:
        if isinstance(node, n.SequenceExpression):
            node = node.expressions[0]
        elif type(node) in _FIRST_OPERAND:
            node = getattr(node, _FIRST_OPERAND[type(node)])
        else:
            return node


def _place(container: n.Node) -> str:
    if isinstance(container, n.Program | n.FunctionBody):
        return "body"
    if isinstance(container, n.StaticBlock):
        return "static-block"
    return "namespace" if isinstance(container, n.TSModuleDeclaration) else "block"


_JUDGES: dict[type[n.Node], Callable[[Any, n.Node], Iterator[DirectiveString]]] = {
    n.Directive: _judge_directive,
    n.ExpressionStatement: _judge_statement,
}
