"""How a specifier finds a module among the files of a project.

Rules of this module:

* A project is a mapping of paths to texts; nothing outside it can be reached.
* `./` and `../` are relative to the importing module, `@/` and `/` to the project, everything
  else is a package: a file of the project under `node_modules/`.
* A specifier may leave out the extension, and may name a folder with an `index` file. TypeScript
  sources may be imported with the extension of the file they compile to.
* A package that has no such file says in its `package.json` which file it means.
"""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXTENSIONS = (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".json")

#: What an emitted extension may stand for in the source.
SOURCES_OF = {
    ".js": (".js", ".ts", ".tsx", ".jsx"),
    ".jsx": (".jsx", ".tsx"),
    ".mjs": (".mjs", ".mts"),
}

PACKAGES = "node_modules"

#: Conditions of `exports` in a package.json that hold here.
CONDITIONS = ("import", "module", "default")


def resolve(specifier: str, referrer: str, files: Mapping[str, str]) -> str | None:
    """The path that `specifier` means inside the module at `referrer`; None when there is none.

    Clause: project.resolution.
    """
    path = _path(specifier, referrer)
    found = next((candidate for candidate in _candidates(path) if candidate in files), None)
    if found is None and path.startswith(f"{PACKAGES}/"):
        found = _package_export(path.removeprefix(f"{PACKAGES}/"), files)
    return found


def _path(specifier: str, referrer: str) -> str:
    if specifier.startswith(("./", "../")) or specifier in {".", ".."}:
        path = posixpath.join(posixpath.dirname(referrer), specifier)
    elif specifier.startswith("@/"):
        path = specifier.removeprefix("@/")
    elif specifier.startswith("/"):
        path = specifier.removeprefix("/")
    else:
        path = posixpath.join(PACKAGES, specifier)
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


def _package_export(specifier: str, files: Mapping[str, str]) -> str | None:
    """The file that the package of `specifier` names for it in its package.json."""
    parts = specifier.split("/")
    length = 2 if specifier.startswith("@") else 1
    folder = posixpath.join(PACKAGES, *parts[:length])
    subpath = "/".join((".", *parts[length:]))
    try:
        manifest = json.loads(files.get(f"{folder}/package.json", "{}"))
    except ValueError:
        return None
    if not isinstance(manifest, dict):
        return None
    target = _conditional(_exports(manifest).get(subpath))
    if target is None and subpath == ".":
        target = manifest.get("module") or manifest.get("main")
    if not isinstance(target, str):
        return None
    path = posixpath.normpath(posixpath.join(folder, target))
    return next((candidate for candidate in _candidates(path) if candidate in files), None)


def _exports(manifest: dict[str, Any]) -> dict[str, Any]:
    """The `exports` of a manifest by subpath; its short forms stand for `.`."""
    exports = manifest.get("exports", {})
    if isinstance(exports, dict) and all(key.startswith(".") for key in exports):
        return exports
    return {".": exports}


def _conditional(target: Any) -> str | None:
    """The first file among nested conditions that hold."""
    while isinstance(target, dict):
        target = next((target[name] for name in target if name in CONDITIONS), None)
    return target if isinstance(target, str) else None
