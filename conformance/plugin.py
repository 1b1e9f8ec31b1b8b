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

    from conformance.runner import Runner

PACKAGE = Path(__file__).parent
NAME = "use-server-runner"
USAGE = (
    "name the implementation to test, as in --impl=refimpl, --impl=vite-rsc, "
    '--impl="cmd:node adapter.mjs" or --impl=my_python_module '
    "(python -m conformance init node my-adapter/ writes an adapter to start from)"
)

SELECTIONS = (
    ("case", "ID", "cases with this id"),
    ("clause", "PREFIX", "cases whose clause begins with PREFIX (whole parts of it)"),
    ("class", "CLASS", "cases of clauses of this conformance class"),
    ("level", "LEVEL", "cases of clauses of this level: must, should or may"),
)
LIMITS = (
    ("case-timeout", 10.0, "how long one answer may take"),
    ("start-timeout", 60.0, "how long an adapter may take to introduce itself"),
)
PATHS = (
    ("corpus", "DIR", "another corpus than the one inside"),
    ("specification", "FILE", "another SPEC.md than the one inside"),
    ("known-failures", "FILE", "what the one implementation under test is known to get wrong"),
    ("report", "FILE", "write all verdicts to FILE as JSON"),
)
SWITCHES = (
    ("protocol-check", "hold every reply against the published schema as well"),
    (
        "update-known-failures",
        "rewrite the lists of known failures after a complete run; reasons are kept",
    ),
    ("no-color", "no colours; the environment variable NO_COLOR does the same"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the suite."""
    group = parser.getgroup("conformance", "the conformance suite of 'use server'")
    add = group.addoption
    add(
        "--impl",
        action="append",
        default=[],
        metavar="X",
        help="what to test: refimpl, a catalogue name such as vite-rsc or next@16.4.6, "
        "cmd:COMMAND, or a Python module; several make a matrix",
    )
    for name, metavar, what in SELECTIONS:
        destination = f"conformance_{name}"
        text = f"only {what}; several are alternatives"
        add(f"--{name}", action="append", default=[], dest=destination, metavar=metavar, help=text)
    for name, default, what in LIMITS:
        text = f"{what} (default: %(default)s)"
        add(f"--{name}", type=float, default=default, metavar="SECONDS", help=text)
    for name, metavar, what in PATHS:
        add(f"--{name}", type=Path, metavar=metavar, help=what)
    for name, what in SWITCHES:
        add(f"--{name}", action="store_true", help=what)
    text = "the command that failure output proposes, up to --impl (default: the one given)"
    add("--rerun-command", metavar="TEXT", help=text)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Understand `--no-color`, before anything is written."""
    if config.option.no_color:
        config.option.color = "no"


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make the runner, or say in one line what is missing."""
    if config.getoption("help", default=False) or config.getoption("version", default=0):
        return
    if config.getoption("impl"):
        from conformance.runner import Runner  # noqa: PLC0415  (see the rule above)

        runner = Runner.of(config)
        config.pluginmanager.register(runner, NAME)
        _dress(config, runner)
    elif asked_for_suite(config.args, config.invocation_params.dir):
        raise pytest.UsageError(USAGE)


def _dress(config: pytest.Config, runner: Runner) -> None:
    """Make what people see at their terminals; a worker of pytest-xdist has none."""
    from conformance import progress, terminal  # noqa: PLC0415  (see the rule above)

    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    config.pluginmanager.register(terminal.Ending(runner))
    if progress.is_watched(config):
        reporter.showfspath = False
        config.pluginmanager.register(progress.Progress(config))


def asked_for_suite(arguments: Iterable[str], here: Path) -> bool:
    """Whether the command line names a place inside this package."""
    places = ((here / argument.partition("::")[0]).resolve() for argument in arguments)
    return any(place.is_relative_to(PACKAGE) for place in places)
