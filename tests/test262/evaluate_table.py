"""How much of test262 the evaluator gets right: `python tests/test262/evaluate_table.py PATH`.

PATH is a checkout of tc39/test262. Each test runs in a fresh realm after the harness. A negative test
must end with the error it names, in its phase. The table is by folder; what does not count is named
and counted below it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that it also runs as a file

from refimpl.language.agent import LimitExceeded
from refimpl.language.errors import InternalError, Throw
from refimpl.language.objects import JSObject, Property
from refimpl.source.diagnostics import SyntaxDiagnostic
from tests.test262 import scope_rule, world

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.test262.scope_rule import Test


class Outcome(NamedTuple):
    """What happened with one test; `why` is None for a pass."""

    path: str
    excluded: str | None
    why: str | None = None
    crash: bool = False
    seconds: float = 0.0


def judge(root: Path, path: Path) -> Outcome:
    """Run one test."""
    test = scope_rule.read(root, path)
    excluded = scope_rule.evaluates(test)
    if excluded is not None:
        return Outcome(test.path, excluded)
    started = time.perf_counter()
    why, crash = verdict(root, test)
    return Outcome(test.path, None, why, crash, time.perf_counter() - started)


def verdict(root: Path, test: Test) -> tuple[str | None, bool]:
    """Why the test fails (None: it passes), and whether it is a fault of the interpreter."""
    try:
        world.run(root, test)
    except SyntaxDiagnostic as error:
        early = test.negative_phase in {"parse", "resolution"}
        return (None if early else f"refused: {error}"), False
    except Throw as thrown:
        expected = test.negative_phase in {"resolution", "runtime"}
        return (None if expected and name_of(thrown) == test.negative_type else str(thrown)), False
    except world.Failure as failure:
        return str(failure), False
    except LimitExceeded as limit:
        return type(limit).__name__, False
    except InternalError as error:
        return str(error).partition("\n")[0], True
    except Exception as error:  # noqa: BLE001 -- a crash is an outcome to be counted
        return f"{type(error).__name__}: {error}", True
    return (None if test.negative_phase is None else f"no {test.negative_type}"), False


def name_of(thrown: Throw) -> str:
    """The name of the thrown error's constructor."""
    value = thrown.value
    while isinstance(value, JSObject):
        found = value.props.get("constructor")
        if isinstance(found, Property):
            name = found.value.props["name"]
            return str(name.value)
        value = value.prototype
    return ""


def folder_of(path: str) -> str:
    """The row of the table that a test belongs to."""
    depth = 3 if path.startswith(("language/expressions", "language/statements")) else 2
    return "/".join(path.split("/")[:-1][:depth])


def table(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Passes by folder, and the sum."""
    rows: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        if outcome.excluded is None:
            for name in (folder_of(outcome.path), outcome.path.partition("/")[0]):
                counter = rows.setdefault(name, Counter())
                counter["tests"] += 1
                counter["passed"] += outcome.why is None
                counter["crashes"] += outcome.crash
    yield f"{'folder':52}{'passed':>18}{'':>9}{'crashes':>9}"
    for name, row in sorted(rows.items(), key=lambda item: ("/" not in item[0], item[0])):
        share = 100 * row["passed"] / row["tests"]
        passed = f"{row['passed']} / {row['tests']}"
        yield f"{name:52}{passed:>18}{share:>8.1f}%{row['crashes'] or '':>9}"


def report(outcomes: list[Outcome], *, list_failures: bool) -> Iterator[str]:
    """The table, what is not in it and why, and the failures."""
    yield from table(outcomes)
    yield "\nnot counted:"
    for reason, count in Counter(o.excluded for o in outcomes if o.excluded).most_common():
        yield f"{count:7}  {reason}"
    slowest = sorted(outcomes, key=lambda outcome: -outcome.seconds)[:3]
    yield "\nslowest: " + ", ".join(f"{o.path} {o.seconds:.1f} s" for o in slowest)
    failures = [outcome for outcome in outcomes if outcome.why is not None]
    yield f"{len(outcomes)} files, {len(failures)} failures"
    if list_failures:
        yield from (f"{outcome.path}\n    {outcome.why}" for outcome in failures)


def main() -> int:
    """Print the table; 1 when anything fails."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path, help="a checkout of tc39/test262")
    parser.add_argument("folders", nargs="*", default=["language"], help="below test/")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="processes")
    parser.add_argument("--sample", type=int, metavar="N", help="N tests drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list-failures", action="store_true")
    options = parser.parse_args()
    paths = list(scope_rule.files(options.path, *options.folders))
    if not paths:
        parser.error(f"no test files below {options.path / 'test'}")
    if options.sample is not None and options.sample < len(paths):
        paths = sorted(random.Random(options.seed).sample(paths, options.sample))  # noqa: S311 -- a sample
    started = time.perf_counter()
    with get_context("fork").Pool(options.jobs) as pool:
        outcomes = pool.map(partial(judge, options.path), paths, chunksize=32)
    seconds = time.perf_counter() - started
    lines = report(outcomes, list_failures=options.list_failures)
    sys.stdout.write("\n".join([*lines, f"{seconds:.1f} s", ""]))
    return 0 if all(outcome.why is None for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
