"""What stands behind `--impl`: a catalogue entry, a command, or a Python module.

Rules of this module:

* `cmd:COMMAND …` is a process that speaks JSON lines.
* `refimpl` is the reference; another bare name, `name@version` too, is a catalogue entry.
* Anything else is a Python module with a function `conformance_adapter(message)` or a class
  `ConformanceAdapter` with one method per operation.
* What cannot be found is one line that lists what can. What is found and does not start is a
  verdict of the run, so that other implementations go on.
"""

from __future__ import annotations

import importlib
import importlib.util
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spec
from conformance import adapters, digests
from conformance.transports import AdapterFailure, InProcess, Stdio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from conformance.protocol import Request
    from conformance.transports import Transport

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent
COMMAND = "cmd:"
REFERENCE = "refimpl"
REFERENCE_ADAPTER = "conformance.adapters.refimpl"


class UnknownImplementation(LookupError):  # noqa: N818  (it names what was looked for)
    """No implementation goes by this name."""


@dataclass(frozen=True, slots=True)
class Implementation:
    """Something that can be asked."""

    #: What it is called in ids, summaries and reports.
    label: str
    #: What was written behind `--impl`, for the rerun command.
    option: str
    connect: Callable[[], Transport]
    known_failures: Path | None = None
    #: Why it cannot be asked on this machine, if so: one line.
    problem: str | None = None
    #: The files the adapter is made of, and the lock file of what it drives.
    adapter: tuple[Path, ...] = ()
    lock: Path | None = None
    #: The interpreter it runs in, where that is not this one.
    interpreter: str | None = None
    #: How many seconds it may always take for an answer.
    patience: float = 0.0

    def seals(self) -> dict[str, str | None]:
        """What identifies the adapter and what it drives; None where there is no file to tell."""
        return {
            "adapter": digests.of_files(self.adapter) if self.adapter else None,
            "lock": digests.of_files([self.lock]) if self.lock else None,
        }


def find_all(options: Sequence[str]) -> list[Implementation]:
    """The implementations behind some `--impl` options, with labels that tell them apart."""
    found: list[Implementation] = []
    for option in dict.fromkeys(options):
        implementation = find(option)
        taken = [other.label for other in found]
        label = implementation.label
        if label in taken:
            label = next(f"{label}-{n}" for n in range(2, 99) if f"{label}-{n}" not in taken)
        found.append(replace(implementation, label=label))
    return found


def find(option: str) -> Implementation:
    """The implementation behind one `--impl` option."""
    if option.startswith(COMMAND):
        return _command(option)
    if option == REFERENCE:
        return _module(
            REFERENCE, REFERENCE_ADAPTER, [PACKAGE / "adapters", CHECKOUT / "refimpl", spec.FOLDER]
        )
    if entry := _catalogued(option):
        return entry
    if origin := _origin_of_module(option):
        return _module(option, option, [origin])
    known = ", ".join([REFERENCE, *_catalogue_names()])
    raise UnknownImplementation(
        f"implementation.unknown: there is no implementation {option!r}. Known are {known}. "
        "Otherwise give cmd:COMMAND for a process or the name of an importable Python module."
    )


def _command(option: str) -> Implementation:
    try:
        command = shlex.split(option.removeprefix(COMMAND))
    except ValueError as error:
        raise UnknownImplementation(f"implementation.bad-command: {option!r}: {error}") from None
    if not command:
        raise UnknownImplementation("implementation.bad-command: there is no command after cmd:")
    label = Path(command[-1]).name
    files = tuple(path for word in command[1:] if (path := Path(word).absolute()).is_file())
    return Implementation(
        label, option, lambda: Stdio(command), adapter=files, interpreter=command[0]
    )


def _module(label: str, name: str, places: Iterable[Path]) -> Implementation:
    files = [path for place in places for path in digests.files_below(place)]
    return Implementation(label, label, lambda: InProcess(_importer(name)), adapter=tuple(files))


def _catalogued(option: str) -> Implementation | None:
    from conformance.implementations import catalogue  # noqa: PLC0415  (only when it is asked)

    if option.partition("@")[0] not in _catalogue_names():
        return None
    entry = catalogue.find(option)
    return Implementation(
        option,
        option,
        lambda: Stdio(entry.command, entry.environment, entry.ahead),
        entry.known_failures,
        entry.problem,
        entry.adapter,
        entry.lock,
        "node",
        entry.patience,
    )


def _catalogue_names() -> list[str]:
    from conformance.implementations import catalogue  # noqa: PLC0415  (only when it is asked)

    return [manifest.name for manifest in catalogue.manifests()]


def _origin_of_module(name: str) -> Path | None:
    """The file of the module of this name, if Python can find one; the working directory counts."""
    if not all(part.isidentifier() for part in name.split(".")):
        return None
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    try:
        found = importlib.util.find_spec(name)
    except ImportError:
        return None
    return Path(found.origin) if found and found.origin else None


def _importer(name: str) -> Callable[[], Callable[[Request], Any]]:
    def load() -> Callable[[Request], Any]:
        module = importlib.import_module(name)
        if function := getattr(module, "conformance_adapter", None):
            adapter: Callable[[Request], Any] = function
            return adapter
        if kind := getattr(module, "ConformanceAdapter", None):
            return adapters.from_class(kind)
        message = f"the module {name} has no conformance_adapter and no ConformanceAdapter"
        fix = "define conformance_adapter(message) in it; python -m conformance init shows how"
        raise AdapterFailure("adapter.no-entry-point", message, fix=fix)

    return load
