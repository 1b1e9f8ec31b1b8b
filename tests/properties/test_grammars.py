"""Any program of the directive grammar is classified alike by it and by the full compiler."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark, Tree

import spec
from refimpl.functions.compilation import compile_module
from refimpl.source import load
from refimpl.source.text import Source
from tests.properties.reference import budget

GRAMMAR = Lark(
    spec.read("directive.lark"), start="program", parser="earley", maybe_placeholders=False
)
STRINGS = st.sampled_from(
    [
        *("'use server'", '"use server"', "'use client'", '"use client"', "'use strict'"),
        *("'use  server'", "'use\\x20server'", "'Use server'", '""', "'use\\\nserver'"),
    ]
)


def raw_directives(body: Tree) -> set[str]:
    """The raw texts of the directives of one body, by the small grammar."""
    return {
        str(directive.children[0])[1:-1]
        for part in body.children
        if isinstance(part, Tree) and part.data == "directives"
        for directive in part.find_data("directive")
    }


def by_directive_grammar(text: str) -> tuple[str, Counter[str], int]:
    """Kind, errors, and number of server functions, as the small grammar and chapter 2 have it."""
    tree = GRAMMAR.parse(text)
    own = raw_directives(tree)
    inline = [
        body for body in tree.find_data("function_body") if "use server" in raw_directives(body)
    ]
    kind = next((word for word in ("server", "client") if f"use {word}" in own), "none")
    errors = Counter({"conflicting-directives": int({"use server", "use client"} <= own)})
    if kind == "client":
        errors["inline-in-client-module"] = len(inline)
    return kind, +errors, len(inline)


def by_the_compiler(text: str) -> tuple[str, Counter[str], int]:
    numbers = itertools.count()
    # The grammar has one name for all functions; a module may declare it once.
    text = re.sub(r"(?<=function )f", lambda _: f"f{next(numbers)}", text)
    source = Source("generated.mjs", text)
    module = compile_module(source, load(source))
    return str(module.kind), Counter(error.code for error in module.errors), len(module.inline)


@settings(budget(60), suppress_health_check=list(HealthCheck))
@given(from_lark(GRAMMAR, explicit={"STRING": STRINGS}))
def test_both_grammars_see_the_same_directives(text: str):
    assert by_directive_grammar(text) == by_the_compiler(text)
