"""Programs of the small grammar of directives, which says by itself what each of them means."""

from __future__ import annotations

import functools
import itertools
import re

from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

import spec
from conformance.fuzz.example import Example, asking
from conformance.observations import Compile

STRINGS = st.sampled_from(
    [
        *("'use server'", '"use server"', "'use client'", '"use client"', "'use strict'"),
        *("'use  server'", "'use\\x20server'", "'Use server'", '""', "'use\\\nserver'"),
    ]
)
PATH = "page.mjs"
#: What in a program's text exercises a clause.
SIGNS = {
    "(": "directive.prologue.module",
    "async function": "directive.prologue.function",
    '"use server"': "directive.quotes",
    "\\x20": "directive.escapes",
    "'use  server'": "directive.exact",
    "'Use server'": "directive.exact",
    "`": "directive.form.template",
    "('": "directive.form.parenthesized",
    '("': "directive.form.parenthesized",
    "+": "directive.form.expression",
    "{'": "directive.block",
    '{"': "directive.block",
    "'\n": "directive.termination",
    "use client": "directive.client-text",
    "use strict": "directive.use-strict",
}
#: Texts that are nearly a directive.
MISSPELT = ("'use  server'", "'Use server'", "'use\\\nserver'")


@functools.cache
def grammar() -> Lark:
    """The grammar of SPEC.md chapter 2 that stands alone."""
    text = spec.read("directive.lark")
    return Lark(text, start="program", parser="earley", maybe_placeholders=False)


@functools.cache
def texts() -> st.SearchStrategy[str]:
    """Texts of the grammar."""
    return from_lark(grammar(), explicit={"STRING": STRINGS})


def module(text: str) -> str:
    """A module: the grammar has one name for all functions, and a module may declare it once."""
    numbers = itertools.count()
    return re.sub(r"(?<=function )f", lambda _: f"f{next(numbers)}", text)


def in_grammar(text: str) -> str:
    """The text of the grammar that a module was made of."""
    return re.sub(r"(?<=function )f[0-9]+", "f", text)


def classified(text: str) -> Example:
    """A program of the grammar, to be compiled."""
    found = {clause for sign, clause in SIGNS.items() if sign in text} | {"directive.text"}
    if any(each in text for each in MISSPELT):
        found |= {"directive.misspelt"}
    return Example(frozenset(found), asking(Compile({}, None)), {PATH: module(text)})


def directives() -> st.SearchStrategy[Example]:
    """Programs of the small grammar."""
    return texts().map(classified)
