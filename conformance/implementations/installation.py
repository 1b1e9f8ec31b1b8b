"""Installing the packages of an implementation from its lock file, once, into a cache of the user.

Rules of this module:

* What is installed is decided by the lock file alone, and the cache is keyed by its digest.
* A folder in the cache is complete: npm works in a folder of its own, which is renamed at the end.
* One process installs, the others wait for it. What an interrupted one left behind is removed by the next.
* Package scripts never run. Everything is bounded in time. What is in the cache needs no network.
* Whatever goes wrong is one line, an `InstallationError`.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import fcntl
except (
    ImportError
):  # Windows has no flock: two processes then install side by side, and one rename wins
    fcntl = None  # type: ignore[assignment]  # the module is absent, which is what None says

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_FILE = "package-lock.json"
INSTALL_SECONDS = 600.0
WAIT_SECONDS = 0.2
NODE_SECONDS = 20.0
NPM_CI = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--omit=peer",  # webpack, which react-server-dom-webpack names as a peer and no adapter loads
    "--loglevel=error",
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
    "--fetch-timeout=60000",
)


class InstallationError(Exception):
    """The packages are not there and cannot be brought; the text is one line."""


def required() -> bool:
    """Whether a failed installation is an error rather than a reason to leave items out.

    On a developer's machine an implementation that cannot be installed is reported as unsupported.
    In continuous integration that would be a check that silently checks nothing.
    """
    return os.environ.get("CI", "").lower() in {"1", "true"}


def cache() -> Path:
    """The folder that keeps installed packages: `USE_SERVER_CACHE`, or the user's cache."""
    if chosen := os.environ.get("USE_SERVER_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "use-server-conformance"


def is_installed(name: str, locked: Path) -> bool:
    """Whether the packages that `locked` pins are in the cache."""
    return _folder(name, locked).is_dir()


def _folder(name: str, locked: Path) -> Path:
    return cache() / f"{name}-{_digest(locked)}"


def install(name: str, locked: Path) -> Path:
    """The folder with the packages that `locked` pins, installed now if they are not there yet."""
    folder = _folder(name, locked)
    if folder.is_dir():
        return folder
    npm = _program("npm", name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder, name):
            if not folder.is_dir():
                _remove_partial(folder)
                _install(npm, name, locked, folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InstallationError(
            f"{name} cannot be installed in {folder.parent}: {reason}"
        ) from error
    return folder


def check_node(minimum: tuple[int, int]) -> None:
    """Refuse a machine without Node.js, or with one that is too old."""
    node = _program("node", "every adapter in JavaScript")
    wanted = ".".join(map(str, minimum))
    try:
        shown = subprocess.run(  # noqa: S603  (node, as found on PATH)
            [node, "--version"], capture_output=True, text=True, timeout=NODE_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        shown = ""
    found = re.match(r"v(\d+)\.(\d+)", shown)
    if not found:
        raise InstallationError(
            f"{node} does not tell its version; install Node.js {wanted} or newer"
        )
    if (int(found[1]), int(found[2])) < minimum:
        raise InstallationError(f"Node.js {wanted} or newer is needed; {node} is {shown.strip()}")


def _program(name: str, needed_by: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise InstallationError(
            f"{name} is not on PATH, and {needed_by} needs it; install Node.js (https://nodejs.org)"
        )
    return found


def _digest(locked: Path) -> str:
    """Names the lock file's content, and the platform, for which npm picks native packages."""
    digest = hashlib.sha256((locked / LOCK_FILE).read_bytes())
    digest.update(f"{sys.platform} {platform.machine()} {platform.libc_ver()[0]}".encode())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(folder: Path, name: str) -> Iterator[None]:
    """While this runs, no other process installs into `folder`; the lock ends with its process."""
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        deadline = time.monotonic() + INSTALL_SECONDS
        told = False
        while fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    reason = f"another process has been installing it for {INSTALL_SECONDS:.0f} s"
                    raise InstallationError(f"{name} is not there yet: {reason}") from None
            if not told:
                _tell(f"waiting for another process that installs {name}")
                told = True
            time.sleep(WAIT_SECONDS)
        yield


def _remove_partial(folder: Path) -> None:
    for left_behind in folder.parent.glob(f"{folder.name}.partial-*"):
        shutil.rmtree(left_behind, ignore_errors=True)


def _install(npm: str, name: str, locked: Path, folder: Path) -> None:
    _tell(f"installing {name} into {folder} (once)")
    began = time.monotonic()
    partial = Path(tempfile.mkdtemp(prefix=f"{folder.name}.partial-", dir=folder.parent))
    try:
        for file in ("package.json", LOCK_FILE):
            shutil.copyfile(locked / file, partial / file)
        _run_npm(npm, name, partial)
        if not folder.is_dir():
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _tell(f"installed {name} in {time.monotonic() - began:.0f} s")


def _run_npm(npm: str, name: str, partial: Path) -> None:
    process = subprocess.Popen(  # noqa: S603  (npm, as found on PATH, with fixed arguments)
        [npm, *NPM_CI],
        cwd=partial,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        _, complaints = process.communicate(timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        reason = f"npm did not finish in {INSTALL_SECONDS:.0f} s"
        raise InstallationError(f"{name} cannot be installed: {reason}") from None
    finally:
        _end(process)
    if process.returncode != 0:
        raise InstallationError(f"{name} cannot be installed: {_first_complaint(complaints)}")


def _end(process: subprocess.Popen[str]) -> None:
    """End npm and what it started, when it is still running."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _first_complaint(complaints: str) -> str:
    """What npm says went wrong, in one line: its error code and its first sentence."""
    said = [
        line.split(" ", 2)[2]
        for line in complaints.splitlines()
        if re.match(r"npm (?:error|ERR!) \S", line)
    ]
    said = [
        line.strip() for line in said if not line.startswith(("A complete log", "errno", "syscall"))
    ]
    return f"npm: {'; '.join(said[:2])}" if said else "npm failed without a message"


def _tell(text: str) -> None:
    print(f"use-server: {text}", file=sys.stderr, flush=True)  # noqa: T201  (a progress line for people)
