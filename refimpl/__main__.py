"""`python -m refimpl`: look at the directives of real files, or run a project."""

from __future__ import annotations

import sys

from refimpl.cli import main

if __name__ == "__main__":
    sys.exit(main())
