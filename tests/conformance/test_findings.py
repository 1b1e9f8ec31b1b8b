"""FINDINGS.md can be handed to a maintainer, and is what the lists of known failures say."""

import re

import pytest

from conformance import findings, known_failures
from conformance.implementations import catalogue


@pytest.fixture(scope="module")
def text():
    return findings.text()


def test_the_file_is_current():
    assert [str(problem) for problem in findings.problems()] == []


def test_a_file_that_is_not_current_is_told_how_to_be(tmp_path):
    (problem,) = findings.problems(tmp_path / "FINDINGS.md")

    assert problem.fix == "python -m conformance findings --write"


def test_every_known_failure_is_in_it(text):
    for manifest in catalogue.manifests():
        for version in manifest.versions:
            entries, _ = known_failures.load(manifest.folder / version / catalogue.KNOWN_FAILURES)
            missing = [
                e.case for e in entries.values() if f"`{e.case} [{e.observation}]`" not in text
            ]
            assert missing == []


def test_every_finding_says_what_it_does_what_it_should_do_and_how_to_see_it(text):
    for finding in re.split(r"^#### ", text, flags=re.MULTILINE)[1:]:
        if re.search(r"^As \[", finding, re.MULTILINE):
            continue
        for part in (
            "**What it does.** ",
            "**What it should do.** ",
            "Again: `python -m conformance",
        ):
            assert part in finding


def test_every_link_to_a_version_leads_to_its_heading(text):
    headings = {findings._anchor(h) for h in re.findall(r"^### (.*)$", text, re.MULTILINE)}

    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= headings


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("accepted", "It accepts what has to be refused."),
        ("rejected:call/thrown", "It refuses, with `call/thrown`."),
        ("adapter.timeout", "It does not end."),
        ("adapter.exited", "It takes the whole process down."),
        ("brand-new", "(`brand-new`)"),
    ],
)
def test_a_code_is_told_in_a_sentence(code, sentence):
    assert findings._what(code) == sentence
