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
    text = f"results of runs, and {INTEROP}, which `interop` writes"
    command.add_argument("results", nargs="+", type=Path, metavar="RESULTS.json", help=text)
    command.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    text = "accept partial results and those of another corpus, and mark them on every page"
    command.add_argument("--allow-partial", action="store_true", help=text)
    command.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the site."""
    try:
        from conformance.site import grid, pages, survey  # noqa: PLC0415  (needs the extra `report`)
    except ModuleNotFoundError as missing:
        message = f"the report needs {missing.name}, which is not installed"
        fix = "pip install 'use-server-conformance[report]'"
        raise Refused(Problem("report.missing-package", message, Place("report"), fix)) from None
    found = survey.survey(
        [path for path in options.results if path.name != INTEROP],
        allow_partial=options.allow_partial,
    )
    places = [path for path in options.results if path.name == INTEROP]
    interop = (
        grid.read(places[0], found.root, allow_partial=options.allow_partial) if places else None
    )
    count = pages.Site(found, options.output, interop).write()
    print(f"{plural(count, 'page')} in {options.output}: open {options.output / 'index.html'}")  # noqa: T201  (a command line prints)
    return 0
