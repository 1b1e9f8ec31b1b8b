"""How many named mutants fuzzing alone finds, and how soon: `python -m tests.strength.mutants_by_fuzzing 20`.

A sample of mutants, each asked about examples of every kind in turn until one disagrees with the
reference as it is, or its seconds of processor time are over. The seed says which mutants and which
examples. Prints a table in Markdown, and what was not found, clause by clause.

Rules of this module:

* The examples are the same for every mutant, so they are drawn and answered once. Every mutant is
  charged for all of that, as if it had been alone.
* What a mutant answers is held against what the reference says, and nothing else is known of it.
* The reference is asked like a mutant: where it does not answer twice alike, nothing is measured.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import re
import statistics
import sys
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.depth import room_to_recurse
from conformance.fuzz import drawing
from conformance.fuzz.plan import Plan
from conformance.fuzz.worker import Worker
from conformance.mutants import MUTANTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.fuzz.differential import Answered, Disagreement
    from conformance.mutants.mutant import Mutant

#: How many examples of each kind make a round: cheap ones more, those that few mutants show fewer.
ROUND = {
    "programs": 50,
    "values": 30,
    "messages": 30,
    "calls": 10,
    "round-trips": 10,
    "expressions": 10,
    "requests": 10,
    "forms": 10,
    "wire": 100,
}
#: Seconds for one answer: a mutant that hangs is found by that, and one that is only slow is not,
#: also where the machine does much else.
PATIENCE = 30.0
CHAPTERS = sorted({mutant.change.__module__.rpartition(".")[2] for mutant in MUTANTS.values()})


@dataclass
class Hunt:
    """One mutant, and how far looking for it has come."""

    name: str
    clause: str
    chapter: str
    seconds: float = 0.0
    examples: int = 0
    #: The target and the signature by which it was found.
    target: str = ""
    found: str = ""

    @property
    def mutant(self) -> Mutant:
        """What is looked for."""
        return MUTANTS[self.name]

    @property
    def row(self) -> str:
        """A row of the table."""
        how = self.found or "not found"
        spent = f"{self.seconds:.1f} | {self.examples}"
        return f"| `{self.name}` | `{self.clause}` | {self.target} | {spent} | {how} |"


def hunt_for(name: str) -> Hunt:
    """A hunt that has not begun."""
    mutant = MUTANTS[name]
    return Hunt(name, mutant.clause, mutant.change.__module__.rpartition(".")[2])


class Rounds:
    """Examples of every kind in turn, drawn and answered once for all who are asked about them."""

    def __init__(self, targets: Sequence[str], seed: int) -> None:
        self.workers = {
            target: Worker(Plan(target, "refimpl", seed=seed, patience=PATIENCE))
            for target in targets
        }

    def __iter__(self) -> Iterator[tuple[str, Sequence[Answered], float]]:
        """Endlessly: the target, its examples with the answers, and what they cost."""
        for batch in range(sys.maxsize):
            for target, worker in self.workers.items():
                began = time.process_time()
                seed = worker.plan.seed_of(batch)
                drawn = drawing.batch(worker.strategy, seed, ROUND[target])
                answered = worker.sides.answered(drawn)
                yield target, answered, time.process_time() - began

    def ask(self, hunt: Hunt, target: str, answered: Sequence[Answered]) -> None:
        """Hold the answers of one mutant against those of the reference, up to the first that differs."""
        began = time.process_time()
        with hunt.mutant.alive():
            found = self.first(target, answered)
        hunt.seconds += time.process_time() - began
        hunt.examples += len(answered)
        if found:
            hunt.target, hunt.found = target, found.signature

    def first(self, target: str, answered: Sequence[Answered]) -> Disagreement | None:
        """The first answer that is not that of the reference as it was."""
        sides = self.workers[target].sides
        with closing(sides.held_against(answered)) as disagreements:
            found = next(disagreements, None)
        sides.subject.upcoming.clear()
        return found

    def check(self, target: str, answered: Sequence[Answered]) -> None:
        """The reference as it is answers as before, or what is found is no work of a defect."""
        if found := self.first(target, answered):
            sys.exit(f"{target}: the reference does not answer twice alike: {found.signature}")


def hunts(
    names: Sequence[str], *, targets: Sequence[str], seconds: float, seed: int, own_clause: bool
) -> Iterator[Hunt]:
    """Each mutant as soon as it is found, or its time is over."""
    rounds = Rounds(targets, seed)
    left = [hunt_for(name) for name in names]
    for target, answered, cost in rounds:
        rounds.check(target, answered)
        for hunt in left:
            hunt.seconds += cost
            claimed = [each for each in answered if hunt.clause in each[0].clauses]
            rounds.ask(hunt, target, claimed if own_clause else answered)
        for hunt in left:
            if hunt.seconds > seconds:  # and what was found only then was found too late
                hunt.target = hunt.found = ""
        over = [hunt for hunt in left if hunt.found or hunt.seconds > seconds]
        yield from over
        left = [hunt for hunt in left if hunt not in over]
        if not left:
            return


def share(names: Sequence[str], **options) -> list[Hunt]:
    """What one process of several does."""
    with room_to_recurse():
        return [*hunts(names, **options)]


def selecting(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which mutants and which examples."""
    parser.add_argument("sample", type=int, nargs="?", default=len(MUTANTS))
    parser.add_argument(
        "--chapter", default=",".join(CHAPTERS), help="modules of mutants, with commas"
    )
    parser.add_argument("--match", default="", help="a pattern in their names and clauses")
    parser.add_argument("--target", default=",".join(ROUND), help="what is generated, with commas")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--without", type=Path, help="the report of an earlier part, whose mutants are left out"
    )


