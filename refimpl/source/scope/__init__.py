"""Which name means which binding: the scopes of a program, their bindings and their references.

Strict code only, as in every module: a function in a block is block-scoped, and there is neither
`with` nor a direct `eval` that could add a binding later.

Three passes read the result: the early errors, declaration instantiation in the evaluator, and
the captures of an inline server function (`free_references`).
"""

from refimpl.source.scope.analysis import bound_names
from refimpl.source.scope.model import (
    Binding,
    ProgramScope,
    Reference,
    Scope,
    VariableScope,
    free_references,
)
from refimpl.source.scope.visits import analyse, is_intrinsic_element

__all__ = [
    "Binding",
    "ProgramScope",
    "Reference",
    "Scope",
    "VariableScope",
    "analyse",
    "bound_names",
    "free_references",
    "is_intrinsic_element",
]
