"""All runs at once: one results file each, and a failed run stops nobody."""

import json

import pytest

from conformance import matrix, results
from conformance.__main__ import main


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Instead of the suite, a program that writes its arguments and fails for one name."""
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nprint(sys.argv[3:])\nsys.exit('--impl=bad' in sys.argv)\n", encoding="utf-8"
    )
    monkeypatch.setattr(matrix, "sys", type("Sys", (), {"executable": str(tmp_path / "python")}))
    (tmp_path / "python").write_text(f'#!/bin/sh\nexec python3 {program} "$@"\n')
    (tmp_path / "python").chmod(0o755)


def test_everything_that_can_be_driven_is_in_the_matrix():
    names = matrix.names()

    assert names[0] == "refimpl"
    assert {"next@16.4.6", "vite-rsc@0.5.38"} <= set(names)
    assert len(names) == len(set(names))


def test_an_opt_in_version_is_in_the_matrix_only_when_it_is_asked_for():
    everything = matrix.names(opt_in=True)

    assert "next-production@16.4.6" not in matrix.names()
    assert "next-production@16.4.6" in everything
    assert set(matrix.names()) < set(everything)


@pytest.mark.usefixtures("started")
def test_the_command_runs_opt_in_versions_when_told_so(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(matrix, "run", lambda wanted, *_: asked.extend(wanted) or [])
    monkeypatch.setattr(matrix, "run_grid", lambda _: matrix.Run("grid", 0, 0.0, tmp_path))

    main(["matrix", "--opt-in", "-o", str(tmp_path)])

    assert asked == matrix.names(opt_in=True)


@pytest.mark.usefixtures("started")
def test_a_failed_run_stops_nobody(tmp_path):
    runs = {run.name: run for run in matrix.run(["bad", "good"], tmp_path / "out", 1)}

    assert (runs["bad"].status, runs["good"].status) == (1, 0)
    assert "--impl=good" in runs["good"].log.read_text()


@pytest.mark.usefixtures("started")
def test_a_failed_run_says_where_its_log_is(tmp_path, capsys):
    status = main(["matrix", "bad", "good", "-o", str(tmp_path / "out")])

    text = capsys.readouterr().out
    assert status == 1
    assert f"status 1, see {tmp_path / 'out' / 'logs' / 'bad.log'}" in text
    assert "2 runs" in text
    assert "not as listed: bad" in text


@pytest.mark.slow
def test_a_real_run_leaves_sealed_results(tmp_path, monkeypatch, fake_command):
    monkeypatch.chdir(tmp_path)
    (run,) = matrix.run([fake_command("exits_at_once")], tmp_path / "out", 1)

    assert run.status == 1
    (path,) = (tmp_path / "out").glob("*.json")
    assert results.read(path)["complete"] is False
    assert json.loads(path.read_text())["report"] == 2
