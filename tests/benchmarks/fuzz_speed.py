"""Differential examples per second beside Hypothesis's own floor: `python -m tests.benchmarks.fuzz_speed`.

The floor draws the same examples from the same strategy and asks nobody. Floor and campaign take
turns in one run, and the best of each counts, so that what else the machine does hits both alike.
In process, seconds are those of the processor; through a pipe, those of the clock on the wall.
Options: implementations to go through besides the reference, such as `react`.
"""

import sys
import time
from dataclasses import replace

from conformance.depth import room_to_recurse
from conformance.fuzz import drawing
from conformance.fuzz.plan import Plan
from conformance.fuzz.worker import Worker

COUNT = 200
WARM, ROUNDS = 3, 4
#: Of the floor, by target: in process, and through the pipe; programs by the second.
IN_PROCESS, THROUGH_PIPE = 0.5, 0.35
PROGRAMS = 30
#: What goes through a codec alone.
DATA = ("values", "messages", "wire")


def seconds(clock, work, *arguments):
    """How long something takes."""
    began = clock()
    work(*arguments)
    return clock() - began


def measure(target, subject):
    """Examples per second: of the floor, and of a campaign."""
    worker = Worker(Plan(target, subject, batch=COUNT))
    # What disagrees is mostly known after the first batches, as it is in a campaign. What is new later is
    # counted: making it smaller takes the time that it is given, however fast examples are.
    known = []
    for batch in range(WARM):
        known += [finding.known for finding in worker.run(batch, known).findings]
    worker.plan = replace(worker.plan, news=0)
    clock = time.process_time if subject == "refimpl" else time.perf_counter
    floors, campaigns = [], []
    for batch in range(WARM, WARM + ROUNDS):
        seed = worker.plan.seed_of(batch)
        floors.append(seconds(clock, drawing.batch, worker.strategy, seed, COUNT))
        campaigns.append(seconds(clock, worker.run, batch, known))
    worker.close()
    return COUNT / min(floors), COUNT / min(campaigns)


def main(subjects):
    """Print a row for each target and subject."""
    print("| target | asked | floor/s | campaign/s | share | wanted |\n|---|---|--:|--:|--:|--:|")
    pairs = [(target, "refimpl") for target in (*DATA, "programs", "calls")]
    pairs += [(target, subject) for subject in subjects for target in DATA]
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
