"""How fast the guest language is beside engine262: `python tests/benchmarks/guest_speed.py`.

Both run the same programs in the same run, parsing included, the realm not. engine262 is installed from
npm into a temporary folder (needs Node.js and the network); without it only our figures are printed.
The programs leave a value in `globalThis.result`, and the two values must agree.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that it also runs as a file

from refimpl.language.agent import Agent, Limits
from refimpl.language.realm import Realm
from refimpl.language.scripts import script_evaluation
from refimpl.source import load
from refimpl.source.text import Source

PACKAGE = "@engine262/engine262@0.0.1-feee93540bcd10b4469fc363980945d8bdffbb1e"

PROGRAMS = {
    "fib(22)": "function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }\n"
    "globalThis.result = fib(22);",
    "loop of 1e5 object updates": "const o = { x: 0 };\n"
    "for (let i = 0; i < 100000; i++) { o.x += i }\nglobalThis.result = o.x;",
    "2,000 sequential awaits": "async function f() { let n = 0; for (let i = 0; i < 2000; i++) n += await i; return n }\n"
    "f().then((n) => { globalThis.result = n });",
}

DRIVER = """
const { Agent, setSurroundingAgent, ManagedRealm } = require('@engine262/engine262');
const programs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const results = {};
for (const [name, text] of Object.entries(programs)) {
  setSurroundingAgent(new Agent({}));
  const realm = new ManagedRealm({});
  const started = process.hrtime.bigint();
  realm.evaluateScript(text);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  results[name] = [seconds, realm.evaluateScript('globalThis.result').Value.numberValue()];
}
console.log(JSON.stringify(results));
"""


def ours(text: str, rounds: int) -> tuple[float, float]:
    """Best time of some rounds, and the program's result."""
    best, result = float("inf"), 0.0
    for _ in range(rounds):
        agent = Agent(Limits())
        realm = Realm(agent)
        started = time.perf_counter()
        with agent.enter(realm):
            source = Source("program.mjs", text)
            script_evaluation(realm, load(source, "script"), source)
            agent.run_jobs()
            result = realm.global_object.get("result", realm.global_object)
        best = min(best, time.perf_counter() - started)
        agent.close()
    return best, result


def theirs(folder: str, timeout: float) -> dict[str, tuple[float, float]] | str:
    """engine262's times and results, or why there are none."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return "Node.js is not installed"
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE]
    try:
        subprocess.run(install, check=True, capture_output=True, timeout=timeout)
        (Path(folder) / "driver.cjs").write_text(DRIVER, encoding="utf-8")
        ran = subprocess.run(
            [node, "driver.cjs"],
            cwd=folder,
            input=json.dumps(PROGRAMS),
            capture_output=True,
            check=True,
            text=True,
            timeout=timeout,
        )
    except (subprocess.SubprocessError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return {name: (seconds, value) for name, (seconds, value) in json.loads(ran.stdout).items()}


def main() -> int:
    """Print the table; 1 when results disagree."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds for engine262")
    options = parser.parse_args()
    ours("for (let i = 0; i < 1000; i++);", 1)  # the grammar is loaded once
    with tempfile.TemporaryDirectory() as folder:
        reference = theirs(folder, options.timeout)
    if isinstance(reference, str):
        sys.stdout.write(f"engine262 did not run: {reference}\n")
        reference = {}
    agree = True
    sys.stdout.write(f"{'program':32}{'ours':>10}{'engine262':>14}{'ratio':>8}\n")
    for name, text in PROGRAMS.items():
        seconds, result = ours(text, options.rounds)
        line = f"{name:32}{seconds * 1000:>7.0f} ms"
        if name in reference:
            theirs_seconds, expected = reference[name]
            line += f"{theirs_seconds * 1000:>11.0f} ms{theirs_seconds / seconds:>7.1f}x"
            if result != expected:
                agree = False
                line += f"   results differ: {result} and {expected}"
        sys.stdout.write(line + "\n")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
