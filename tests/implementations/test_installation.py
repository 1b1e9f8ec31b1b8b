"""Packages are installed once, whole or not at all, and whatever goes wrong is one line."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from conformance.implementations import installation
from conformance.implementations.installation import InstallationError, check_node, install

Elsewhere = Callable[[Path], Popen[str]]


def leftovers() -> list[str]:
    return [path.name for path in installation.cache().glob("*.partial-*")]


@pytest.mark.usefixtures("npm")
def test_the_packages_of_a_lock_file_are_installed_into_the_cache(locked):
    folder = install("fake@1", locked)

    assert folder.parent == installation.cache()
    assert (folder / "node_modules" / "marker").read_text() == "installed\n"


def test_package_scripts_never_run(npm, locked):
    install("fake@1", locked)

    assert npm.calls[0].startswith("ci --ignore-scripts --no-audit --no-fund")


@pytest.mark.usefixtures("npm")
def test_the_lock_file_stands_beside_what_it_pins(locked):
    folder = install("fake@1", locked)

    assert (folder / "package-lock.json").read_bytes() == (
        locked / "package-lock.json"
    ).read_bytes()


def test_what_is_in_the_cache_starts_no_npm(npm, locked):
    first = install("fake@1", locked)

    assert install("fake@1", locked) == first
    assert len(npm.calls) == 1


@pytest.mark.usefixtures("npm")
def test_what_is_in_the_cache_needs_no_npm(locked, monkeypatch):
    first = install("fake@1", locked)
    monkeypatch.setenv("PATH", "")

    assert install("fake@1", locked) == first


@pytest.mark.usefixtures("npm")
def test_another_lock_file_is_another_folder(locked):
    first = install("fake@1", locked)
    (locked / "package-lock.json").write_text('{"lockfileVersion": 3, "changed": true}')

    assert install("fake@1", locked) != first


@pytest.mark.usefixtures("npm")
def test_people_are_told_that_something_is_installed(locked, capsys):
    install("fake@1", locked)

    assert "use-server: installing fake@1 into" in capsys.readouterr().err


@pytest.mark.usefixtures("npm")
def test_nothing_is_said_about_what_is_in_the_cache(locked, capsys):
    install("fake@1", locked)
    capsys.readouterr()
    install("fake@1", locked)

    assert capsys.readouterr().err == ""


def test_the_folder_in_which_npm_worked_is_renamed_and_not_copied(npm, locked):
    npm.does("ls -di . > inode")

    folder = install("fake@1", locked)

    assert int((folder / "inode").read_text().split()[0]) == folder.stat().st_ino


def test_processes_side_by_side_install_once(npm, locked, elsewhere: Elsewhere):
    npm.does("sleep 0.3; mkdir node_modules")

    workers = [elsewhere(locked) for _ in range(3)]
    folders = {worker.communicate(timeout=60)[0] for worker in workers}

    assert len(folders) == 1
    assert len(npm.calls) == 1


def test_an_interrupted_installation_leaves_no_folder(npm, locked, elsewhere: Elsewhere):
    interrupted(npm, locked, elsewhere)

    assert {path.suffix.partition("-")[0] for path in installation.cache().iterdir()} == {
        ".partial",
        ".lock",
    }


def test_after_an_interruption_the_next_installation_is_whole(npm, locked, elsewhere: Elsewhere):
    interrupted(npm, locked, elsewhere)
    npm.does("mkdir node_modules; echo whole > node_modules/marker")

    folder = install("fake@1", locked)

    assert sorted(path.name for path in (folder / "node_modules").iterdir()) == ["marker"]


def test_the_next_installation_removes_what_was_left_behind(npm, locked, elsewhere: Elsewhere):
    interrupted(npm, locked, elsewhere)
    npm.does("mkdir node_modules")

    install("fake@1", locked)

    assert leftovers() == []


def interrupted(npm, locked: Path, elsewhere: Elsewhere) -> None:
    """Kills an installation half way, as a power cut would."""
    reached = npm.folder / "reached"
    npm.does(
        f"echo $$ > {reached}.pid; mkdir node_modules; touch node_modules/half {reached}; exec sleep 60"
    )
    worker = elsewhere(locked)
    while not reached.exists():
        assert worker.poll() is None, "the installation ended before it could be interrupted"
        time.sleep(0.01)
    worker.kill()
    worker.communicate()
    os.kill(int(Path(f"{reached}.pid").read_text()), 9)


def test_a_failure_is_one_line_with_what_npm_says(npm, locked):
    npm.does(
        "echo 'npm error code ENOTFOUND' >&2; echo 'npm error syscall getaddrinfo' >&2;"
        "echo 'npm error network request to https://registry.npmjs.org/vite failed' >&2; exit 1"
    )

    with pytest.raises(InstallationError) as raised:
        install("fake@1", locked)

    assert str(raised.value) == (
        "fake@1 cannot be installed: npm: code ENOTFOUND; "
        "network request to https://registry.npmjs.org/vite failed"
    )


def test_a_failure_without_a_message_is_still_one_line(npm, locked):
    npm.does("exit 3")

    with pytest.raises(
        InstallationError, match=r"^fake@1 cannot be installed: npm failed without a message$"
    ):
        install("fake@1", locked)


def test_a_failure_leaves_nothing_behind(npm, locked):
    npm.does("mkdir node_modules; exit 1")

    with pytest.raises(InstallationError):
        install("fake@1", locked)

    assert [path.suffix for path in installation.cache().iterdir()] == [".lock"]


def test_after_a_failure_the_next_attempt_can_succeed(npm, locked):
    npm.does("exit 1")
    with pytest.raises(InstallationError):
        install("fake@1", locked)
    npm.does("mkdir node_modules")

    assert (install("fake@1", locked) / "node_modules").is_dir()


def test_an_npm_that_never_ends_is_ended(npm, locked, monkeypatch):
    monkeypatch.setattr(installation, "INSTALL_SECONDS", 0.2)
    npm.does("exec sleep 60")

    with pytest.raises(InstallationError, match="npm did not finish in 0 s"):
        install("fake@1", locked)


def test_another_process_is_not_waited_for_without_end(
    npm, locked, monkeypatch, elsewhere: Elsewhere
):
    npm.does("touch ../reached; exec sleep 2")
    worker = elsewhere(locked)
    while not (installation.cache() / "reached").exists():
        time.sleep(0.01)
    monkeypatch.setattr(installation, "INSTALL_SECONDS", 0.2)

    with pytest.raises(InstallationError, match="another process has been installing it for 0 s"):
        install("fake@1", locked)
    worker.communicate()


@pytest.mark.usefixtures("npm")
def test_a_missing_npm_is_one_line(locked, monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(
        InstallationError, match=r"^npm is not on PATH, and fake@1 needs it; install Node\.js"
    ):
        install("fake@1", locked)


@pytest.mark.usefixtures("npm")
def test_a_cache_that_cannot_be_written_is_one_line(locked, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("USE_SERVER_CACHE", str(tmp_path / "file" / "cache"))

    with pytest.raises(
        InstallationError, match=r"^fake@1 cannot be installed in .*: not a directory$"
    ):
        install("fake@1", locked)


def test_the_cache_is_the_users_unless_another_is_named(monkeypatch):
    monkeypatch.delenv("USE_SERVER_CACHE", raising=False)

    assert installation.cache().name == "use-server-conformance"


@pytest.mark.parametrize(
    ("ci", "is_required"), [("true", True), ("1", True), ("", False), ("false", False)]
)
def test_an_installation_is_required_in_continuous_integration(ci, is_required, monkeypatch):
    monkeypatch.setenv("CI", ci)

    assert installation.required() is is_required


def fake_node(npm, script: str) -> None:
    program = npm.folder / "node"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_new_enough_node_is_accepted(npm):
    fake_node(npm, "echo v20.19.4")

    check_node((20, 19))


def test_an_old_node_is_refused_with_its_version(npm):
    fake_node(npm, "echo v18.20.1")

    with pytest.raises(
        InstallationError, match=r"^Node.js 20.19 or newer is needed; .*/node is v18.20.1$"
    ):
        check_node((20, 19))


def test_a_node_that_does_not_start_is_refused(npm):
    fake_node(npm, "exit 1")

    with pytest.raises(InstallationError, match="does not tell its version"):
        check_node((20, 19))


@pytest.mark.usefixtures("npm")
def test_a_missing_node_is_refused(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(InstallationError, match=r"^node is not on PATH"):
        check_node((20, 19))
