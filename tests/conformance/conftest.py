"""A small corpus, a small specification, and ways to run them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conformance import choices, corpus, specification
from conformance.conversation import Conversation, Limits
from conformance.implementation import find

FAKES = Path(__file__).parent / "fakes"

SPEC = """
# 2 The directive

> **`directive.quotes`** — must · directive · source: react-docs
> The text of a directive stands between quotes.

> **`function.result`** — should · functions · source: decision
> A call gives its result.
"""

CASES = """
- id: directive/quotes
  clause: directive.quotes
  title: A module without a directive is of no kind.
  origin: spec
  files: {a.js: export const a = 1}
  compile: {a.js: {kind: none, functions: [], diagnostics: []}}
  run: {client: 'export default () => 1', result: 1}

- id: directive/exposure
  clause: function.result
  title: A module without a directive exposes nothing.
  origin: decision
  files: {a.js: 'const secret = "canary-1234"'}
  exposes: []
  withholds: {canaries: [canary-1234]}
"""


def write_corpus(folder):
    chapter = folder / "corpus" / "directive"
    chapter.mkdir(parents=True)
    (chapter / "small.yaml").write_text(CASES)
    (folder / "SPEC.md").write_text(SPEC)


@pytest.fixture
def small_corpus(tmp_path):
    """A folder with one file of two cases, and its specification."""
    write_corpus(tmp_path)
    return tmp_path / "corpus"


@pytest.fixture
def small_specification():
    return specification.read(SPEC)


@pytest.fixture
def points(small_corpus):
    """The four observation points of the small corpus, as (case, observation)."""
    (file,) = corpus.read_all(small_corpus, choices.load())
    return [(case, point) for case in file.cases for point in case.observations]


def command(fake):
    return f"cmd:{sys.executable} {FAKES / fake}.py"


@pytest.fixture
def fake_command():
    return command


@pytest.fixture
def converse(small_specification):
    """Start a conversation with a fake, or with what is behind an --impl option."""
    open_conversations = []

    def start(fake, known=None, **limits):
        option = fake if ":" in fake else command(fake)
        conversation = Conversation(
            find(option),
            choices.load(),
            small_specification,
            known or {},
            Limits(**{"case": 5, "start": 10, **limits}),
        )
        open_conversations.append(conversation)
        return conversation

    yield start
    for conversation in open_conversations:
        conversation.stop()


@pytest.fixture
def verdicts(converse, points):
    """The verdicts of a fake on the four points, in order."""

    def judge(fake, **arguments):
        conversation = converse(fake, **arguments)
        conversation.upcoming.extend(points)
        return [conversation.observe(case, point) for case, point in points]

    return judge


class Result:
    """What a run of the suite left behind."""

    def __init__(self, status, text, report):
        self.status = int(status)
        self.text = text
        self.report = json.loads(report.read_text()) if report.exists() else None

    @property
    def verdicts(self):
        return {
            f"{result['case']}[{result['observation']}]": result["verdict"]
            for result in self.report["results"]
        }


class Suite:
    """The suite on the small corpus in a folder, with some options."""

    def __init__(self, folder, pytester):
        self.folder = folder
        self.pytester = pytester
        self.report = folder / "report.json"
        self.common = [
            f"--corpus={folder / 'corpus'}",
            f"--specification={folder / 'SPEC.md'}",
            f"--report={self.report}",
        ]

    def __call__(self, *options):
        """Run it in this process, which is fast."""
        self.report.unlink(missing_ok=True)
        # Hypothesis would be imported anew by each inner run.
        quiet = [
            "-p",
            "no:hypothesispytest",
            "-p",
            "no:cacheprovider",
            "-W",
            "ignore::pytest.PytestAssertRewriteWarning",
        ]
        run = self.pytester.runpytest_inprocess(
            f"--rootdir={self.folder}", *quiet, *self.common, *options
        )
        return Result(run.ret, "\n".join([*run.outlines, *run.errlines]), self.report)

    def apart(self, *options, program=("pytest",)):
        """Run it in a process of its own, as people do."""
        self.report.unlink(missing_ok=True)
        process = subprocess.run(
            [sys.executable, "-m", *program, *self.common, *options],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        return Result(process.returncode, process.stdout + process.stderr, self.report)


@pytest.fixture
def suite(small_corpus, pytester):
    """Run the suite on the small corpus; for modules with the plugin `pytester`."""
    return Suite(small_corpus.parent, pytester)
