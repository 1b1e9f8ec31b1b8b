"""The pytest plugin: options, and the runner once an implementation is named.

The rule of this module: it is loaded into every pytest run on the machine, so it imports nothing of
the suite until `--impl` asks for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = Path(__file__).parent
NAME = "use-server-runner"
USAGE = (
    "name the implementation to test, as in --impl=refimpl, --impl=vite-rsc, "
    '--impl="cmd:node adapter.mjs" or --impl=my_python_module '
    "(python -m conformance init node my-adapter/ writes an adapter to start from)"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the suite."""
    group = parser.getgroup("conformance", "the conformance suite of 'use server'")
    group.addoption(
        "--impl",
        action="append",
        default=[],
        metavar="X",
        help="what to test: refimpl, a catalogue name such as vite-rsc or next@16.4.6, "
        "cmd:COMMAND, or a Python module; several make a matrix",
    )
    for name, what in (
        ("--case", "cases with this id"),
        ("--clause", "cases whose clause begins with PREFIX (whole parts of it)"),
        ("--class", "cases of clauses of this conformance class"),
        ("--level", "cases of clauses of this level: must, should or may"),
    ):
        group.addoption(
            name,
            action="append",
            default=[],
            dest=f"conformance_{name[2:]}",
            metavar=name[2:].upper() if name != "--clause" else "PREFIX",
            help=f"only {what}; several are alternatives",
        )
    group.addoption("--corpus", type=Path, metavar="DIR", help="another corpus than the one inside")
    group.addoption(
        "--specification", type=Path, metavar="FILE", help="another SPEC.md than the one inside"
    )
    group.addoption(
        "--case-timeout",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="how long one answer may take (default: %(default)s)",
    )
    group.addoption(
        "--start-timeout",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long an adapter may take to introduce itself (default: %(default)s)",
    )
    group.addoption(
        "--protocol-check",
        action="store_true",
        help="hold every reply against the published schema as well",
    )
    group.addoption(
        "--known-failures",
        type=Path,
        metavar="FILE",
        help="what the one implementation under test is known to get wrong",
    )
    group.addoption(
        "--update-known-failures",
        action="store_true",
        help="rewrite the lists of known failures after a complete run; reasons are kept",
    )
    group.addoption(
        "--rerun-command",
        metavar="TEXT",
        help="the command that failure output proposes, up to --impl (default: the one given)",
    )
    group.addoption(
        "--report", type=Path, metavar="FILE", help="write all verdicts to FILE as JSON"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the runner, or say in one line what is missing."""
    if config.getoption("help", default=False) or config.getoption("version", default=0):
        return
    if config.getoption("impl"):
        from conformance.runner import Runner  # noqa: PLC0415  (see the rule above)

        config.pluginmanager.register(Runner.of(config), NAME)
    elif asked_for_suite(config.args, config.invocation_params.dir):
        raise pytest.UsageError(USAGE)


def asked_for_suite(arguments: Iterable[str], here: Path) -> bool:
    """Whether the command line names a place inside this package."""
    places = ((here / argument.partition("::")[0]).resolve() for argument in arguments)
    return any(place.is_relative_to(PACKAGE) for place in places)