def chosen(options: argparse.Namespace) -> list[str]:
    """The names of the mutants that are asked for, in a random order."""
    earlier = json.loads(options.without.read_text("utf-8"))["mutants"] if options.without else []
    known = {hunt["name"] for hunt in earlier}
    names = [
        hunt.name
        for hunt in map(hunt_for, sorted(MUTANTS))
        if hunt.name not in known
        and hunt.chapter in options.chapter.split(",")
        and re.search(options.match, f"{hunt.name} {hunt.clause}")
    ]
    return random.Random(options.seed).sample(names, min(options.sample, len(names)))  # noqa: S311  (it keeps no secret)


def tell(line: str) -> None:
    """Write one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def told(name: str, of: Sequence[Hunt]) -> None:
    """Write how many of these mutants were found, and the seconds that half of those took at most."""
    seconds = [hunt.seconds for hunt in of if hunt.found]
    half = f"{statistics.median(seconds):.1f} s" if seconds else ""
    tell(f"| {name} | {len(seconds)} | {len(of)} | {half} |")


def tell_all(found: Sequence[Hunt], options: argparse.Namespace) -> None:
    """What there is to say of all: chapter by chapter, and what was not found, by clause."""
    tell("\n| chapter | found | of | half of them within |\n|---|--:|--:|--:|")
    for chapter in CHAPTERS:
        if of := [hunt for hunt in found if hunt.chapter == chapter]:
            told(chapter, of)
    told("all", found)
    missing = defaultdict(list)
    for hunt in found:
        if not hunt.found:
            missing[hunt.clause].append(hunt.name)
    tell("\nNot found:")
    for clause, names in sorted(missing.items()):
        tell(f"  {clause:36} {', '.join(sorted(names))}")
    caught = sum(bool(hunt.found) for hunt in found)
    tell(f"\n{caught} of {len(found)} within {options.seconds:.0f} s, seed {options.seed}")


def main(arguments: Sequence[str]) -> None:
    """Print a row for each mutant of the sample."""
    parser = argparse.ArgumentParser()
    selecting(parser)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--own-clause",
        action="store_true",
        help="ask only about examples that exercise the clause of the mutant: do those show it?",
    )
    parser.add_argument("--report", type=Path, help="where the rows are written, as JSON")
    options = parser.parse_args(arguments)
    names = chosen(options)
    search = {
        "targets": options.target.split(","),
        "seconds": options.seconds,
        "seed": options.seed,
        "own_clause": options.own_clause,
    }
    tell("| mutant | clause | found by | seconds | examples | as |\n|---|---|---|--:|--:|---|")
    found = []
    if options.jobs == 1:
        for hunt in hunts(names, **search):
            tell(hunt.row)
            found.append(hunt)
    else:
        parts = [names[start :: options.jobs] for start in range(options.jobs)]
        with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
            for part in pool.imap_unordered(partial(share, **search), parts):
                for hunt in part:
                    tell(hunt.row)
                found += part
    tell_all(found, options)
    if options.report:
        rows = [asdict(hunt) for hunt in found]
        said = {"seconds": options.seconds, "seed": options.seed, "mutants": rows}
        options.report.write_text(json.dumps(said, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    with room_to_recurse():
        main(sys.argv[1:])
