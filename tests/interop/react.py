"""Real React in a Node.js process, asked in batches. One process per version and mode."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from conformance.implementations import installation
from conformance.notation import tagged

HERE = Path(__file__).parent
VERSIONS = ("19.3.1", "19.2.9", "19.1.10", "19.0.9")


class React:
    """Both halves of react-server-dom-webpack at one version."""

    def __init__(self, version: str, *, development: bool = False) -> None:
        self.development = development
        installation.check_node((20, 0))
        packages = installation.install(f"react-{version}", HERE / f"react-{version}")
        node = shutil.which("node")
        assert node is not None, "check_node has found it"
        mode = "development" if development else "production"
        self.process = subprocess.Popen(
            [node, "--no-warnings", "--conditions", "react-server", HERE / "peer.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "USE_SERVER_PACKAGES": str(packages), "NODE_ENV": mode, "TZ": "UTC"},
        )

    def ask(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The replies to a batch."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(requests) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the peer has ended"
        replies: list[dict[str, Any]] = json.loads(line)
        return replies

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


def body_of(reply: dict[str, Any]) -> bytes:
    """The bytes in a reply."""
    return base64.b64decode(reply["body"])


def in_base64(body: bytes) -> str:
    """Bytes as a request carries them."""
    return base64.b64encode(body).decode()


def value_of(reply: dict[str, Any]) -> Any:
    """The value in a reply, in the notation."""
    return tagged.decode(reply["value"])
