"""As many generated values as asked for, against every version: `python -m tests.interop.soak 100000`.

Prints, per version, mode and direction, how many values agreed; ends with status 1 on the first
that does not. The seed is printed and can be given as a second argument.
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


def main(count, start):
    """Compare `count` values in each combination."""
    print(f"seed {start}")
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
            print(
                f"{version} {mode} {direction}: {seen} values, {len(found)} disagreements",
                flush=True,
            )
            for line in sorted(found, key=len)[:3]:
                print(f"  {line[:600]}", flush=True)
        peer.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
