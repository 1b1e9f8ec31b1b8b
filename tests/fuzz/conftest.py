"""A Redis server and a Dask cluster on this machine, for one test module each."""

import os
import shutil
import socket
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    """The URL of a Redis server that nobody else uses."""
    command = shutil.which("redis-server")
    if command is None:
        assert "CI" not in os.environ, "CI installs redis-server"
        pytest.skip("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    options = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder))
    server = subprocess.Popen([command, *options], stdout=subprocess.PIPE, text=True)
    with server:
        assert server.stdout is not None
        assert any("Ready to accept connections" in line for line in server.stdout)
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


#: Says where it listens, and ends when nobody holds its standard input any more.
CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@pytest.fixture(scope="module")
def dask_address(tmp_path_factory):
    """The address of a scheduler whose two workers are processes of their own.

    The scheduler is a process too: its threads draw random numbers whenever they like, and
    Hypothesis takes those for draws of the strategy that is running.
    """
    pytest.importorskip("distributed", reason="Dask is not installed")
    script = tmp_path_factory.mktemp("dask") / "cluster.py"
    script.write_text(CLUSTER, "utf-8")
    process = subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
