"""What `serve` says when it cannot serve. That it serves, `tests/serving` shows."""

import socket
import sys

import pytest

from refimpl.cli import main
from refimpl.cli.serve import is_loopback, origin_of


@pytest.fixture
def project(tmp_path):
    (tmp_path / "actions.js").write_text("'use server'\nexport async function f() {}\n")
    return tmp_path


def complaint(capsys, *arguments):
    return main(["serve", *map(str, arguments)]), capsys.readouterr().err


def test_a_missing_folder_is_named(tmp_path, capsys):
    code, text = complaint(capsys, tmp_path / "nothing")

    assert (code, "error[input.missing]" in text) == (2, True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "app.example"])  # noqa: S104 - refused
def test_an_address_that_others_reach_has_to_be_asked_for_twice(project, capsys, host):
    code, text = complaint(capsys, project, "--host", host)

    assert (code, "--allow-remote" in text) == (2, True)


def test_what_is_no_origin_is_refused(project, capsys):
    code, text = complaint(capsys, project, "--origin", "*")

    assert (code, "error[input.origin]" in text) == (2, True)


def test_a_port_that_is_taken_is_told(project, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, text = complaint(capsys, project, "--port", taken.getsockname()[1])

    assert (code, "error[input.address]" in text, "another --port" in text) == (2, True, True)


def test_a_compile_error_is_shown_with_its_place(project, capsys):
    (project / "actions.js").write_text("'use server'\nexport function f() {}\n")
    code, text = complaint(capsys, project, "--port", 0)

    assert (code, "export-not-async" in text, "^" in text) == (1, True, True)


def test_a_module_that_throws_is_told(project, capsys):
    (project / "actions.js").write_text("'use server'\nthrow new Error('at start')\n")
    code, text = complaint(capsys, project, "--port", 0)

    assert (code, "error[load/thrown]" in text) == (1, True)


def test_without_the_extra_the_command_says_what_to_install(project, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    code, text = complaint(capsys, project)

    assert (code, "[serve]" in text) == (2, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_loopback_is_known(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    ("host", "port", "origin"),
    [("127.0.0.1", 80, "http://127.0.0.1"), ("::1", 8000, "http://[::1]:8000")],
)
def test_the_origin_of_an_address(host, port, origin):
    assert origin_of(host, port) == origin
