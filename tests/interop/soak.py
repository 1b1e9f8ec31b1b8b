"""As many generated values as asked for, against every version: `python -m tests.interop.soak 100000`.

Writes, per version, mode and direction, how many values there were and how many disagreements.
The seed is written too, and can be given as a second argument.
"""

import sys

from hypothesis import HealthCheck, Phase, given, seed, settings

from refimpl.wire.profiles import REACT_19_2, REACT_19_3
from tests.interop import strategies
from tests.interop.agreement import arguments_disagreements, results_disagreements
from tests.interop.react import VERSIONS, React

BATCH = 50


def values(strategy, count, start):
    """So many values, in batches."""
    batch = []

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(strategy)
    def collect(value):
        batch.append(value)

    collect()
    return [batch[i : i + BATCH] for i in range(0, len(batch), BATCH)]


def tell(line):
    """Write one line of the report."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(count, start):
    """Compare `count` values in each combination."""
    tell(f"seed {start}")
    pairs = [*((version, False) for version in VERSIONS), (VERSIONS[0], True)]
    for version, development in pairs:
        newest = version == VERSIONS[0]
        peer = React(version, development=development)
        results = strategies.result_leaves if newest else strategies.older_result_leaves
        for direction, leaves in (("arguments", strategies.argument_leaves), ("results", results)):
            seen, found = 0, []
            for batch in values(strategies.graphs(leaves), count, start):
                seen += len(batch)
                if direction == "arguments":
                    found += arguments_disagreements(peer, batch)
                else:
                    found += results_disagreements(
                        peer, batch, REACT_19_3 if newest else REACT_19_2
                    )
            mode = "development" if development else "production"
            tell(f"{version} {mode} {direction}: {seen} values, {len(found)} disagreements")
            for line in sorted(found, key=len)[:3]:
                tell(f"  {line[:600]}")
        peer.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
