"""Reading what the command line names: files, and folders of files.

Rules of this module:

* A folder is searched for modules; hidden folders and `node_modules` inside it are left out.
* What cannot be read is a diagnostic with a code of the family `input`, and the rest goes on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from refimpl.modules.graph import is_module
from refimpl.source.diagnostics import Diagnostic, SyntaxDiagnostic
from refimpl.source.text import MAXIMUM_SIZE, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A folder with this name holds other people's code: it is searched only when named itself.
PACKAGES = "node_modules"


def sources(arguments: Iterable[str]) -> Iterator[Source | Diagnostic]:
    """The sources behind some arguments, in order; a diagnostic for each that cannot be read."""
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            yield from map(read, sorted(_modules_below(path)))
        else:
            yield read(path)


def read(path: Path) -> Source | Diagnostic:
    """The source in one file, or why there is none."""
    name = path.as_posix()
    try:
        if path.is_dir():
            return problem("input.directory", "this is a directory, not a file", name)
        size = path.stat().st_size
        if size > MAXIMUM_SIZE:
            text = f"the file has {size:,} bytes; at most {MAXIMUM_SIZE:,} are read"
            return problem("input.too-large", text, name)
        return Source.from_bytes(name, path.read_bytes())
    except SyntaxDiagnostic as error:
        return error.diagnostic
    except FileNotFoundError:
        return problem("input.missing", "there is no such file", name)
    except OSError as error:
        return problem("input.unreadable", f"the file cannot be read: {error.strerror}", name)


def problem(code: str, message: str, name: str) -> Diagnostic:
    """A diagnostic about a whole file."""
    return Diagnostic(code, message, name, 0, 0, 1, 1)


def _modules_below(folder: Path) -> Iterator[Path]:
    pending = [folder]
    while pending:
        for entry in sorted(pending.pop().iterdir()):
            if entry.is_symlink():
                continue
            if entry.is_dir():
                if entry.name != PACKAGES and not entry.name.startswith("."):
                    pending.append(entry)
            elif is_module(entry.name):
                yield entry
