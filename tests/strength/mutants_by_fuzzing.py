"""How many named mutants fuzzing alone finds, and how soon: `python -m tests.strength.mutants_by_fuzzing 20`.

A sample of so many mutants, each asked about examples of every kind in turn until one disagrees with
the reference as it is, or its seconds of processor time are over. The seed says which mutants and
which examples. Prints a table in Markdown.
"""

import argparse
import random
import sys
import time
from contextlib import closing

from conformance.depth import room_to_recurse
from conformance.fuzz import drawing
from conformance.fuzz.plan import Plan
from conformance.fuzz.worker import Worker
from conformance.mutants import MUTANTS

TARGETS = ("programs", "values", "messages", "calls", "directives", "round-trips")
#: Seconds for one answer: a mutant that hangs is found by that.
PATIENCE = 5.0
BATCH = 25


def search(mutant, seconds, seed):
    """The target and signature that find a mutant, the examples it took, and the seconds."""
    began = time.process_time()
    workers = {
        target: Worker(Plan(target, "refimpl", seed=seed, patience=PATIENCE), mutant.alive)
        for target in TARGETS
    }
    examples = 0
    for batch in range(sys.maxsize):
        for target, worker in workers.items():
            drawn = drawing.batch(worker.strategy, worker.plan.seed_of(batch), BATCH)
            with closing(worker.sides.disagreements(drawn)) as disagreements:
                found = next(disagreements, None)
            worker.sides.subject.upcoming.clear()
            examples += len(drawn)
            spent = time.process_time() - began
            if found or spent > seconds:
                return target if found else "", found, examples, spent


def tell(line):
    """Write one line of the table."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments):
    """Print a row for each mutant of the sample."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sample", type=int)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    names = sorted(MUTANTS)
    chosen = random.Random(options.seed).sample(names, min(options.sample, len(names)))  # noqa: S311  (it keeps no secret)
    tell("| mutant | clause | found by | seconds | examples | as |\n|---|---|---|--:|--:|---|")
    caught = 0
    for name in sorted(chosen):
        mutant = MUTANTS[name]
        target, found, examples, spent = search(mutant, options.seconds, options.seed)
        caught += bool(found)
        how = found.signature if found else "not found"
        row = (f"`{name}`", f"`{mutant.clause}`", target, f"{spent:.1f}", str(examples), how)
        tell(f"| {' | '.join(row)} |")
    tell(f"\n{caught} of {len(chosen)} within {options.seconds:.0f} s, seed {options.seed}")


if __name__ == "__main__":
    with room_to_recurse():
        main(sys.argv[1:])
