"""The command line: check, explain, run, serve.

Exit codes: 0 nothing to report · 1 something to report · 2 the command itself could not be carried
out (wrong usage, or an argument that cannot be read).
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from refimpl import __version__
from refimpl.cli import check, explain, run, serve

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (check, explain, run, serve)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m refimpl", description="The reference implementation of 'use server'."
    )
    parser.add_argument("--version", action="version", version=f"refimpl {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2]
        summary = (command.__doc__ or "").partition("\n")[0]
        subparser = commands.add_parser(name, help=summary, description=command.__doc__)
        command.add_arguments(subparser)
        subparser.set_defaults(carry_out=command.carry_out)
    options = parser.parse_args(arguments)
    result: int = options.carry_out(options)
    return result
