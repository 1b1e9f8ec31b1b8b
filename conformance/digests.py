"""What identifies a corpus, an adapter, a document: digests that are the same on every machine."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from conformance import corpus

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

#: What a build leaves behind is no part of what was written.
LEFT_BEHIND = ("__pycache__", "node_modules")


def of_corpus(root: Path) -> str:
    """The digest of the files of a corpus."""
    return of_files(corpus.files_of(root))


def of_files(paths: Collection[Path]) -> str:
    """The digest of some files: their bytes, and their names below the folder they have in common."""
    root = os.path.commonpath([path.parent for path in paths]) if paths else ""
    named = sorted((path.relative_to(root).as_posix(), path) for path in paths)
    total = hashlib.sha256()
    for name, path in named:
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return f"sha256:{total.hexdigest()}"


def of_data(data: Any) -> str:
    """The digest of JSON data, whatever the order of its keys."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def files_below(folder: Path) -> list[Path]:
    """Every file somebody wrote below a folder, or the one file that it is."""
    if folder.is_file():
        return [folder]
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not set(path.parts).intersection(LEFT_BEHIND)
    )
