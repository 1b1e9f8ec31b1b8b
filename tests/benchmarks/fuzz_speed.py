"""Differential examples per second beside Hypothesis's own floor: `python -m tests.benchmarks.fuzz_speed`.

The floor draws the same examples from the same strategy and asks nobody. Floor and campaign take
turns in one run, and the best of each counts, so that what else the machine does hits both alike.
In process, seconds are those of the processor; through a pipe, those of the clock on the wall.
Options: implementations to go through besides the reference, such as `react`.
"""

import sys
import time

from conformance.depth import room_to_recurse
from conformance.fuzz import drawing
from conformance.fuzz.plan import Plan
from conformance.fuzz.worker import Worker

COUNT = 200
ROUNDS = 4
#: Of the floor, by target: in process, and through the pipe; programs by the second.
IN_PROCESS, THROUGH_PIPE = 0.5, 0.35
PROGRAMS = 30


def seconds(clock, work, *arguments):
    """How long something takes."""
    began = clock()
    work(*arguments)
    return clock() - began


def measure(target, subject):
    """Examples per second: of the floor, and of a campaign."""
    worker = Worker(Plan(target, subject, batch=COUNT))
    worker.run(0, [])
    clock = time.process_time if subject == "refimpl" else time.perf_counter
    floors, campaigns = [], []
    for batch in range(1, ROUNDS + 1):
        seed = worker.plan.seed_of(batch)
        floors.append(seconds(clock, drawing.batch, worker.strategy, seed, COUNT))
        campaigns.append(seconds(clock, worker.run, batch, []))
    worker.close()
    return COUNT / min(floors), COUNT / min(campaigns)


def main(subjects):
    """Print a row for each target and subject."""
    print("| target | asked | floor/s | campaign/s | share | wanted |\n|---|---|--:|--:|--:|--:|")
    pairs = [(target, "refimpl") for target in ("values", "messages", "programs", "calls")]
    pairs += [(target, subject) for subject in subjects for target in ("values", "messages")]
    for target, subject in pairs:
        floor, campaign = measure(target, subject)
        wanted = f"{IN_PROCESS if subject == 'refimpl' else THROUGH_PIPE:.0%}"
        if target in {"programs", "calls"}:
            wanted = f"{PROGRAMS}/s" if target == "programs" else ""
        shares = f"{floor:.0f} | {campaign:.0f} | {campaign / floor:.0%}"
        print(f"| {target} | {subject} | {shares} | {wanted} |", flush=True)


if __name__ == "__main__":
    with room_to_recurse():
        main(sys.argv[1:])
