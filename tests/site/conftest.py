"""A site over the whole corpus for twenty-five made-up implementations, and a browser to look at it."""

import functools
import json
import os
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from conformance import choices, corpus, digests, results
from conformance.implementations import installation

pytest.importorskip("jinja2", reason="needs the extra `report`")

from conformance.site import grid, pages, survey

HERE = Path(__file__).parent
#: What an implementation answers, out of a hundred points.
PASSES, FAILS, UNSUPPORTED = 85, 93, 97
NAMES = ["able", "baker", "charlie", "dog", "easy", "fox", "george", "how"]
VERSIONS = ["2.0.0", "1.10.0", "1.9.0"]
#: What else fails, out of a hundred points, in older versions.
FIXED_SINCE = {"2.0.0": 0, "1.10.0": 1, "1.9.0": 4}
REASON = "The transform forgets `{}` when it is nested."


def _verdict(version, key):
    """The same for each run, and alike for the versions of one implementation."""
    draw = zlib.crc32(key.encode()) % 100
    if FIXED_SINCE[version] <= draw < PASSES:
        return {"verdict": "pass"}
    if draw < FAILS:
        reason = REASON.format(key.partition("/")[0].partition(" ")[2])
        known = {"listed_as": "fail", "code": "different-value", "summary": reason}
        return {"verdict": "known-failure", **known, "expected": "1\n", "seen": "2\n"}
    if draw < UNSUPPORTED:
        return {"verdict": "unsupported", "summary": "the capability run is not declared"}
    return {"verdict": "not-applicable", "summary": "for re-export: register; it declares error"}


@functools.cache
def points(root):
    """Every point of a corpus: its case, its clause and its name."""
    return [
        (case.id, case.clause, point.name)
        for file in corpus.read_all(root, choices.load())
        for case in file.cases
        for point in case.observations
    ]


@pytest.fixture(scope="session")
def frozen_corpus(tmp_path_factory):
    """A copy of the corpus: the one in the tree may be worked on while the tests run."""
    return shutil.copytree(corpus.ROOT, tmp_path_factory.mktemp("frozen") / "corpus")


def document(root, label, name, version, judge, **changes):
    """A sealed document about one implementation."""
    made = {
        "report": results.VERSION,
        "suite": "0",
        "corpus": digests.of_corpus(root),
        "specification": "sha256:0",
        "environment": {"platform": "linux", "python": "3.11", "node": None},
        "complete": True,
        "partial": [],
        "implementations": {
            label: {
                "name": name,
                "version": version,
                "capabilities": ["compile", "run"],
                "choices": {"re-export": "error" if version == "2.0.0" else "register"},
            }
        },
        "results": [
            {
                "implementation": label,
                "case": case,
                "observation": observation,
                "clause": clause,
                **judge(f"{name} {case} {observation}"),
            }
            for case, clause, observation in points(root)
        ],
        **changes,
    }
    timings = {"began": "2026-01-01T00:00:00+00:00", "seconds": 1}
    return {**made, "seal": results.seal_of(made), "timings": timings}


def write(folder, root, name, version, judge, **changes):
    """A results file."""
    label = f"{name}@{version}"
    path = folder / f"{label}.json"
    results.write(path, document(root, label, name, version, judge, **changes))
    return path


def mute(_key):
    return {"verdict": "unsupported", "summary": "it says nothing"}


@pytest.fixture(scope="session")
def results_files(tmp_path_factory, frozen_corpus):
    """Twenty-five results files: one implementation of one version, and eight of three."""
    folder = tmp_path_factory.mktemp("results")
    return [
        write(folder, frozen_corpus, "silent", "1.0.0", mute),
        *(
            write(folder, frozen_corpus, name, version, functools.partial(_verdict, version))
            for name in NAMES
            for version in VERSIONS
        ),
    ]


@pytest.fixture(scope="session")
def surveyed(results_files, frozen_corpus):
    return survey.survey(results_files, root=frozen_corpus, allow_partial=False)


@pytest.fixture(scope="session")
def interop(tmp_path_factory, frozen_corpus):
    """A grid of two parties, of which one cannot write arguments."""
    other = {"case": "capture/loop-variable", "fate": "another value at $.a"}
    pairs = [
        {"client": "able", "server": "able", "arguments": _crossing(9), "result": _crossing(7)},
        {"client": "able", "server": "baker", "arguments": _crossing(8, other)},
        {"client": "baker", "server": "able", "result": _crossing(6, other)},
    ]
    made = {
        "grid": 1,
        "corpus": digests.of_corpus(frozen_corpus),
        "parties": ["able", "baker"],
        "left-out": {"charlie": "it is not installed"},
        "pairs": pairs,
    }
    path = tmp_path_factory.mktemp("grid") / "interop-grid.json"
    path.write_text(json.dumps(made))
    return grid.read(path, frozen_corpus, allow_partial=False)


def _crossing(agreed, *others):
    return {"agreed": agreed, "others": others}


@pytest.fixture(scope="session")
def site(surveyed, interop, tmp_path_factory):
    """The folder of the site."""
    folder = tmp_path_factory.mktemp("site")
    pages.Site(surveyed, folder, interop).write()
    return folder


class Browser:
    """A page in a real browser."""

    def __init__(self, process, site):
        self.process = process
        self.site = site

    def order(self, do, **order):
        self.process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        assert "error" not in reply, reply
        return reply["ok"]

    def open(self, page, **how):
        """Open a page of the site, from the disk."""
        self.order("open", address=f"{self.site.as_uri()}/{page}", **how)

    def __getattr__(self, name):
        return lambda **order: self.order(name, **order)

    def read(self, code):
        return self.order("evaluate", code=code)

    def text(self, selector):
        return self.read(f"document.querySelector({json.dumps(selector)}).innerText")

    def press(self, *keys):
        for key in keys:
            self.order("press", key=key)


@pytest.fixture(scope="session")
def running_browser(site):
    """Chromium; where there is none the tests are skipped, and fail in continuous integration."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    problem = None if program else "chromium is not on PATH: apt-get install chromium"
    packages = None
    try:
        installation.check_node((20, 0))
        packages = installation.install("site-tests", HERE)
    except installation.InstallationError as error:
        problem = str(error)
    if problem and installation.required():
        pytest.fail(problem)
    if problem:
        pytest.skip(problem)
    process = subprocess.Popen(
        [shutil.which("node"), HERE / "browser.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "USE_SERVER_PACKAGES": str(packages), "CHROMIUM": program},
    )
    yield Browser(process, site)
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def browser(running_browser):
    """The browser, with an assertion that no page complained or asked anybody for anything."""
    yield running_browser
    assert running_browser.complaints() == []
    assert [
        url for url in running_browser.requests() if not url.startswith(("file:", "data:"))
    ] == []
