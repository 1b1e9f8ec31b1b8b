"""The catalogue of real implementations: one folder each, described by its `manifest.yaml`.

Rules of this module:

* A manifest says what is declared about an implementation, and with what evidence; it is written once and reaches
  the adapter through its environment.
* Each pinned version has a folder with its lock file and its known failures.
* What cannot be driven has a manifest too, and says why in one sentence.
* A version may be opt-in, and says why: it is run by whoever names it, and is no part of a run of everything.
* An implementation that is known but cannot run here has a `problem`; one that is not known is refused.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import digests, yaml_source
from conformance.implementations import installation
from conformance.problems import Place, Problem, Refused
from conformance.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
SHARED = FOLDER / "_shared"
SHOWN = "conformance/implementations"
KIND = "implementations"
KNOWN_FAILURES = "known-failures.yaml"
REQUIRED = ("name", "title", "upstream")
FIELDS = (
    *REQUIRED,
    *("versions", "opt-in", "packages", "node", "command", "capabilities", "choices", "how"),
    *("ahead", "patience", "why-not"),
)
OLDEST_NODE = (20, 0)
#: The same program in the same place of the world, whoever runs it.
REPRODUCIBLE = {"TZ": "UTC", "NO_COLOR": "1", "NODE_OPTIONS": ""}


@dataclass(frozen=True, slots=True)
class Declaration:
    """The option an implementation declares for a choice, and what shows it.

    One that does none of what a choice names has no option: it declares nothing, and the evidence tells why.
    """

    option: str | None
    evidence: str
    #: Versions that are an exception, with their options.
    exceptions: Mapping[str, str] = field(default_factory=dict)

    def of(self, version: str) -> str | None:
        """The option of one version."""
        return self.exceptions.get(version, self.option)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known about an implementation without running it."""

    folder: Path
    name: str
    title: str
    #: Where its maintainers take reports.
    upstream: str
    #: Newest first; empty when it cannot be driven.
    versions: tuple[str, ...] = ()
    #: Versions that only run when they are asked for, with the reason.
    opt_in: Mapping[str, str] = field(default_factory=dict)
    #: The implementation whose lock files it uses: another way to drive the same packages.
    packages: str | None = None
    #: The oldest Node.js that runs its adapter.
    node: tuple[int, int] = OLDEST_NODE
    command: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    choices: Mapping[str, Declaration] = field(default_factory=dict)
    #: How its adapter drives it, and what stands in for the parts that are not run.
    how: str = ""
    #: How many questions it is sent ahead, families among them, where it takes many at once.
    ahead: int | None = None
    #: How many seconds an answer may take, where that is more than is usual.
    patience: int = 0
    #: Why it cannot be driven.
    why_not: str | None = None

    @property
    def ordinary(self) -> tuple[str, ...]:
        """The versions that a run of everything runs."""
        return tuple(version for version in self.versions if version not in self.opt_in)

    def locked(self, version: str) -> Path:
        """The folder that pins the packages of a version."""
        return self.folder.parent / (self.packages or self.name) / version

    def declared(self, version: str) -> str:
        """What the adapter repeats when it is greeted, as JSON."""
        options = {
            choice: option
            for choice, declaration in self.choices.items()
            if (option := declaration.of(version)) is not None
        }
        return json.dumps(
            {"name": self.name, "capabilities": self.capabilities, "choices": options}
        )


@dataclass(frozen=True, slots=True)
class Implementation:
    """One version of an implementation, ready to be asked unless there is a `problem`."""

    name: str
    version: str
    command: tuple[str, ...]
    #: To be added to the environment of the process.
    environment: Mapping[str, str]
    #: The file that lists them; it need not exist.
    known_failures: Path
    #: Why it cannot run here, in one line: its items are unsupported.
    problem: str | None = None
    #: The files its adapter is made of, and what pins the packages it drives.
    adapter: tuple[Path, ...] = ()
    lock: Path | None = None
    #: As in its manifest.
    ahead: int | None = None
    patience: int = 0


def manifests(folder: Path = FOLDER) -> list[Manifest]:
    """Everything in the catalogue, by name."""
    return [_read(path.parent) for path in sorted(folder.glob("*/manifest.yaml"))]


def find(wanted: str, folder: Path = FOLDER) -> Implementation:
    """The implementation called `name` or `name@version`, its packages installed.

    Refused when there is no such implementation. One that cannot be installed here has a `problem`,
    or is refused too where `installation.required()` says so.
    """
    name, _, version = wanted.partition("@")
    manifest = _manifest(name, folder)
    if manifest.why_not:
        return _unable(manifest, version, manifest.why_not)
    version = _version(manifest, version)
    locked = manifest.locked(version)
    try:
        installation.check_node(manifest.node)
        packages = installation.install(_cached(locked), locked)
    except installation.InstallationError as error:
        if installation.required():
            raise _refused(
                "not-installed", str(error), Place(f"{SHOWN}/{name}/{version}")
            ) from error
        return _unable(manifest, version, str(error))
    return Implementation(
        name,
        version,
        tuple(_placed(part, manifest.folder) for part in manifest.command),
        {
            "USE_SERVER_PACKAGES": str(packages),
            "USE_SERVER_DECLARED": manifest.declared(version),
            **REPRODUCIBLE,
        },
        manifest.folder / version / KNOWN_FAILURES,
        adapter=_adapter_files(manifest),
        lock=locked / installation.LOCK_FILE,
        ahead=manifest.ahead,
        patience=manifest.patience,
    )


