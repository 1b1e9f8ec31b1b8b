"""How much of test262 the parser gets right: `python tests/test262/parse_table.py PATH`.

PATH is a checkout of tc39/test262. A positive file must parse without an error; a negative one
whose phase is `parse` must be refused with one. Anything else that happens is a crash. The table
is by folder; what does not count is named and counted below it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that it also runs as a file

from refimpl.source import load
from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.text import Source
from tests.test262 import scope_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Outcome(NamedTuple):
    """What happened with one file."""

    path: str
    excluded: str | None
    negative: bool
    crash: str | None = None
    #: The error it was refused with.
    refused: str | None = None

    @property
    def good(self) -> bool:
        """Whether the parser was right."""
        return self.crash is None and self.negative == (self.refused is not None)


def judge(root: Path, path: Path) -> Outcome:
    """Parse one file."""
    test = scope_rule.read(root, path)
    negative = test.negative_phase == "parse"
    excluded = scope_rule.parses(test)
    if excluded is not None:
        return Outcome(test.path, excluded, negative)
    try:
        # The extension .mjs stands for JavaScript without JSX.
        load(Source(test.path.removesuffix("js") + "mjs", test.text), test.goal)
    except SyntaxDiagnostic as error:
        return Outcome(test.path, None, negative, refused=str(error))
    except Exception as error:  # noqa: BLE001 -- a crash is an outcome to be counted
        return Outcome(test.path, None, negative, crash=f"{type(error).__name__}: {error}")
    return Outcome(test.path, None, negative)


def folder_of(path: str) -> str:
    """The row of the table that a file belongs to."""
    return "/".join(path.split("/")[:-1][:3])


def table(outcomes: Iterable[Outcome]) -> str:
    """Positives parsed and negatives refused, by folder, and the sums."""
    rows: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    for outcome in outcomes:
        if outcome.excluded is None:
            kind = "negative" if outcome.negative else "positive"
            for counter in (rows.setdefault(folder_of(outcome.path), Counter()), total):
                counter[kind] += 1
                counter[f"{kind} good"] += outcome.good
                counter["crash"] += outcome.crash is not None
    lines = [f"{'folder':52}{'positives parsed':>22}{'negatives refused':>22}{'crashes':>9}"]
    lines += [_row(folder, counter) for folder, counter in sorted(rows.items())]
    lines.append(_row("all", total))
    for kind in ("positive", "negative"):
        if total[kind]:
            share = 100 * total[f"{kind} good"] / total[kind]
            lines.append(f"{kind}s: {share:.3f} %")
    return "\n".join(lines)


def _row(name: str, counter: Counter[str]) -> str:
    cells = (
        f"{counter[f'{kind} good']} / {counter[kind]}" if counter[kind] else ""
        for kind in ("positive", "negative")
    )
    return f"{name:52}" + "".join(f"{cell:>22}" for cell in cells) + f"{counter['crash'] or '':>9}"


def main() -> int:
    """Print the table; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path, help="a checkout of tc39/test262")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="processes")
    parser.add_argument("--folder", action="append", help="below test/; default: language")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth file")
    parser.add_argument("--list-failures", action="store_true")
    options = parser.parse_args()
    paths = list(scope_rule.files(options.path, *(options.folder or ["language"])))[
        :: options.every
    ]
    if not paths:
        parser.error(f"no test files below {options.path / 'test'}")
    started = time.perf_counter()
    with get_context("fork").Pool(options.jobs) as pool:
        outcomes = pool.map(partial(judge, options.path), paths, chunksize=64)
    seconds = time.perf_counter() - started
    lines = report(outcomes, list_failures=options.list_failures)
    sys.stdout.write("\n".join([*lines, f"{seconds:.1f} s", ""]))
    return 0 if all(outcome.good for outcome in outcomes if outcome.excluded is None) else 1


def report(outcomes: list[Outcome], *, list_failures: bool) -> Iterator[str]:
    """The table, what is not in it and why, and the failures."""
    yield table(outcomes)
    yield "\nnot counted:"
    for reason, count in Counter(o.excluded for o in outcomes if o.excluded).most_common():
        yield f"{count:7}  {reason}"
    failures = [outcome for outcome in outcomes if outcome.excluded is None and not outcome.good]
    yield f"\n{len(outcomes)} files, {len(failures)} failures"
    if list_failures:
        for outcome in failures:
            yield f"{outcome.path}\n    {outcome.crash or outcome.refused or 'not refused'}"


if __name__ == "__main__":
    sys.exit(main())
