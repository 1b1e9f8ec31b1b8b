"""A served project in a process of its own, and what React's client saw of it."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from conformance.implementations import installation

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LOCKED = ROOT / "conformance" / "implementations" / "react" / "19.3.1"
LAST = "actions.js#unsupported"


@contextmanager
def served(*options):
    """The origin of the served project, and its ids by the name of the export."""
    command = [sys.executable, "-m", "refimpl", "serve", HERE / "project", "--port", "0", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        try:
            origin = process.stdout.readline().split(" served at ")[1].split("/ ")[0]
            ids = {}
            while LAST.partition("#")[2] not in ids:
                identifier, name = process.stdout.readline().split()
                ids[name.partition("#")[2]] = identifier
            yield origin, ids
        finally:
            process.kill()


def packages():
    """The folder of React's packages; without Node.js or the registry the test is skipped."""
    try:
        installation.check_node((20, 0))
        return installation.install("react@19.3.1", LOCKED)
    except installation.InstallationError as error:
        if installation.required():
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session", params=["production", "development"])
def seen(request):
    """What the client saw of the reference and of React's own server, by scenario."""
    mode = request.param
    environment = {"USE_SERVER_PACKAGES": str(packages()), "NODE_ENV": mode}
    options = ["--development"] if mode == "development" else []
    with served(*options) as (origin, ids):
        command = [shutil.which("node"), "--no-warnings", "--conditions", "react-server"]
        ended = subprocess.run(
            [*command, HERE / "client.mjs", origin, json.dumps(ids)],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    return json.loads(ended.stdout)
