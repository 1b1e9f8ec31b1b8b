"""How much of the reference the corpus holds fast: general mutation, sampled.

    python tests/strength/general_mutants.py --sample 200 --seed 1 [--package values …] [--tests]

For each sampled change of a function's syntax tree the points that execute the changed statement
are asked, the likeliest to notice first, until one does: those of the function's own clauses, then
of its module's. With `--tests` what the corpus does not notice is shown to the unit tests of the
package as well. Each mutant lives in a fork. What is explained is not asked at all.
"""

from __future__ import annotations

# ruff: noqa: T201 - a measuring script prints
import argparse
import json
import multiprocessing
import random
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from operators import Site, changed, sites
from subjects import functions

from conformance import corpus, lint
from conformance.gate import PYTHON_NAMES
from conformance.mutants.campaign import Campaign
from conformance.mutants.patching import compiled, tree_of
from conformance.mutants.reach import executed_by
from conformance.problems import Refused
from conformance.specification import SLUG
from refimpl.source import regexp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FunctionType

    from conformance.mutants.campaign import Point

ROOT = Path(__file__).parents[2]
PACKAGES = ["source", "modules", "functions", "references", "values", "calls", "wire", "forms"]
#: What runs once in a process, before any change can live in it.
ONCE = (
    "refimpl.source.grammar:",
    "refimpl.source.tables:",
    "refimpl.source.build:program",
    "refimpl.source.build:ts_declaration",
    "refimpl.source.early_errors.walk:rule",
    "refimpl.source.nodes:node",
    "refimpl.source.regexp:_parser",
    "refimpl.source.regexp:_properties",
    "refimpl.source.scope.analysis:visits",
)
#: Changes that nobody can notice, or nobody should, as patterns with the reason.
EXPLAINED = Path(__file__).with_name("explained.yaml")
#: Seconds until a change that gives no answer is said to hang, which is noticed.
PATIENCE = 900.0
#: The fate of a change that is no Python, or needs names that are not there.
STILLBORN = "stillborn"


@dataclass(frozen=True)
class Change:
    """One change of one function, and the points that reach it."""

    package: str
    name: str
    function: FunctionType
    site: Site
    points: list[Point]

    @property
    def key(self) -> str:
        """What it is called where it is explained: it has no line, which would move."""
        return f"{self.name.removeprefix('refimpl.')}: {self.site.what}"

    @property
    def place(self) -> str:
        """Where it is, for an editor."""
        path = Path(self.function.__code__.co_filename)
        return f"{path.relative_to(ROOT)}:{self.site.statement}"

    @property
    def clauses(self) -> list[str]:
        """The clauses that the function says it implements."""
        return clauses(self.function.__doc__ or "")

    @property
    def nearby(self) -> frozenset[str]:
        """The clauses that its module names; if it names none, those that its folder names."""
        path = Path(self.function.__code__.co_filename)
        return clauses_in(path) or frozenset().union(*map(clauses_in, path.parent.glob("*.py")))


def clauses(text: str) -> list[str]:
    """The clauses that a text in Python names."""
    found = PYTHON_NAMES.finditer(text)
    return [slug for match in found for slug in re.findall(SLUG, match["slugs"])]


@cache
def clauses_in(path: Path) -> frozenset[str]:
    """The clauses that a file in Python names."""
    return frozenset(clauses(path.read_text(encoding="utf-8")))


def executing(
    campaign: Campaign, subjects: Iterable[FunctionType]
) -> dict[tuple[str, int], list[Point]]:
    """The points by the statements they execute."""
    by_statement: defaultdict[tuple[str, int], list[Point]] = defaultdict(list)
    for point, statements in executed_by(campaign, subjects).items():
        for statement in statements:
            by_statement[statement].append(point)
    return by_statement


def changes(
    packages: list[str], by_statement: dict[tuple[str, int], list[Point]], subjects: Any
) -> list[Change]:
    """Every change of every function of some packages."""
    found = []
    for package in packages:
        for name, function in subjects[package].items():
            if name.startswith(ONCE):
                continue
            try:
                tree = tree_of(function)
            except Refused:
                continue
            file = function.__code__.co_filename
            for site in sites(tree):
                points = by_statement.get((file, site.statement), [])
                found.append(Change(package, name, function, site, points))
    return found


def ranked(by_statement: dict[tuple[str, int], list[Point]]) -> dict[str, int]:
    """A rank for each point: each brings the most statements that those before it have not.

    When every statement has been seen, it begins again: what all points reach (a constructor, say)
    shows its change in what only few of them do with it.
    """
    left: dict[str, int] = defaultdict(int)  # the statements of each point, as bits
    for bit, points in enumerate(by_statement.values()):
        for point in points:
            left[point.name] |= 1 << bit
    rank: dict[str, int] = {}
    unseen = 0
    while left:
        best = max(left, key=lambda name: (left[name] & unseen).bit_count())
        if not left[best] & unseen:
            unseen = (1 << len(by_statement)) - 1
            continue
        unseen &= ~left.pop(best)
        rank[best] = len(rank)
    return rank


