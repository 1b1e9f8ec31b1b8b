"""The catalogue is consistent, and whoever looks something up gets it or one clear sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance import choices, known_failures, protocol
from conformance.__main__ import main
from conformance.implementations import catalogue
from conformance.implementations.catalogue import Manifest, find, manifests
from conformance.problems import Refused

CATALOGUE = manifests()
MESSAGES = {"encode.arguments", "encode.result", "decode.arguments", "decode.result"}
WIRE_CHOICES = {"wire-profile", "decode-codes"}
VERSIONS = [(manifest, version) for manifest in CATALOGUE for version in manifest.versions]

GOOD = """\
name: fake
title: A fake
upstream: https://example.org/issues
versions: ["2.0", "1.0"]
node: "20.1"
command: [node, "{folder}/adapter.mjs"]
capabilities: [compile]
choices:
  re-export: {option: error, evidence: It says so.}
"""


def named(value: object) -> str:
    return value.name if isinstance(value, Manifest) else str(value)


@pytest.fixture
def folder(tmp_path, npm):
    """A catalogue with one implementation in two versions."""
    assert npm.calls == []
    for version in ("1.0", "2.0"):
        locked = tmp_path / "catalogue" / "fake" / version
        locked.mkdir(parents=True)
        (locked / "package.json").write_text("{}")
        (locked / "package-lock.json").write_text(json.dumps({"version": version}))
    (tmp_path / "catalogue" / "fake" / "manifest.yaml").write_text(GOOD)
    return tmp_path / "catalogue"


def rewritten(folder: Path, before: str, after: str) -> Path:
    manifest = folder / "fake" / "manifest.yaml"
    assert before in manifest.read_text()
    manifest.write_text(manifest.read_text().replace(before, after))
    return folder


# What is in the catalogue


def test_the_catalogue_knows_vite():
    assert "vite-rsc" in [manifest.name for manifest in CATALOGUE]


@pytest.mark.parametrize("manifest", CATALOGUE, ids=named)
def test_declared_capabilities_are_those_of_the_protocol(manifest):
    assert set(manifest.capabilities) <= set(protocol.CAPABILITIES)


@pytest.mark.parametrize("manifest", CATALOGUE, ids=named)
def test_declared_choices_are_those_of_the_specification(manifest):
    known = choices.load()

    for choice, declaration in manifest.choices.items():
        declared = {declaration.option, *declaration.exceptions.values()} - {None}
        assert declared <= set(known[choice].options)
        assert declaration.evidence


@pytest.mark.parametrize("manifest", [m for m in CATALOGUE if m.versions], ids=named)
def test_what_can_be_driven_says_something_of_every_choice_that_its_capabilities_meet(manifest):
    meets_messages = bool(MESSAGES & set(manifest.capabilities))
    meets_programs = bool(set(manifest.capabilities) - MESSAGES)
    wanted = {
        choice
        for choice in choices.load()
        if (meets_messages if choice in WIRE_CHOICES else meets_programs)
    }

    assert wanted <= set(manifest.choices)


@pytest.mark.parametrize(("manifest", "version"), VERSIONS, ids=named)
def test_a_version_pins_its_packages_exactly(manifest, version):
    pinned = json.loads((manifest.locked(version) / "package.json").read_text())["dependencies"]

    assert version in pinned.values()
    assert all(wanted[0].isdigit() for wanted in pinned.values())


@pytest.mark.parametrize(("manifest", "version"), VERSIONS, ids=named)
def test_a_lock_file_names_no_other_registry_than_the_public_one(manifest, version):
    lock = json.loads((manifest.locked(version) / "package-lock.json").read_text())
    resolved = [package.get("resolved") for package in lock["packages"].values()]

    assert all(url is None or url.startswith("https://registry.npmjs.org/") for url in resolved)


@pytest.mark.parametrize(("manifest", "version"), VERSIONS, ids=named)
def test_a_lock_file_holds_a_checksum_of_every_package(manifest, version):
    lock = json.loads((manifest.locked(version) / "package-lock.json").read_text())

    assert all("integrity" in package for path, package in lock["packages"].items() if path)


@pytest.mark.parametrize(("manifest", "version"), VERSIONS, ids=named)
def test_every_known_failure_is_explained(manifest, version):
    entries, problems = known_failures.load(manifest.folder / version / catalogue.KNOWN_FAILURES)

    assert problems == []
    assert [e.case for e in entries.values() if known_failures.UNEXPLAINED in e.reason] == []


# Looking something up


def test_a_name_alone_means_the_newest_version(folder):
    assert find("fake", folder).version == "2.0"


def test_a_version_can_be_asked_for(folder):
    assert find("fake@1.0", folder).version == "1.0"


def test_a_found_implementation_has_its_packages_installed(folder):
    packages = find("fake", folder).environment["USE_SERVER_PACKAGES"]

    assert (Path(packages) / "node_modules" / "marker").exists()


def test_the_command_names_files_in_the_folder_of_the_implementation(folder):
    assert find("fake", folder).command == ("node", str(folder / "fake" / "adapter.mjs"))


def test_the_adapter_is_told_what_the_manifest_declares(folder):
    declared = json.loads(find("fake", folder).environment["USE_SERVER_DECLARED"])

    assert declared == {
        "name": "fake",
        "capabilities": ["compile"],
        "choices": {"re-export": "error"},
    }


def test_a_version_can_declare_another_option(folder):
    rewritten(folder, "error, evi", 'error, except: {"1.0": register}, evi')

    declared = {
        version: json.loads(find(f"fake@{version}", folder).environment["USE_SERVER_DECLARED"])
        for version in ("2.0", "1.0")
    }

    assert declared["2.0"]["choices"] == {"re-export": "error"}
    assert declared["1.0"]["choices"] == {"re-export": "register"}


def test_an_implementation_that_does_none_of_what_a_choice_names_declares_nothing(folder):
    rewritten(folder, "option: error, evidence", "evidence")

    declared = json.loads(find("fake", folder).environment["USE_SERVER_DECLARED"])

    assert declared["choices"] == {}


def test_two_implementations_can_drive_the_same_packages(folder):
    other = folder / "other"
    other.mkdir()
    (other / "manifest.yaml").write_text(GOOD.replace("name: fake", "name: other\npackages: fake"))

    one, two = find("fake", folder), find("other", folder)

    assert one.environment["USE_SERVER_PACKAGES"] == two.environment["USE_SERVER_PACKAGES"]
    assert one.lock == two.lock
    assert two.known_failures == other / "2.0" / "known-failures.yaml"


def test_each_version_has_known_failures_of_its_own(folder):
    assert (
        find("fake@1.0", folder).known_failures == folder / "fake" / "1.0" / "known-failures.yaml"
    )


def test_an_unknown_name_is_refused_with_the_nearest_one(folder):
    with pytest.raises(
        Refused, match=r"implementations.unknown: .*'fale'\n  fix: did you mean fake\?"
    ):
        find("fale", folder)


def test_a_path_is_no_name(folder):
    with pytest.raises(Refused, match=r"implementations\.unknown"):
        find("../catalogue/fake", folder)


def test_an_unknown_version_is_refused_with_those_that_are_known(folder):
    with pytest.raises(
        Refused, match=r"unknown-version: fake 9 is not in the catalogue\n  fix: known are 2.0, 1.0"
    ):
        find("fake@9", folder)


def test_what_cannot_be_installed_has_a_problem(folder, npm):
    npm.does("exit 1")

    assert (
        find("fake", folder).problem == "fake@2.0 cannot be installed: npm failed without a message"
    )


def test_what_cannot_be_installed_is_refused_in_continuous_integration(folder, npm, monkeypatch):
    npm.does("exit 1")
    monkeypatch.setenv("CI", "true")

    with pytest.raises(
        Refused, match=r"implementations\.not-installed: fake@2.0 cannot be installed"
    ):
        find("fake", folder)


def test_what_cannot_be_driven_has_its_sentence_as_the_problem(folder):
    rewritten(folder, 'versions: ["2.0", "1.0"]', "why-not: It needs a browser.")

    assert find("fake", folder).problem == "It needs a browser."


def test_an_opt_in_version_is_no_ordinary_one(folder):
    rewritten(folder, "node:", "opt-in: {'1.0': It is old.}\nnode:")
    (manifest,) = catalogue.manifests(folder)

    assert manifest.ordinary == ("2.0",)
    assert manifest.opt_in == {"1.0": "It is old."}


def test_an_opt_in_version_is_found_by_its_name(folder):
    rewritten(folder, "node:", "opt-in: {'1.0': It is old.}\nnode:")

    assert find("fake@1.0", folder).problem is None


def test_an_adapter_may_want_many_questions_and_much_time(folder):
    rewritten(folder, "node:", "ahead: 400\npatience: 1800\nnode:")

    found = find("fake", folder)
    assert (found.ahead, found.patience) == (400, 1800)


def test_what_has_been_installed_is_known(folder):
    (manifest,) = catalogue.manifests(folder)
    before = catalogue.installed(manifest)
    find("fake@1.0", folder)

    assert (before, catalogue.installed(manifest)) == ((), ("1.0",))


# Manifests with mistakes


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("name: fake", "name: other", "wrong-name: the name is not that of its folder"),
        ("title: A fake\n", "", "missing-field: the field 'title' is missing"),
        ("title:", "titel:", "unknown-field: the field 'titel' is unknown"),
        ('node: "20.1"', 'node: "20"', "invalid-value: a version of Node.js is written"),
        (
            'versions: ["2.0", "1.0"]\n',
            "",
            "invalid-value: a manifest has either versions or why-not",
        ),
        (", evidence: It says so.", "", "missing-field: the field 'evidence' is missing"),
        ('node: "20.1"', "opt-in: {'3.0': Why}", "invalid-value: 3.0 is not one of the versions"),
        (
            "capabilities: [compile]",
            "capabilities: {compile: 1}",
            "wrong-type: a text was expected",
        ),
    ],
)
def test_a_mistake_in_a_manifest_is_named_with_its_place(folder, before, after, complaint):
    rewritten(folder, before, after)

    with pytest.raises(
        Refused, match=rf"fake/manifest\.yaml:\d+:\d+: implementations\.{complaint}"
    ):
        find("fake", folder)


def test_an_empty_manifest_is_refused(folder):
    (folder / "fake" / "manifest.yaml").write_text("")

    with pytest.raises(Refused, match=r"implementations\.empty"):
        find("fake", folder)


def test_the_command_lists_the_catalogue(capsys):
    assert main(["implementations"]) == 0

    shown = capsys.readouterr().out
    for manifest in catalogue.manifests():
        assert f"{manifest.name}  {' '.join(manifest.versions)}" in shown
        assert (manifest.why_not or ", ".join(manifest.capabilities)) in shown
        for version, reason in manifest.opt_in.items():
            assert f"{version} only when asked for: {reason}" in shown
