"""Whether mutants are asked about enough: `python -m tests.strength.unreached --points 20 --seed 1`.

Each mutant is asked about a sample of the points that execute nothing of what it changes, which
`conformance.mutants.reach` leaves out because none of them can catch it. Prints those that do.
"""

from __future__ import annotations

# ruff: noqa: T201 - a measuring script prints
import argparse
import random
import sys
import time

from conformance import corpus, lint
from conformance.mutants import MUTANTS, reach
from conformance.mutants.campaign import Campaign, Extent


def main() -> int:
    """Ask, and tell what was missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="these mutants only")
    parser.add_argument("--points", type=int, default=20, help="for each mutant")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.perf_counter()
    chance = random.Random(options.seed)  # noqa: S311 - repeatable
    mutants = [MUTANTS[name] for name in options.names or MUTANTS]
    campaign = Campaign(lint.Subject.of(corpus.ROOT))
    reaching = reach.points_of(campaign, mutants)
    asked = missed = left = 0
    for mutant in mutants:
        executing = {*reaching.get(mutant.name, campaign.points)}
        left_out = [point for point in campaign.points if point not in executing]
        chosen = chance.sample(left_out, min(options.points, len(left_out)))
        campaign.reaching[mutant.name] = chosen
        for catch in campaign.examine(mutant, Extent.ALL).catches:
            missed += 1
            print(f"{mutant.name} is caught by {catch.point} ({catch.verdict})", flush=True)
        asked, left = asked + len(chosen), left + len(left_out)
    share = left / len(mutants) / len(campaign.points)
    seconds = time.perf_counter() - began
    print(f"{len(mutants)} mutants, each left out by {share:.0%} of the points on average")
    print(f"{asked} of these asked, {missed} catch (seed {options.seed}, {seconds:.0f} s)")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
