"""spec/directive.lark stands alone, and the whole grammar agrees with it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark, Tree

import spec
from refimpl.source import nodes
from refimpl.source.parser import parse
from refimpl.source.text import Source

GRAMMAR = Lark(
    spec.read("directive.lark"), start="program", parser="earley", maybe_placeholders=False
)

STRINGS = st.sampled_from(
    ["'use server'", '"use server"', "'use strict'", "'use  server'", "'use\\x20server'", '""']
)


def by_directive_grammar(text: str) -> list[list[str]]:
    """The prologues of the program and its functions, in source order."""
    tree = GRAMMAR.parse(text)
    bodies = [tree, *tree.find_data("function_body")]
    return sorted(
        [
            str(directive.children[0])
            for part in body.children
            if isinstance(part, Tree) and part.data == "directives"
            for directive in part.find_data("directive")
        ]
        for body in bodies
    )


def by_whole_grammar(text: str) -> list[list[str]]:
    program = parse(Source("generated.mjs", text))
    bodies = [
        node for node in program.walk() if isinstance(node, nodes.Program | nodes.FunctionBody)
    ]
    return sorted(
        [
            text[directive.start : directive.start + len(directive.raw) + 2]
            for directive in body.directives
        ]
        for body in bodies
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(from_lark(GRAMMAR, explicit={"STRING": STRINGS}))
def test_every_prologue_of_the_directive_grammar_is_one_of_the_whole_grammar(text: str):
    assert by_whole_grammar(text) == by_directive_grammar(text)


def test_every_clause_that_the_grammar_names_is_in_the_specification():
    named = set(re.findall(r"// clause: ([a-z.-]+)", spec.read("directive.lark")))

    assert named
    assert named <= set(re.findall(r"^> \*\*`([a-z.-]+)`\*\*", spec.read("SPEC.md"), re.MULTILINE))
