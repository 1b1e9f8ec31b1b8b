"""How much of the TypeScript that people publish the grammar accepts.

Usage: python tests/corpora/typescript_sample.py [folder to install into and keep]

Installs the pinned packages below with npm (no scripts) and parses every .ts and .tsx file that
they ship as source (declaration files are left out). The grammar was written while looking at the
TUNED packages. Nobody looked at the others before they were first measured; then one production
was corrected for HELD_OUT (a `<<` that opens two lists of type arguments), and none for FRESH.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.parser import parse
from refimpl.source.text import Source

TUNED = ["effect@4.1.0", "zod@4.6.7", "rxjs@7.8.2", "msw@2.15.0"]
HELD_OUT = [
    "@effect/platform@0.97.2",
    "@reduxjs/toolkit@2.14.0",
    "@tanstack/query-core@5.108.0",
    "@tanstack/react-query@5.108.0",
    "@trpc/server@11.25.2",
    "mobx@7.1.3",
    "react-native-gesture-handler@3.5.0",
    "react-native-paper@5.15.3",
    "react-native-reanimated@4.7.1",
    "react-native-screens@4.28.0",
    "react-native-svg@15.15.5",
]
FRESH = [
    "@gorhom/bottom-sheet@5.2.14",
    "@internationalized/date@3.12.4",
    "@react-navigation/core@7.23.0",
    "@react-navigation/drawer@7.14.2",
    "@react-navigation/elements@2.9.44",
    "@react-navigation/native@7.5.0",
    "@react-navigation/stack@7.11.2",
    "@shopify/flash-list@2.3.2",
    "@shopify/react-native-skia@2.14.0",
    "expo-camera@57.0.6",
    "expo-image@58.0.18",
    "expo-modules-core@58.0.7",
    "react-native-vision-camera@5.2.3",
]


def install(folder: Path, packages: list[str]) -> None:
    """Install without scripts and without regard to peers: only the sources are wanted."""
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--force", "--legacy-peer-deps"]
    command = ["npm", "install", "--prefix", str(folder), *options, *packages]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def sources(package: Path) -> list[Path]:
    """The TypeScript files of a package, without those of packages nested in it."""
    return [
        path
        for path in sorted(package.rglob("*.ts*"))
        if path.suffix in {".ts", ".tsx"}
        and not path.name.endswith(".d.ts")
        and "node_modules" not in path.relative_to(package).parts
        and path.is_file()
    ]


def refusal(path: Path) -> str | None:
    """Why the file is refused, if it is."""
    try:
        parse(Source.from_bytes(path.name, path.read_bytes()))
    except SyntaxDiagnostic as error:
        return str(error.diagnostic)
    return None


def table(title: str, packages: list[str], modules: Path) -> None:
    """One line per package and a total; every refused file below."""
    files = accepted = 0
    refused: list[str] = []
    print(f"\n{title}\n{'package':44}{'files':>8}{'accepted':>10}")
    for pinned in packages:
        name = pinned.rpartition("@")[0]
        found = sources(modules / name)
        reasons = [(path, refusal(path)) for path in found]
        bad = [f"  {name}: {path.name}: {reason}" for path, reason in reasons if reason]
        print(f"{pinned:44}{len(found):>8}{len(found) - len(bad):>10}")
        files, accepted = files + len(found), accepted + len(found) - len(bad)
        refused += bad
    share = 100 * accepted / files if files else 0.0
    print(f"{'total':44}{files:>8}{accepted:>10}   {share:.2f} %", *refused, sep="\n")


def main(folder: Path) -> None:
    """Install what is missing and print the tables."""
    groups = {"tuned on": TUNED, "held out": HELD_OUT, "held out, never corrected for": FRESH}
    wanted = [name for packages in groups.values() for name in packages]
    modules = folder / "node_modules"
    if not all((modules / name.rpartition("@")[0]).exists() for name in wanted):
        install(folder, wanted)
    start = time.perf_counter()
    for title, packages in groups.items():
        table(title, packages, modules)
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
