"""The parts of the specification that a machine reads, and where to find them on disk."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

FOLDER = Path(__file__).parent


def path(name: str) -> Path:
    """Where the part called `name` is: a grammar, a schema, `choices.yaml` or `SPEC.md`.

    In a checkout SPEC.md stands beside this folder; in a wheel it is inside.
    """
    inside = FOLDER / name
    return inside if inside.exists() else FOLDER.parent / name


def read(name: str) -> str:
    """The text of the part called `name`."""
    return path(name).read_text(encoding="utf-8")


def sentence(slug: str) -> str:
    """What SPEC.md says in the clause `slug`; empty when there is no such clause."""
    lines = iter(read("SPEC.md").splitlines())
    header = f"> **`{slug}`**"
    if not any(line.startswith(header) for line in lines):
        return ""
    quoted = takewhile(lambda line: line.startswith(">"), lines)
    return " ".join(line.removeprefix(">").strip() for line in quoted)
