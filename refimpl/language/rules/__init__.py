"""Evaluation (ECMA-262 §13 to §16): one function per production, attached to its node class.

Importing this package attaches the rules.
"""

from refimpl.language.rules import (  # noqa: F401 - imported to attach the rules
    classes,
    expressions,
    functions,
    iteration,
    jsx,
    literals,
    modules,
    operators,
    patterns,
    references,
    statements,
    suspending,
    typescript,
)
