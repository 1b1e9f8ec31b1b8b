"""Implementations that are the reference with exactly one defect, by which the suite is measured.

A mutant is a decorated function that changes the reference through a `Patch`; the modules here are
named after the chapters whose clauses their mutants violate. Whoever adds a clause adds a mutant.
"""

from conformance.mutants import (
    calls,
    directive,
    forms,
    functions,
    modules,
    references,
    security,
    values,
    wire,
)
from conformance.mutants.mutant import MUTANTS, Mutant, mutant
from conformance.mutants.patching import Patch

__all__ = [
    "MUTANTS",
    "Mutant",
    "Patch",
    "calls",
    "directive",
    "forms",
    "functions",
    "modules",
    "mutant",
    "references",
    "security",
    "values",
    "wire",
]
