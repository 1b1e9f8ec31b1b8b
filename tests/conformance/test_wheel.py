"""The built wheel carries everything that a run needs, and runs from an empty folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from this checkout with what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The environment of a Python that sees the wheel's content before the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}


@pytest.mark.parametrize(
    "name",
    [
        "conformance/corpus/directive/quotes.yaml",
        "conformance/scaffold/node/adapter.mjs.template",
        "conformance/py.typed",
        "conformance/site/assets/site.css",
        "conformance/site/templates/index.html",
        "spec/SPEC.md",
        "spec/choices.yaml",
        "spec/case.schema.json",
        "spec/protocol.schema.json",
        "spec/directive.lark",
    ],
)
def test_the_wheel_holds(wheel, name):
    assert name in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_runs_the_suite_from_an_empty_folder(installed, tmp_path):
    process = subprocess.run(
        [sys.executable, "-m", "conformance", "run", "--impl=refimpl", "--clause=directive.quotes"],
        cwd=tmp_path,
        env=installed,
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.returncode == 0, process.stdout + process.stderr
    assert "refimpl (refimpl " in process.stdout
    assert [*tmp_path.iterdir()] == []


def test_the_wheel_is_what_was_run(installed, tmp_path):
    process = subprocess.run(
        [sys.executable, "-c", "import conformance; print(conformance.__file__)"],
        cwd=tmp_path,
        env=installed,
        capture_output=True,
        text=True,
        check=True,
    )

    assert process.stdout.startswith(installed["PYTHONPATH"])


def test_the_wheel_makes_a_report_from_an_empty_folder(installed, tmp_path):
    pytest.importorskip("jinja2", reason="needs the extra `report`")
    for words in (
        ["run", "--impl=refimpl", "--clause=directive.quotes", "--report=some.json", "-q"],
        ["report", "some.json", "-o", "site", "--allow-partial"],
    ):
        process = subprocess.run(
            [sys.executable, "-m", "conformance", *words],
            cwd=tmp_path,
            env=installed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert process.returncode == 0, process.stdout + process.stderr

    assert "directive.quotes" in (tmp_path / "site" / "spec.html").read_text()
