"""Server-function programs about which everything is known when they are made.

Rules of this package:

* A program is assembled from parts. Each part is a text and what it does: a Python function over
  an environment, keyed by binding, not by name. What a program must give is found by running
  those functions; no implementation is ever asked.
* Bindings are numbered; names are given to them when the program is written, so that the same
  program can be written with much shadowing or with none (`Program.files`).
* Every binding of a scope is known when the scope opens. One that is initialized later hides the
  outer bindings of its name from the beginning, and is used only afterwards.
* A feature is the clause that a part of the program exercises, with `:` and a detail behind it
  where one clause has many faces.
"""

from conformance.fuzz.generators.programs.program import Program, programs
from conformance.fuzz.generators.programs.size import SMALL, Size
from conformance.fuzz.generators.programs.writing import Writing, decorated

__all__ = ["SMALL", "Program", "Size", "Writing", "decorated", "programs"]