def ordered(change: Change, rank: dict[str, int], weight: Counter[str]) -> list[Point]:
    """The points that reach a change: those of clauses near it first.

    Among equals the most different and the most particular take turns.
    """
    own, nearby = set(change.clauses), change.nearby
    different = sorted(change.points, key=lambda point: rank[point.name])
    particular = sorted(change.points, key=lambda point: weight[point.name])
    turns = dict.fromkeys(each for pair in zip(different, particular, strict=True) for each in pair)
    return sorted(turns, key=lambda p: (p.case.clause not in own, p.case.clause not in nearby))


def noticed(campaign: Campaign, change: Change, points: list[Point], budget: float) -> str | None:
    """The first point that notices a change."""
    tree = changed(tree_of(change.function), change.site)
    change.function.__code__ = compiled(change.function, tree)
    regexp.check.cache_clear()  # its answers are of the function as it was
    began = time.process_time()
    for point in points:
        if time.process_time() - began > budget:
            break
        found = campaign.ask(point)
        if found.is_bad:
            return f"{point.name} ({found.kind})"
    return None


def examine(
    campaign: Campaign, change: Change, points: list[Point], budget: float, *, tests: bool
) -> dict[str, Any]:
    """What becomes of a change, found out in a fork."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def live() -> None:
        try:
            by = noticed(campaign, change, points, budget)
        except (Refused, SyntaxError):
            by = STILLBORN
        folder = ROOT / "tests" / change.package
        if by is None and tests and folder.is_dir():
            sys.stdout = sys.stderr = open("/dev/null", "w")  # noqa: SIM115, PTH123 - the fork ends soon
            options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=no"]
            if (
                pytest.main([str(folder), *options, "-m", "not node"])
                == pytest.ExitCode.TESTS_FAILED
            ):
                by = f"tests/{change.package}"
        theirs.send(by)

    process = context.Process(target=live)
    process.start()
    theirs.close()
    try:
        by = ours.recv() if ours.poll(PATIENCE) else "hangs"
    except EOFError:
        by = "ends the process"
    process.kill()
    process.join()
    if by is None:
        fate = "survived" if change.points else "unreached"
    else:
        fate = STILLBORN if by == STILLBORN else "noticed"
    return described(change, fate, by)


def described(change: Change, fate: str, by: str | None) -> dict[str, Any]:
    """What the report says of a change."""
    return {
        "package": change.package,
        "fate": fate,
        "by": by,
        "key": change.key,
        "place": change.place,
        "clauses": change.clauses,
        "points": len(change.points),
    }


def main() -> int:
    """Sample, examine, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--package", action="append", choices=PACKAGES, help="these only")
    parser.add_argument("--sample", type=int, default=100, help="changes examined per package")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--budget",
        type=float,
        default=60.0,
        help="seconds of processor time the points may use for one change; no more are asked then",
    )
    parser.add_argument("--tests", action="store_true", help="ask the unit tests as well")
    parser.add_argument("--report", type=Path, help="write every fate as JSON")
    options = parser.parse_args()
    packages = options.package or [p for p in PACKAGES if (ROOT / "refimpl" / p).is_dir()]
    campaign = Campaign(lint.Subject.of(corpus.ROOT))
    subjects = {package: functions(f"refimpl.{package}") for package in packages}
    everything = {function for each in subjects.values() for function in each.values()}
    began = time.perf_counter()
    by_statement = executing(campaign, everything)
    for point in campaign.points:
        campaign.ask(point)  # fills the caches that every fork begins with
    print(f"{len(campaign.points)} points run in {time.perf_counter() - began:.0f} s", flush=True)
    rank = ranked(by_statement)
    weight = Counter(point.name for points in by_statement.values() for point in points)
    explained: dict[str, str] = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) or {}
    results = []
    for package in packages:
        pool = changes([package], by_statement, subjects)
        chosen = random.Random(options.seed).sample(pool, min(options.sample, len(pool)))  # noqa: S311 - repeatable
        print(f"{package}: {len(chosen)} of {len(pool)} changes", flush=True)
        for change in chosen:
            reason = next((e for e in explained if fnmatchcase(change.key, e)), None)
            if reason is not None:  # nobody is asked
                found = described(change, "explained", reason)
            else:
                points = ordered(change, rank, weight)
                found = examine(campaign, change, points, options.budget, tests=options.tests)
            if found["fate"] != STILLBORN:
                results.append(found)
            if found["fate"] in {"survived", "unreached"}:
                print(f"  {found['fate']} {found['place']}  {found['key']}", flush=True)
        if options.report:  # after each package: an interrupted run has something to show
            options.report.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(table(results))
    seconds = time.perf_counter() - began
    print(f"seed {options.seed}, budget {options.budget:g} s, {seconds:.0f} s")
    return 0


def table(results: list[dict[str, Any]]) -> str:
    """A row per package: how many were examined, and what became of them."""
    fates = ("noticed", "explained", "survived", "unreached")
    rows = [
        f"{'package':12}{'examined':>10}" + "".join(f"{f:>11}" for f in fates) + f"{'share':>8}"
    ]
    for package in [*dict.fromkeys(each["package"] for each in results), "all"]:
        own = [each for each in results if package in {each["package"], "all"}]
        count = Counter(each["fate"] for each in own)
        share = (count["noticed"] + count["explained"]) / max(len(own), 1)
        cells = "".join(f"{count[fate]:11}" for fate in fates)
        rows.append(f"{package:12}{len(own):10}{cells}{share:8.1%}")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
