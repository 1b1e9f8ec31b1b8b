"""The command line of the suite: `python -m conformance COMMAND`.

Rules of this module:

* A command is a function here and its work is elsewhere.
* Exit status 0: all is well. 1: something is wrong with what was looked at. 2: it could not be
  looked at. `run` ends with pytest's own.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import spec
from conformance import (
    bundle,
    corpus,
    coverage,
    examples,
    findings,
    gate,
    interop,
    lint,
    matrix,
    presentation,
    scaffold,
)
from conformance.implementations import catalogue
from conformance.problems import Refused, plural
from conformance.site import command as report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.problems import Problem

CHECKOUT = Path(__file__).parent.parent
SCHEMAS = {"case": "case.schema.json", "protocol": "protocol.schema.json"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["run"]:
        return run(words[1:])
    try:
        if words[:1] == ["fuzz"]:
            return run_fuzz(words[1:])
        options = _parser().parse_args(words)
        status: int = options.command(options)
    except Refused as refused:
        print(refused.problem, file=sys.stderr)  # noqa: T201  (a command line prints)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m conformance", description="The conformance suite of 'use server'."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("run", help="run the corpus; takes the options of pytest and its own")
    commands.add_parser("fuzz", help="look for disagreements by generated examples")
    for name, function, what in (
        ("lint", run_lint, "check the corpus, SPEC.md and the lists of known failures"),
        ("gate", run_gate, "check that every clause has its cases and its code"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("--corpus", type=Path, default=corpus.ROOT, metavar="DIR")
        command.set_defaults(command=function)
    command = commands.add_parser("spec", help="the generated parts of SPEC.md")
    how = command.add_mutually_exclusive_group(required=True)
    how.add_argument("--check", action="store_true", help="say which differ")
    how.add_argument("--write", action="store_true", help="write them")
    command.set_defaults(command=run_spec)
    command = commands.add_parser("schema", help="print a JSON Schema")
    command.add_argument("name", choices=sorted(SCHEMAS))
    command.set_defaults(command=run_schema)
    command = commands.add_parser("bundle", help="print the corpus as one JSON document")
    command.add_argument("--corpus", type=Path, default=corpus.ROOT, metavar="DIR")
    command.set_defaults(command=run_bundle)
    command = commands.add_parser("findings", help="what real implementations get wrong, as a page")
    how = command.add_mutually_exclusive_group(required=True)
    how.add_argument("--check", action="store_true", help="say whether FINDINGS.md is current")
    how.add_argument("--write", action="store_true", help="write it")
    command.set_defaults(command=run_findings)
    report.add_to(commands.add_parser("report", help="make a site from results files"))
    command = commands.add_parser("matrix", help="run everything in the catalogue, and the grid")
    command.add_argument("names", nargs="*", metavar="NAME", help="these only, and no grid")
    command.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    command.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    command.add_argument("--opt-in", action="store_true", help="opt-in versions as well")
    command.set_defaults(command=run_matrix)
    command = commands.add_parser("implementations", help="list the real implementations")
    command.set_defaults(command=run_implementations)
    command = commands.add_parser(
        "interop", help="let clients of one speak with servers of another"
    )
    command.add_argument("names", nargs="*", metavar="NAME", help="these only, and the reference")
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    command.set_defaults(command=run_interop)
    command = commands.add_parser("mutants", help="break the reference and see which cases notice")
    command.add_argument("names", nargs="*", metavar="NAME", help="these only")
    extent = command.add_mutually_exclusive_group()
    text = "only the cases of the clause that a mutant violates, up to the first that catches it"
    extent.add_argument("--own-clause", action="store_true", help=text)
    text = "up to the second case that catches a mutant; then those that have not caught any"
    extent.add_argument("--spine", action="store_true", help=text)
    command.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    command.add_argument("--report", type=Path, metavar="FILE", help="write what was found as JSON")
    command.set_defaults(command=run_mutants)
    command = commands.add_parser(
        "coverage", help="which clauses have cases and mutants, as a page"
    )
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there")
    command.set_defaults(command=run_coverage)
    command = commands.add_parser("init", help="write an adapter to start from")
    command.add_argument("language", choices=scaffold.LANGUAGES)
    command.add_argument("folder", type=Path, metavar="DIR")
    command.set_defaults(command=run_init)
    return parser


def run(words: list[str]) -> int:
    """Run the corpus from anywhere, unimpressed by the pytest configuration that is found there."""
    own = ["-c", os.devnull, f"--rootdir={Path.cwd()}", "-p", "no:cacheprovider"]
    # This package is a plugin, and imported by now: pytest cannot rewrite its assertions.
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    command = "--rerun-command=python -m conformance run"
    return int(pytest.main([*own, *quiet, "--import-mode=importlib", command, *words]))


def run_fuzz(words: list[str]) -> int:
    """Fuzz. What generates is imported here: it takes longer to load than other commands to run."""
    from conformance.fuzz import command  # noqa: PLC0415  (see above)

    return command.main(words)


def run_lint(options: argparse.Namespace) -> int:
    """Print what is wrong with the texts of the suite."""
    subject = lint.Subject.of(options.corpus)
    return _print_problems(lint.problems(subject), _counted(subject))


def run_gate(options: argparse.Namespace) -> int:
    """Print what the two-way gate does not let through."""
    subject = lint.Subject.of(options.corpus)
    cases = [case for _, case in subject.cases]
    found = gate.problems(subject.specification, cases, gate.code_of(CHECKOUT), CHECKOUT)
    return _print_problems(found, _counted(subject))


def _counted(subject: lint.Subject) -> str:
    cases = sum(len(file.cases) for file in subject.files)
    clauses = len(subject.specification.clauses)
    return f"{plural(cases, 'case')}, {plural(clauses, 'clause')}"


def _print_problems(problems: Iterable[Problem], counted: str) -> int:
    found = list(problems)
    for problem in found:
        print(problem)  # noqa: T201  (a command line prints)
    print(f"{counted}: {plural(len(found), 'problem')}")  # noqa: T201  (likewise)
    return 1 if found else 0


def run_spec(options: argparse.Namespace) -> int:
    """Compare or write the generated parts of SPEC.md."""
    path = spec.path("SPEC.md")
    subject = lint.Subject.of(corpus.ROOT)
    cases = {case.id: case for _, case in subject.cases}
    if options.write:
        text = path.read_text(encoding="utf-8")
        path.write_text(examples.regenerated(text, cases, subject.choices), encoding="utf-8")
    found = examples.problems(path, cases, subject.choices)
    return _print_problems(found, _counted(subject))


def run_findings(options: argparse.Namespace) -> int:
    """Compare or write FINDINGS.md."""
    if options.write:
        findings.PATH.write_bytes(presentation.encoded(findings.text()))
    return _print_problems(findings.problems(), findings.PATH.name)


def run_schema(options: argparse.Namespace) -> int:
    """Print a schema."""
    print(spec.read(SCHEMAS[options.name]), end="")  # noqa: T201  (a command line prints)
    return 0


def run_bundle(options: argparse.Namespace) -> int:
    """Print the corpus; a case with a problem is none of it."""
    subject = lint.Subject.of(options.corpus)
    print(json.dumps(bundle.bundle(subject.root, subject.files)))  # noqa: T201  (likewise)
    return 0


def run_matrix(options: argparse.Namespace) -> int:
    """Write sealed results of many implementations."""
    began = time.monotonic()
    runs = []
    wanted = options.names or matrix.names(opt_in=options.opt_in)
    for run in matrix.run(wanted, options.output, options.jobs):
        print(run.told, flush=True)  # noqa: T201  (a command line prints)
        runs.append(run)
    if not options.names:
        runs.append(matrix.run_grid(options.output))
        print(runs[-1].told)  # noqa: T201  (likewise)
    print(matrix.summary(runs, time.monotonic() - began))  # noqa: T201  (likewise)
    return 1 if any(run.status for run in runs) else 0


def run_implementations(_options: argparse.Namespace) -> int:
    """Print the catalogue: names, versions, what can be asked and what is installed, or why not."""
    for manifest in catalogue.manifests():
        shown = manifest.why_not or ", ".join(manifest.capabilities)
        print(f"{manifest.name}  {' '.join(manifest.versions)}")  # noqa: T201  (likewise)
        print(f"  {manifest.title}\n  {shown}")  # noqa: T201  (likewise)
        if manifest.versions:
            there = " ".join(catalogue.installed(manifest)) or "nothing yet"
            print(f"  installed: {there}")  # noqa: T201  (likewise)
        for version, reason in manifest.opt_in.items():
            print(f"  {version} only when asked for: {reason}")  # noqa: T201  (likewise)
    return 0


def run_mutants(options: argparse.Namespace) -> int:
    """Examine mutants."""
    from conformance.mutants import campaign, command  # noqa: PLC0415  (only here is the reference needed)

    extent = campaign.Extent.ALL
    if options.own_clause:
        extent = campaign.Extent.OWN_CLAUSE
    elif options.spine:
        extent = campaign.Extent.SPINE
    return command.run(options.names, extent, jobs=options.jobs, report=options.report)


def run_interop(options: argparse.Namespace) -> int:
    """Write the grid of interoperability."""
    names = [interop.REFERENCE, *options.names] if options.names else interop.parties()
    made = interop.grid([*dict.fromkeys(names)], corpus.ROOT)
    options.output.write_text(interop.text(made), encoding="utf-8")
    print(f"{plural(len(made['pairs']), 'pair')} in {options.output}")  # noqa: T201  (a command line prints)
    return 0


def run_coverage(options: argparse.Namespace) -> int:
    """Print or write what holds each clause fast."""
    from conformance.mutants import MUTANTS  # noqa: PLC0415  (only here are the mutants needed)

    found = coverage.rows(lint.Subject.of(corpus.ROOT), MUTANTS.values())
    text = coverage.page(found, coverage.reasons(found))
    if options.output is None:
        print(text, end="")  # noqa: T201  (a command line prints)
    else:
        options.output.write_text(text, encoding="utf-8")
    return 0


def run_init(options: argparse.Namespace) -> int:
    """Write an adapter to start from and say how to run it."""
    command = scaffold.write(options.language, options.folder)
    print(f"{options.folder} is ready. Now:\n  {shlex.join(command)}")  # noqa: T201  (likewise)
    return 0


if __name__ == "__main__":
    sys.exit(main())
