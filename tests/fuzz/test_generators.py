"""What is generated: it exercises clauses of SPEC.md, and the second opinions agree about it."""

import pytest

from conformance import specification
from conformance.fuzz import drawing
from conformance.fuzz.generators.mutations import renumbered, tagged
from conformance.fuzz.generators.values import in_order
from conformance.fuzz.plan import Plan
from conformance.fuzz.targets import TARGETS
from conformance.fuzz.worker import Worker

OPINIONS = (
    ("programs", "rewritten"),
    ("directives", "grammar"),
    ("values", "again"),
    ("messages", "incremental"),
    ("calls", "scheduled"),
    ("round-trips", "scheduled"),
    ("expressions", "scheduled"),
    ("requests", "refused"),
    ("forms", "otherwise"),
    ("wire", "incremental"),
)


@pytest.mark.parametrize("target", TARGETS)
def test_every_feature_belongs_to_a_clause(target):
    clauses = specification.load(None).clauses
    drawn = drawing.batch(TARGETS[target], 2, 200)

    assert {clause for example in drawn for clause in example.clauses} - clauses.keys() == set()


@pytest.mark.parametrize("target", TARGETS)
def test_no_example_is_about_nothing(target):
    assert all(example.features for example in drawing.batch(TARGETS[target], 2, 200))


def test_members_stand_as_objects_have_them():
    members = {"a": 0, "10": 1, "01": 2, "9": 3, "": 4}
    in_order(members)

    assert [*members] == ["9", "10", "a", "01", ""]


@pytest.mark.parametrize("mutation", [tagged(0, "Q"), renumbered(0, 1)])
def test_another_tag_or_number_may_name_a_part_of_another_kind(mutation):
    assert mutation.clause in mutation.features
    assert "wire.references.kinds" in mutation.features


@pytest.mark.slow
@pytest.mark.parametrize(("target", "opinion"), OPINIONS)
def test_second_opinions_agree(target, opinion):
    worker = Worker(Plan(target, f"conformance.fuzz.opinions.{opinion}", batch=40, seed=9))

    outcome = worker.run(0, [])
    worker.close()

    assert outcome.findings == []
    assert outcome.verdicts["pass"] > 0
