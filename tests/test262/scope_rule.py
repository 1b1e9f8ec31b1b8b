"""Which test262 files count, decided by named rules that are code, and what a file says of itself.

Rules of this module:

* There are two questions: does a file count for *parsing*, and does it count for *evaluation*.
  Each has a list of exclusions; the first that applies names the reason, and runners count them.
* A reason is about what a file needs, never about whether it passes.
* Every file that counts is judged in strict code: files without flags by their strict half.

Measured against tc39/test262 at be13516 (2026-08-07).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_FRONT_MATTER = re.compile(r"/\*---(.*?)---\*/", re.DOTALL)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Test:
    """One file of test262."""

    #: Relative to the folder `test`, with forward slashes.
    path: str
    text: str
    flags: frozenset[str]
    features: frozenset[str]
    includes: tuple[str, ...]
    #: Of a test that must fail: "parse", "resolution" or "runtime", and the error's name.
    negative_phase: str | None
    negative_type: str | None

    @property
    def goal(self) -> str:
        """The goal symbol of the grammar."""
        return "module" if "module" in self.flags else "script"

    @property
    def body(self) -> str:
        """The text without comments, roughly: what a textual rule may look at."""
        return re.sub(r"/\*.*?\*/|//[^\n]*", "", self.text, flags=re.DOTALL)


def read(root: Path, path: Path) -> Test:
    """Read a file of the checkout at `root`."""
    text = path.read_bytes().decode("utf-8")
    found = _FRONT_MATTER.search(text)
    matter = (yaml.load(found[1].replace("\r", "\n"), Loader=_LOADER) or {}) if found else {}  # noqa: S506 -- a safe loader, in C where there is one
    negative = matter.get("negative") or {}
    return Test(
        path=path.relative_to(root / "test").as_posix(),
        text=text,
        flags=frozenset(matter.get("flags") or ()),
        features=frozenset(matter.get("features") or ()),
        includes=tuple(matter.get("includes") or ()),
        negative_phase=negative.get("phase"),
        negative_type=negative.get("type"),
    )


def files(root: Path, *folders: str) -> Iterator[Path]:
    """The test files below some folders of `test`, in order; fixtures are not tests."""
    for folder in folders:
        for path in sorted((root / "test" / folder).rglob("*.js")):
            if "_FIXTURE" not in path.name:
                yield path


# --- exclusions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason for leaving a file out, and how it is recognised."""

    name: str
    applies: Callable[[Test], bool]


def flag(name: str, flag: str) -> Exclusion:
    """Leave out files with a flag."""
    return Exclusion(name, lambda test: flag in test.flags)


def features(name: str, *features: str) -> Exclusion:
    """Leave out files that are tagged with one of these features."""
    return Exclusion(name, lambda test: not test.features.isdisjoint(features))


def folders(name: str, *folders: str) -> Exclusion:
    """Leave out files below one of these folders."""
    prefixes = tuple(f"{folder}/" for folder in folders)
    return Exclusion(name, lambda test: test.path.startswith(prefixes))


def text(name: str, pattern: str) -> Exclusion:
    """Leave out files that have this in their code, unless they are never run."""
    compiled = re.compile(pattern)
    return Exclusion(
        name,
        lambda test: test.negative_phase != "parse" and compiled.search(test.body) is not None,
    )


#: Files that cannot be read as strict code of ES2025.
PARSES = (
    flag("sloppy code (noStrict)", "noStrict"),
    flag("raw", "raw"),
    features("proposal: decorators", "decorators"),
    features("proposal: explicit resource management", "explicit-resource-management"),
    features("proposal: import defer", "import-defer"),
    features(
        "proposal: source phase imports",
        "source-phase-imports",
        "source-phase-imports-module-source",
    ),
    features("proposal: import text and bytes", "import-text", "import-bytes"),
)

