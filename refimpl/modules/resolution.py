"""How a specifier finds a module among the files of a project.

Rules of this module:

* A project is a mapping of paths to texts; nothing outside it can be reached.
* `./` and `../` are relative to the importing module, `@/` and `/` to the project, everything
  else is a package: a file of the project under `node_modules/`.
* A specifier may leave out the extension, and may name a folder with an `index` file. TypeScript
  sources may be imported with the extension of the file they compile to.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

EXTENSIONS = (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".json")

#: What an emitted extension may stand for in the source.
SOURCES_OF = {
    ".js": (".js", ".ts", ".tsx", ".jsx"),
    ".jsx": (".jsx", ".tsx"),
    ".mjs": (".mjs", ".mts"),
}


def resolve(specifier: str, referrer: str, files: Collection[str]) -> str | None:
    """The path that `specifier` means inside the module at `referrer`; None when there is none.

    Clause: project.resolution.
    """
    return next((path for path in _candidates(_path(specifier, referrer)) if path in files), None)


def _path(specifier: str, referrer: str) -> str:
    if specifier.startswith(("./", "../")) or specifier in {".", ".."}:
        path = posixpath.join(posixpath.dirname(referrer), specifier)
    elif specifier.startswith("@/"):
        path = specifier.removeprefix("@/")
    elif specifier.startswith("/"):
        path = specifier.removeprefix("/")
    else:
        path = posixpath.join("node_modules", specifier)
    return posixpath.normpath(path)


def _candidates(path: str) -> Iterator[str]:
    yield path
    stem, extension = posixpath.splitext(path)
    for source in SOURCES_OF.get(extension, ()):
        yield stem + source
    for added in EXTENSIONS:
        yield path + added
    for added in EXTENSIONS:
        yield posixpath.join(path, "index" + added)
