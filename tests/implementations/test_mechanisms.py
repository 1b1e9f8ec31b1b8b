"""A reason that many known failures share is written once, and stands in every list it explains."""

import pytest

from conformance import known_failures
from conformance.implementations import catalogue, mechanisms
from conformance.known_failures import KnownFailure

MECHANISMS = mechanisms.load()
LISTED = [
    (f"{manifest.name}@{version}", entry)
    for manifest in catalogue.manifests()
    for version in manifest.versions
    for entry in known_failures.load(manifest.folder / version / catalogue.KNOWN_FAILURES)[
        0
    ].values()
]
FAILURE = KnownFailure("wire/rows/import", "decode", "c", "fail", "accepted", "old", "older")


def mechanism(**changes):
    fields = {"cases": ("wire/rows/*[decode]",), "implementations": ("react@19.0.*",)}
    return mechanisms.Mechanism(
        **{**fields, "codes": ("*",), "reason": "new", "evidence": None, **changes}
    )


@pytest.mark.parametrize(
    ("made", "implementation", "reason"),
    [
        (mechanism(), "react@19.0.9", "new"),
        (mechanism(), "react@19.3.1", "old"),
        (mechanism(codes=("rejected:*",)), "react@19.0.9", "old"),
        (mechanism(cases=("wire/rows/*[encode]",)), "react@19.0.9", "old"),
    ],
)
def test_a_mechanism_is_the_reason_of_what_its_patterns_fit(made, implementation, reason):
    assert mechanisms.explained(FAILURE, implementation, [made]).reason == reason


def test_the_first_that_fits_is_the_reason():
    found = mechanisms.explained(FAILURE, "react@19.0.9", [mechanism(), mechanism(reason="newer")])

    assert found.reason == "new"


def test_a_mechanism_brings_its_evidence_with_it():
    assert mechanisms.explained(FAILURE, "react@19.0.9", [mechanism()]).evidence is None


@pytest.mark.parametrize("made", MECHANISMS, ids=lambda made: made.cases[0])
def test_every_mechanism_is_the_reason_of_something(made):
    assert any(made.explains(entry, implementation) for implementation, entry in LISTED)
