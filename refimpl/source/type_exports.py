"""Exports that name a type and nothing else: TypeScript erases them.

`interface A {}; export default A` and `type B = …; export { B }` export no value. Whether a name is
that of a type only is known once the scopes are: it is declared as a type and bound to nothing.
"""

from __future__ import annotations

from refimpl.source import nodes


def erase_type_exports(program: nodes.Program) -> None:
    """Take the exports of types out of a program whose scopes are known. Clause: export.types."""
    types = set(_declared_types(program)) - program.scope.bindings.keys()
    if types:
        program.body = [_erased(statement, types) for statement in program.body]


def _declared_types(program: nodes.Program) -> list[str]:
    return [
        statement.name
        for statement in program.body
        if isinstance(statement, nodes.TSDeclaration) and statement.name is not None
    ]


def _erased(statement: nodes.Node, types: set[str]) -> nodes.Node:
    match statement:
        case nodes.ExportDefaultDeclaration(declaration=nodes.Identifier(name=name)) if (
            name in types
        ):
            return nodes.TSDeclaration(statement.start, statement.end, "export default")
        case nodes.ExportNamedDeclaration(declaration=None, source=None):
            statement.specifiers = [
                specifier
                for specifier in statement.specifiers
                if getattr(specifier.local, "name", None) not in types
            ]
    return statement
