"""The layers of the house: a folder imports only the folders to its left."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: Left to right, as design and README have it.
ORDER = (
    "source",
    "language",
    "modules",
    "functions",
    "references",
    "values",
    "calls",
    "forms",
    "application",
    "serving",
)
#: `wire` may use the contract and what is left of it; only `application` may use `wire`.
WIRE_MAY_USE = ORDER[: ORDER.index("values") + 1]
ENTRANCES = ("__init__", "__main__", "cli")

#: The only modules of the suite that may know the reference.
KNOWS_REFERENCE = (
    "conformance/adapters/refimpl.py",
    "conformance/adapters/gathering.py",
    "conformance/adapters/observation.py",
    "conformance/adapters/requests.py",
    "conformance/adapters/model_notation.py",
    "conformance/adapters/wire.py",
    "conformance/adapters/forms.py",
    "conformance/mutants/",
    # It reads programs to make them smaller, and judges nothing by what it reads.
    "conformance/fuzz/reduction/programs.py",
)


def imported_modules(path):
    """The absolute names that a file imports, at the top or inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{path}: relative import"
            yield node.module


def folder_of(path):
    parts = path.relative_to(ROOT / "refimpl").parts
    return parts[0].removesuffix(".py")


def permitted(folder):
    if folder in ENTRANCES:
        return {*ORDER, "wire", *ENTRANCES}
    if folder == "wire":
        return {*WIRE_MAY_USE, "wire"}
    allowed = set(ORDER[: ORDER.index(folder) + 1])
    return allowed | {"wire"} if folder == "application" else allowed


FILES = sorted((ROOT / "refimpl").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_imports_only_folders_to_its_left(path):
    folder = folder_of(path)
    for name in imported_modules(path):
        package, _, rest = name.partition(".")
        assert package != "conformance", f"{path} imports the suite"
        if package == "refimpl" and rest:
            assert rest.split(".")[0] in permitted(folder), f"{folder} imports {name}"


SUITE = sorted((ROOT / "conformance").rglob("*.py"))


@pytest.mark.parametrize("path", SUITE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_suite_knows_the_reference_only_in_its_adapter(path):
    if path.relative_to(ROOT).as_posix().startswith(KNOWS_REFERENCE):
        return
    assert not [name for name in imported_modules(path) if name.split(".")[0] == "refimpl"]
