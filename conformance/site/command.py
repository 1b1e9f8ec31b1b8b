"""The command `report`: results files in, a static site out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.problems import Place, Problem, Refused, plural

if TYPE_CHECKING:
    import argparse

#: Where the grid of clients and servers is, beside the results it belongs to.
INTEROP = "interop-grid.json"


def add_to(command: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    command.add_argument("results", nargs="+", type=Path, metavar="RESULTS.json")
    command.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    command.add_argument("--interop", type=Path, metavar="FILE", help="the interop grid")
    text = "accept partial results and those of another corpus, and mark them on every page"
    command.add_argument("--allow-partial", action="store_true", help=text)
    command.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the site."""
    try:
        from conformance.site import pages, survey  # noqa: PLC0415  (needs the extra `report`)
    except ModuleNotFoundError as missing:
        message = f"the report needs {missing.name}, which is not installed"
        fix = "pip install 'use-server-conformance[report]'"
        raise Refused(Problem("report.missing-package", message, Place("report"), fix)) from None
    paths = [path for path in options.results if path.name != INTEROP]
    grid = options.interop or next((p for p in options.results if p.name == INTEROP), None)
    found = survey.survey(paths, allow_partial=options.allow_partial)
    count = pages.Site(found, options.output, pages.read_interop(grid)).write()
    print(f"{plural(count, 'page')} in {options.output}: open {options.output / 'index.html'}")  # noqa: T201  (a command line prints)
    return 0
