"""`python -m conformance fuzz`: its options, what it prints, and how it exits.

Exit status 0: nothing that is not known. 1: there are disagreements that nobody has explained.
2: the campaign could not be begun, or an adapter did not start.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.fuzz import folder, replaying
from conformance.fuzz.campaign import Budget, Campaign, Totals
from conformance.fuzz.executors import executor
from conformance.fuzz.plan import Plan
from conformance.fuzz.targets import TARGETS
from conformance.implementation import REFERENCE, UnknownImplementation, find
from conformance.problems import Place, Problem, Refused, plural
from conformance.transports import AdapterFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.fuzz.finding import Finding

DURATION = re.compile(r"(?P<count>[0-9]+(?:\.[0-9]+)?)(?P<unit>[smh]?)")
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}
EXAMPLES = 1000


def main(words: Sequence[str]) -> int:
    """Do what the command line says."""
    return run(_parser().parse_args(words))


def _parser() -> argparse.ArgumentParser:
    """The options of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m conformance fuzz",
        description="Generated examples, put to an implementation and to a second opinion.",
    )
    add = parser.add_argument
    add("--impl", required=True, metavar="X", help="what to test, as for run")
    add("--against", default=REFERENCE, metavar="Y", help="the second opinion (%(default)s)")
    add("--target", choices=sorted(TARGETS), default="programs", help="what to generate")
    add("--seed", type=int, default=0, metavar="N", help="what the examples are drawn from")
    add("--examples", type=int, metavar="N", help=f"how many ({EXAMPLES} without --for)")
    add("--for", type=duration, dest="seconds", metavar="10m", help="how long: 90s, 10m, 1h")
    add("--patience", type=duration, metavar="10s", help="for one answer")
    add("--jobs", type=int, default=1, metavar="N", help="in so many processes")
    add("--dask", metavar="tcp://…", help="on a Dask cluster")
    add("--database", metavar="WHERE", help="where examples are kept: a folder, or redis://…")
    add("--replay", type=Path, metavar="FILE", help="put the cases of a file to X, and no more")
    add("-o", "--output", type=Path, metavar="DIR", help="what was found, and how to go on")
    return parser


def duration(text: str) -> float:
    """Seconds."""
    found = DURATION.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration such as 90s, 10m or 1h")
    return float(found["count"]) * SECONDS[found["unit"]]


def run(options: argparse.Namespace) -> int:
    """Fuzz, or replay what was found."""
    _check(options.impl, options.against)
    if options.replay:
        return _tell(replaying.lines(options.replay, options.impl))
    name = f"{options.target}-{re.sub('[^A-Za-z0-9.@-]+', '-', options.impl)}"
    where = options.output or Path(".fuzz") / name
    database = options.database or str(where / folder.EXAMPLES)
    plan = Plan(
        options.target,
        options.impl,
        options.against,
        options.seed,
        database,
        patience=options.patience,
    )
    totals = folder.load(where, plan)
    done, width = executor(options.jobs, options.dask)

    def report(totals: Totals, new: list[Finding]) -> None:
        folder.save(where, plan, totals)
        for finding in new:
            _print(shown(finding))
        _progress(totals)

    count = options.examples or (None if options.seconds else EXAMPLES)
    with done:
        try:
            campaign = Campaign(plan, done, width, totals, report)
            campaign.run(Budget(count, options.seconds))
        except KeyboardInterrupt:
            _print("interrupted; the same command goes on from here")
        except AdapterFailure as failure:
            sides = Place(f"{options.impl} against {options.against}")
            problem = Problem("fuzz.does-not-start", failure.message, sides, failure.fix)
            raise Refused(problem) from None
    folder.save(where, plan, totals)
    for line in summary(totals, where):
        _print(line)
    return 1 if totals.news else 0


def _check(*names: str) -> None:
    """Refuse what cannot be asked before anything is generated."""
    for name in names:
        try:
            problem = find(name).problem
        except UnknownImplementation as unknown:
            raise Refused(Problem("fuzz.unknown", str(unknown), Place(name))) from None
        if problem:
            raise Refused(Problem("fuzz.not-here", problem, Place(name)))


def shown(finding: Finding) -> str:
    """A finding as it is printed when it is found."""
    seed, batch, number = finding.drawn
    where = f"seed {seed}, batch {batch}, example {number}"
    if finding.reason is not None:
        return f"\nknown: {finding.signature}\n  {finding.reason}"
    if finding.text is None:
        advice = "withheld: it may concern a released implementation. Tell its vendor privately."
        return f"\n{finding.signature} ({where})\n  {advice}"
    return f"\n{finding.text}# {where}"


def _progress(totals: Totals) -> None:
    rate = totals.examples / totals.seconds if totals.seconds else 0
    line = f"{totals.examples} examples, {rate:.0f}/s, {plural(len(totals.news), 'disagreement')}"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()


def summary(totals: Totals, where: Path) -> Iterator[str]:
    """What the campaign has come to."""
    yield f"\n{plural(totals.examples, 'example')} in {totals.seconds:.1f} s"
    yield "  " + ", ".join(f"{count} {kind}" for kind, count in totals.verdicts.most_common())
    yield f"  clauses exercised: {len(totals.clauses)}; least often:"
    for clause, count in totals.clauses.most_common()[:-9:-1]:
        yield f"    {count:6} {clause}"
    explained = len(totals.findings) - len(totals.news)
    yield f"  known disagreements: {explained}, met again: {totals.again.total()}"
    yield f"  unexplained disagreements: {len(totals.news)} (in {where / folder.NEWS})"


def _tell(lines: Iterator[tuple[bool, str]]) -> int:
    bad = 0
    for is_bad, line in lines:
        bad += is_bad
        _print(line)
    return 1 if bad else 0


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201  (a command line prints)