def installed(manifest: Manifest) -> tuple[str, ...]:
    """The versions whose packages are in the cache."""
    return tuple(
        version
        for version in manifest.versions
        if installation.is_installed(_cached(manifest.locked(version)), manifest.locked(version))
    )


def _cached(locked: Path) -> str:
    """The name of a lock's packages: several implementations may be installed from one lock."""
    return f"{locked.parent.name}@{locked.name}"


def _adapter_files(manifest: Manifest) -> tuple[Path, ...]:
    """What stands beside the version folders, and what all adapters share."""
    own = [path for path in manifest.folder.iterdir() if path.name not in manifest.versions]
    return tuple(file for place in (*own, SHARED) for file in digests.files_below(place))


def _placed(part: str, folder: Path) -> str:
    """A part of a command: `{folder}` is that of the implementation, `{shared}` what all share."""
    return part.replace("{folder}", str(folder)).replace("{shared}", str(SHARED))


def _unable(manifest: Manifest, version: str, problem: str) -> Implementation:
    known_failures = manifest.folder / version / KNOWN_FAILURES
    return Implementation(manifest.name, version, (), {}, known_failures, problem)


def _manifest(name: str, folder: Path) -> Manifest:
    if name and (folder / name / "manifest.yaml").is_file() and Path(name).name == name:
        return _read(folder / name)
    known = [manifest.name for manifest in manifests(folder)]
    raise _refused(
        "unknown", f"there is no implementation called {name!r}", Place(SHOWN), _near(name, known)
    )


def _version(manifest: Manifest, wanted: str) -> str:
    if not wanted:
        return manifest.versions[0]
    if wanted in manifest.versions:
        return wanted
    place = Place(f"{SHOWN}/{manifest.name}")
    message = f"{manifest.name} {wanted} is not in the catalogue"
    raise _refused("unknown-version", message, place, _near(wanted, manifest.versions))


def _near(wanted: str, known: list[str] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(wanted, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"


def _refused(code: str, message: str, place: Place, fix: str | None = None) -> Refused:
    return Refused(Problem(f"{KIND}.{code}", message, place, fix))


def _read(folder: Path) -> Manifest:
    shown = f"{SHOWN}/{folder.name}/manifest.yaml"
    node = yaml_source.compose(
        yaml_source.read_text(folder / "manifest.yaml", shown, KIND), shown, KIND
    )
    if node is None:
        raise _refused("empty", "the manifest is empty", Place(shown))
    written = Written(node, shown, KIND)
    fields = written.fields(FIELDS, REQUIRED)
    if fields["name"].text() != folder.name:
        fields["name"].refuse("wrong-name", f"the name is not that of its folder, {folder.name!r}")
    if ("versions" in fields) == ("why-not" in fields):
        written.refuse("invalid-value", "a manifest has either versions or why-not")
    versions = _texts(fields, "versions")
    return Manifest(
        folder,
        fields["name"].text(),
        fields["title"].text(),
        fields["upstream"].text(),
        versions,
        _opt_in(fields, versions),
        fields["packages"].text() if "packages" in fields else None,
        _node_version(fields),
        _texts(fields, "command"),
        _texts(fields, "capabilities"),
        _choices(fields),
        fields["how"].text() if "how" in fields else "",
        fields["ahead"].integer() if "ahead" in fields else None,
        fields["patience"].integer() if "patience" in fields else 0,
        fields["why-not"].text() if "why-not" in fields else None,
    )


def _texts(fields: Mapping[str, Written], name: str) -> tuple[str, ...]:
    return fields[name].texts() if name in fields else ()


def _opt_in(fields: Mapping[str, Written], versions: tuple[str, ...]) -> dict[str, str]:
    if "opt-in" not in fields:
        return {}
    reasons = {}
    for version, reason in fields["opt-in"].entries():
        if version not in versions:
            reason.refuse("invalid-value", f"{version} is not one of the versions")
        reasons[version] = reason.text()
    return reasons


def _node_version(fields: Mapping[str, Written]) -> tuple[int, int]:
    if "node" not in fields:
        return OLDEST_NODE
    major, dot, minor = fields["node"].text().partition(".")
    if not (dot and major.isdigit() and minor.isdigit()):
        fields["node"].refuse(
            "invalid-value", "a version of Node.js is written 'major.minor', quoted"
        )
    return int(major), int(minor)


def _choices(fields: Mapping[str, Written]) -> dict[str, Declaration]:
    if "choices" not in fields:
        return {}
    declared = {}
    for choice, written in fields["choices"].entries():
        parts = written.fields(("option", "evidence", "except"), ("evidence",))
        exceptions = parts["except"].entries() if "except" in parts else []
        declared[choice] = Declaration(
            parts["option"].text() if "option" in parts else None,
            parts["evidence"].text(),
            {version: option.text() for version, option in exceptions},
        )
    return declared
