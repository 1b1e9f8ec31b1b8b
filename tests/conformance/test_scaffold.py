"""The skeleton adapters run at once, claim nothing, and show what comes next."""

import json
import shutil
import subprocess
import sys

import pytest

from conformance import scaffold
from conformance.problems import Refused

pytest_plugins = ["pytester"]
LANGUAGES = [
    pytest.param("node", marks=pytest.mark.skipif(not shutil.which("node"), reason="no Node.js")),
    "python",
]


@pytest.fixture(params=LANGUAGES)
def skeleton(request, tmp_path):
    """The folder of a fresh skeleton and the --impl option for it."""
    folder = tmp_path / "my adapter"
    scaffold.write(request.param, folder)
    interpreter = {"node": "node", "python": sys.executable}[request.param]
    return folder, f"--impl=cmd:{interpreter} '{folder / scaffold.ADAPTERS[request.param]}'"


def test_it_is_unsupported_and_nothing_else(suite, skeleton):
    result = suite(skeleton[1], "--protocol-check")

    assert set(result.verdicts.values()) == {"unsupported"}
    assert result.status == 0


def test_the_run_says_that_nothing_was_tested(suite, skeleton):
    assert "nothing was tested" in suite(skeleton[1], "-q").text


def test_declaring_a_capability_asks_for_it(suite, skeleton):
    """With every operation declared, each stub answers for itself."""
    folder, option = skeleton
    (adapter,) = folder.glob("adapter.*")
    text = adapter.read_text()
    for empty in ("capabilities: []", '"capabilities": []'):
        text = text.replace(empty, empty.replace("[]", '["run", "compile"]'))
    adapter.write_text(text)

    result = suite(option, "-q")

    assert "1 unsupported: run is not filled in" in result.text
    assert "1 unsupported: the capability exposes is not declared" in result.text


def test_it_comes_with_a_readme_of_a_few_lines(skeleton):
    text = (skeleton[0] / "README.md").read_text()

    assert "python -m conformance run" in text
    assert len([line for line in text.splitlines() if line]) <= 6


def test_the_python_skeleton_can_be_imported(tmp_path):
    scaffold.write("python", tmp_path / "mine")
    code = (
        "import json, adapter;"
        "print(json.dumps(adapter.conformance_adapter({'op': 'hello', 'protocol': 1})))"
    )

    process = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "mine", capture_output=True, check=True
    )

    assert json.loads(process.stdout)["ok"]["name"] == "mine"


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "precious.txt").write_text("precious")

    with pytest.raises(Refused) as refused:
        scaffold.write("python", tmp_path)

    assert refused.value.problem.code == "init.not-empty"


def test_a_folder_that_cannot_be_made_is_one_problem(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(Refused) as refused:
        scaffold.write("python", tmp_path / "file" / "below")

    assert refused.value.problem.code == "init.unwritable"
