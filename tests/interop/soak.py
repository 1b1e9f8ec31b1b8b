"""Many generated values, against every release: `python -m tests.interop.soak COUNT SEED`.

COUNT is the number of exchanges: one value in one direction with one release in one mode, which is
written by both sides and read by all decoders. They are made in shards, each by a seed of its own,
and each is one line of `--to FILE`. A run that was interrupted goes on where it stopped when it is
started again; `--shard 0/2` and `--shard 1/2` are halves that two processes can do.
"""

import argparse
import collections
import json
import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from conformance.adapters.model_notation import to_json
from tests.interop import strategies
from tests.interop.agreement import SETTINGS, Exchange, Parties, disagreements

#: Values in a shard; each is exchanged in every setting.
SIZE = 100
MESSAGES = ("arguments", "result")


def values(message, count, start):
    """So many values for a message, in tagged JSON."""
    made = []

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(strategies.graphs(strategies.LEAVES[message]))
    def collect(value):
        made.append(to_json(value))

    collect()
    return made


def exchanged(parties, message, made, start):
    """The exchanges of some values with every release, and the disagreements on them, by setting."""
    for version, mode in SETTINGS:
        older = version != SETTINGS[0][0]
        fitting = [value for value in made if not (older and strategies.is_new(message, value))]
        exchange = Exchange(message, version, mode)
        found = disagreements(parties, exchange, fitting, start)
        yield f"{version} {mode} {message}", len(fitting), found


def soak(parties, start, shard):
    """One shard, as a line of the report."""
    message = MESSAGES[shard % len(MESSAGES)]
    number = start * 1_000_003 + shard
    made = values(message, SIZE, number)
    settings_ = {
        name: {"exchanges": count, "disagreements": sorted(found, key=len)[:5]}
        for name, count, found in exchanged(parties, message, made, number)
    }
    return {"seed": start, "shard": shard, "settings": settings_}


def done(path):
    """The shards that a report has."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main():
    """Make the shards that are not there yet, then say what they come to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=0)
    parser.add_argument("--to", type=Path, default=Path("soak.jsonl"))
    parser.add_argument("--shard", default="0/1", help="which part of how many")
    options = parser.parse_args()
    part, parts = map(int, options.shard.split("/"))
    path = options.to.with_suffix(f".{part}-of-{parts}{options.to.suffix}")
    shards = range(part, -(-options.count // (SIZE * len(SETTINGS))), parts)
    made = {line["shard"] for line in done(path) if line["seed"] == options.seed}
    parties = Parties()
    try:
        for shard in shards:
            if shard in made:
                continue
            line = json.dumps(soak(parties, options.seed, shard))
            with path.open("a", encoding="utf-8") as report:
                report.write(f"{line}\n")
    finally:
        parties.close()
    summarize([line for line in done(path) if line["seed"] == options.seed])


def summarize(lines):
    """Exchanges and disagreements by setting, and the shortest of these."""
    exchanges = collections.Counter()
    found = collections.defaultdict(list)
    for line in lines:
        for name, told in line["settings"].items():
            exchanges[name] += told["exchanges"]
            found[name] += told["disagreements"]
    for name, count in sorted(exchanges.items()):
        sys.stdout.write(f"{name}: {count} exchanges, {len(found[name])} disagreements\n")
        for text in sorted(found[name], key=len)[:3]:
            sys.stdout.write(f"  {text[:600]}\n")
    total, differing = exchanges.total(), sum(map(len, found.values()))
    sys.stdout.write(f"{total} exchanges, {differing} disagreements\n")


if __name__ == "__main__":
    main()