#: Files that need something the guest language leaves out.
EVALUATES = (
    *PARSES,
    folders("eval code", "language/eval-code", "built-ins/eval"),
    folders("dynamic import", "language/expressions/dynamic-import"),
    features("dynamic import", "dynamic-import"),
    folders("import attributes", "language/import/import-attributes"),
    features("import attributes", "import-attributes", "json-modules"),
    folders("mapped arguments objects (sloppy)", "language/arguments-object/mapped"),
    folders(
        "regular expressions beyond the kept engine",
        "built-ins/RegExp",
        "built-ins/RegExpStringIteratorPrototype",
    ),
    features(
        "regular expressions beyond the kept engine",
        "regexp-unicode-property-escapes",
        "regexp-v-flag",
        "regexp-modifiers",
        "regexp-duplicate-named-groups",
        "regexp-match-indices",
        "RegExp.escape",
        "legacy-regexp",
        "Symbol.match",
        "Symbol.matchAll",
        "Symbol.replace",
        "Symbol.search",
        "Symbol.split",
        "String.prototype.matchAll",
    ),
    folders("Temporal", "built-ins/Temporal"),
    features("Temporal", "Temporal"),
    folders("shared memory", "built-ins/Atomics", "built-ins/SharedArrayBuffer"),
    features("shared memory", "SharedArrayBuffer", "Atomics", "Atomics.waitAsync", "Atomics.pause"),
    folders("Proxy", "built-ins/Proxy"),
    features("Proxy", "Proxy"),
    folders("realms made by the program", "built-ins/ShadowRealm"),
    features("realms made by the program", "ShadowRealm", "cross-realm"),
    folders(
        "weak references to the collector", "built-ins/WeakRef", "built-ins/FinalizationRegistry"
    ),
    features(
        "weak references to the collector",
        "WeakRef",
        "FinalizationRegistry",
        "FinalizationRegistry.prototype.cleanupSome",
        "host-gc-required",
    ),
    folders("disposal", "built-ins/DisposableStack", "built-ins/AsyncDisposableStack"),
    folders("disposal", "built-ins/SuppressedError"),
    folders(
        "code from strings",
        "built-ins/GeneratorFunction",
        "built-ins/AsyncFunction",
        "built-ins/AsyncGeneratorFunction",
    ),
    folders("text of functions", "built-ins/Function/prototype/toString"),
    folders("module source objects", "built-ins/AbstractModuleSource"),
    folders("%ThrowTypeError% (sloppy)", "built-ins/ThrowTypeError"),
    folders("iterator helpers", "built-ins/Iterator"),
    features(
        "iterator helpers",
        "iterator-helpers",
        "iterator-sequencing",
        "joint-iteration",
        "iterator-chunking",
        "iterator-includes",
    ),
    folders("DataView", "built-ins/DataView"),
    features(
        "growing and moving buffers",
        "resizable-arraybuffer",
        "arraybuffer-transfer",
        "immutable-arraybuffer",
    ),
    features(
        "proposals and additions after ES2025",
        "Array.fromAsync",
        "await-dictionary",
        "upsert",
        "uint8array-base64",
        "Float16Array",
        "Math.sumPrecise",
        "Error.isError",
        "error-stack-accessor",
        "json-parse-with-source",
        "nonextensible-applies-to-private",
    ),
    features("Annex B", "__proto__", "__getter__", "__setter__", "caller", "IsHTMLDDA"),
    features("proper tail calls", "tail-call-optimization"),
    features("Unicode 6 white space", "u180e"),
    text("eval() in the body", r"(?<![.\w$])eval\s*\(|(?<![.\w$])eval\b(?=\s*[;,)\]])"),
    text("Function() in the body", r"(?<![.\w$])(?:Async|Generator)*Function\s*\(|new Function\b"),
    text("import() in the body", r"(?<![.\w$])import\s*\("),
    text("Proxy in the body", r"\bnew Proxy\b|\bProxy\.revocable\b"),
    text(
        "host hooks",
        r"\$262\.(?:agent|createRealm|evalScript|IsHTMLDDA|AbstractModuleSource|detachArrayBuffer)",
    ),
)


def parses(test: Test) -> str | None:
    """Why a file does not count for parsing; None when it does."""
    return _first(PARSES, test)


def evaluates(test: Test) -> str | None:
    """Why a file does not count for evaluation; None when it does."""
    return _first(EVALUATES, test)


def _first(exclusions: tuple[Exclusion, ...], test: Test) -> str | None:
    return next((exclusion.name for exclusion in exclusions if exclusion.applies(test)), None)
