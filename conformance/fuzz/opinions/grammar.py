"""The small grammar of directives, as an implementation: it compiles programs of its own language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lark import Token, Tree
from lark.exceptions import LarkError

from conformance.adapters import Inability, Refusal, from_class
from conformance.fuzz.generators.directives import PATH, grammar, in_grammar

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER, CLIENT = "use server", "use client"


class SmallGrammar:
    """Kinds, refusals and inline functions, as chapter 2 has them; it knows nothing of captures."""

    name = "directive.lark"
    version = "1"
    #: In its programs there is nothing to capture.
    capabilities = ("compile", "compile.captures")
    #: It says nothing of what has no effect.
    choices = {"misplaced-directive": "inert"}  # noqa: RUF012  (a constant of the class)

    def compile(self, files: Mapping[str, str]) -> dict[str, Any]:
        """What the grammar says of the one module."""
        try:
            (text,) = (files[path] for path in files if path == PATH)
            tree = grammar().parse(in_grammar(text))
        except (LarkError, ValueError):
            raise Inability("only programs of the small grammar are understood") from None
        own = directives(tree)
        names = [f"f{n}" for n, body in enumerate(bodies(tree)) if SERVER in directives(body)]
        if {SERVER, CLIENT} <= own:
            raise Refusal("compile", "conflicting-directives")
        if CLIENT in own and names:
            raise Refusal("compile", "inline-in-client-module")
        kind = "server" if SERVER in own else "client" if CLIENT in own else "none"
        functions = [{"where": "inline", "name": name, "captures": []} for name in names]
        return {PATH: {"kind": kind, "functions": functions, "diagnostics": []}}


def bodies(tree: Tree[Token]) -> list[Tree[Token]]:
    """The function bodies, in the order of the text."""
    whole: Any = tree  # Lark has no type for this walk
    return [each for each in whole.iter_subtrees_topdown() if each.data == "function_body"]


def directives(body: Tree[Token]) -> set[str]:
    """The raw texts of the directives of one body."""
    return {
        str(directive.children[0])[1:-1]
        for part in body.children
        if isinstance(part, Tree) and part.data == "directives"
        for directive in part.find_data("directive")
    }


conformance_adapter = from_class(SmallGrammar)
