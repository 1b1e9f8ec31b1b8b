"""Making an example smaller by what it says, after Hypothesis has made it smaller by how it was drawn.

A program loses statements, parts and words; a message loses rows, parts and values. What a generator
always writes around the one thing that matters is out of Hypothesis's reach, and goes here.
"""

from conformance.fuzz.reduction.examples import reduced

__all__ = ["reduced"]
