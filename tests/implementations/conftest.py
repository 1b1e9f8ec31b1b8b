"""Node.js for the tests that need it, and an npm that does what a test says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.implementations import catalogue, installation
from conformance.transports import Stdio

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def shared() -> Path:
    """The folder of the JavaScript that all adapters share."""
    return Path(installation.__file__).parent / "_shared"


@pytest.fixture
def node() -> str:
    """The path of Node.js; without it the test is skipped, in CI it fails."""
    try:
        installation.check_node((20, 0))
    except installation.InstallationError as error:
        if installation.required():
            raise
        pytest.skip(str(error))
    found = shutil.which("node")
    assert found is not None, "check_node has found it"
    return found


@pytest.fixture
def evaluate(node: str, shared: Path, tmp_path: Path) -> Callable[..., Any]:
    """Runs a module against the shared JavaScript and gives what it passes to `tell`."""

    def run(source: str, given: object = None) -> Any:
        program = tmp_path / "program.mjs"
        prelude = "const given = JSON.parse(process.env.GIVEN); const tell = (v) => console.log(JSON.stringify(v));\n"
        imports = [line for line in source.splitlines() if line.startswith("import ")]
        rest = [line for line in source.splitlines() if not line.startswith("import ")]
        text = "\n".join([*imports, prelude, *rest]).replace("SHARED/", shared.as_uri() + "/")
        program.write_text(text, encoding="utf-8")
        finished = subprocess.run(
            [node, "--experimental-vm-modules", "--no-warnings", program],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            env={**os.environ, "GIVEN": json.dumps(given)},
        )
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)

    return run


class FakeNpm:
    """Stands in for npm on PATH, and keeps count of its calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "calls.log"
        self.does("mkdir node_modules && echo installed > node_modules/marker")

    def does(self, script: str) -> None:
        """What the next calls do, in shell, in the folder with the lock file."""
        program = self.folder / "npm"
        program.write_text(f'#!/bin/sh\necho "$@" >> {self.log}\n{script}\n', encoding="utf-8")
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        """The arguments of every call so far."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeNpm:
    """An npm on PATH that installs one file, and a cache of its own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("USE_SERVER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CI", raising=False)
    return FakeNpm(folder)


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A folder with a lock file."""
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "package.json").write_text("{}", encoding="utf-8")
    (folder / "package-lock.json").write_text('{"lockfileVersion": 3}', encoding="utf-8")
    return folder


@pytest.fixture
def elsewhere() -> Callable[[Path], subprocess.Popen[str]]:
    """Starts the installation in another process, as a worker of pytest-xdist would."""

    def start(locked: Path) -> subprocess.Popen[str]:
        program = (
            "import sys; from pathlib import Path; from conformance.implementations import installation;"
            "print(installation.install('fake@1', Path(sys.argv[1])))"
        )
        return subprocess.Popen(
            [sys.executable, "-c", program, str(locked)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    return start


@pytest.fixture(scope="session")
def started() -> Callable[[str], Stdio]:
    """Starts the adapter of an implementation; the test is skipped where its packages cannot be had."""

    def start(wanted: str) -> Stdio:
        found = catalogue.find(wanted)
        if found.problem:
            assert not installation.required()
            pytest.skip(found.problem)
        adapter = Stdio(found.command, found.environment)
        adapter.start()
        return adapter

    return start


@pytest.fixture(scope="session")
def asked() -> Callable[..., Any]:
    """What an adapter answers: what is in `ok`, or the whole reply."""

    def ask(adapter: Stdio, op: str, **fields: object) -> Any:
        reply = adapter.ask({"op": op, **fields}, timeout=60)
        assert isinstance(reply, dict)
        return reply.get("ok", reply)

    return ask
