"""Files of cases in the form they were read in, kept in the user's cache.

Rules of this module:

* What is kept is found by a digest of everything it depends on: the bytes of the file, the name it
  is shown by, the choices, and the code that reads cases. So it is never stale and never updated.
* The cache is a convenience. Where it cannot be read or written, cases are read as if there were none.
* It holds pickles, which are programs: a folder that others can write to is not used.
* A file is written beside its place and renamed, so several processes may fill the cache at once.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from conformance import corpus, digests
from conformance.implementations import installation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.choices import Choice
    from conformance.corpus import CaseFile

FOLDER = "cases"
MOST_FILES = 2000
#: What reading a case depends on, besides its text.
PACKAGE = Path(__file__).parent
CODE = (
    *("case.py", "corpus.py", "parsed.py", "presentation.py", "problems.py", "protocol.py"),
    *("written.py", "yaml_source.py", "messages", "notation", "observations"),
)

#: What pickle raises for what it cannot write or read.
UNREADABLE = (
    *(OSError, EOFError, pickle.PickleError, RecursionError),
    *(AttributeError, ImportError, LookupError, TypeError, ValueError),
)


class Reader:
    """Reads files of cases, with one set of choices."""

    def __init__(self, choices: Mapping[str, Choice]) -> None:
        self.choices = choices
        self.folder = _folder()
        self.digest = hashlib.sha256(f"{_code()}{choices!r}".encode()).digest()

    def read(self, path: Path) -> CaseFile:
        """What a file was read as before, or what it is read as now."""
        if self.folder is None or (data := _bytes_of(path)) is None:
            return corpus.read_file(path, self.choices)
        place = f"{path}\0{corpus.shown_path(path)}\0".encode()
        kept = self.folder / hashlib.sha256(self.digest + place + data).hexdigest()
        with contextlib.suppress(*UNREADABLE):
            known: CaseFile = pickle.loads(kept.read_bytes())  # noqa: S301  (only we can write there)
            return known
        found = corpus.read_file(path, self.choices)
        if _bytes_of(path) == data:  # it may have been saved meanwhile
            _keep(kept, found)
        return found


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


@functools.cache
def _code() -> str:
    files = [file for name in CODE for file in digests.files_below(PACKAGE / name)]
    return f"{digests.of_files(files)} {yaml.__version__} {sys.version}"


def _folder() -> Path | None:
    """The folder of the cache, if it can be used and nobody else can write to it."""
    folder = installation.cache() / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    if not hasattr(os, "getuid"):  # Windows: the folders of a user are theirs
        return folder
    others = stat.S_IWGRP | stat.S_IWOTH
    return folder if status.st_uid == os.getuid() and not status.st_mode & others else None


def _keep(path: Path, found: CaseFile) -> None:
    with contextlib.suppress(*UNREADABLE):
        text = pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        Path(name).replace(path)
        _make_room(path.parent)


def _make_room(folder: Path) -> None:
    """Remove the older half of what is kept, when that is a lot."""
    paths = list(folder.iterdir())
    if len(paths) > MOST_FILES:
        by_age = sorted(paths, key=lambda path: path.stat().st_mtime)
        for path in by_age[: MOST_FILES // 2]:
            path.unlink(missing_ok=True)
