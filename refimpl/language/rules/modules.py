"""Evaluation of module items (ECMA-262 §16.2.2, §16.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.rules.base import evaluates, named_evaluation
from refimpl.language.rules.classes import class_definition
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from refimpl.language.environment import Environment


@evaluates(n.ImportDeclaration, n.ExportAllDeclaration)
def nothing_to_evaluate(node: n.Node, env: Environment) -> None:
    """Linking did all there is to do."""


@evaluates(n.ExportNamedDeclaration)
def export_named_declaration(node: n.ExportNamedDeclaration, env: Environment) -> None:
    """§16.2.3.7: evaluate what is declared."""
    if node.declaration is not None:
        node.declaration.evaluate(env)


@evaluates(n.ExportDefaultDeclaration)
def export_default_declaration(node: n.ExportDefaultDeclaration, env: Environment) -> None:
    """§16.2.3.7: what has no name of its own is called "default" and bound to `*default*`."""
    declaration = node.declaration
    if isinstance(declaration, n.ClassDeclaration) and declaration.id is None:
        env.initialize_binding("*default*", class_definition(declaration, env, "default"))
    elif isinstance(declaration, (n.FunctionDeclaration, n.ClassDeclaration, n.TSDeclaration)):
        declaration.evaluate(env)
    else:
        env.initialize_binding("*default*", named_evaluation(declaration, env, "default"))
