"""What is known is told from what is new by how it fails and by what the example exercises."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from conformance import specification
from conformance.fuzz.about import clauses_about
from conformance.fuzz.differential import Disagreement
from conformance.fuzz.example import Example, asking
from conformance.fuzz.finding import is_of_adapter, is_withheld, known_failure
from conformance.fuzz.plan import Plan
from conformance.fuzz.requirements import requirements
from conformance.fuzz.signature import signature
from conformance.fuzz.suspicion import Suspicion
from conformance.known_failures import KnownFailure
from conformance.observations import Compile, Run
from conformance.observations.observation import Mismatch
from conformance.protocol import Rejected
from conformance.verdict import Verdict

RUN, COMPILE = Run({}, None, None), Compile({}, None)


PLAN = Plan("messages", "react")


def disagreement(clauses, point, code, expected="", seen=""):
    verdict = Verdict("fail", code, mismatch=Mismatch(code, "", expected, seen))
    example = Example(frozenset(clauses), asking(point))
    case = SimpleNamespace(observations=(point,))
    return Disagreement(example, case, verdict, signature(point, verdict), None)


def subject(clause, observation, code):
    failure = KnownFailure("some/case", observation, clause, "fail", code, "as listed")
    listed = {("some/case", observation): failure}
    return SimpleNamespace(known=listed, specification=specification.load(None))


def test_a_listed_failure_of_the_same_clause_that_fails_alike_explains_it():
    found = disagreement({"capture.write"}, RUN, "different-value", "1", "2")

    assert (
        known_failure(found, subject("capture.write", "run", "different-value"), Suspicion()).reason
        == "as listed"
    )


def test_a_clause_that_nearly_every_example_exercises_explains_nothing():
    found = disagreement({"capture.write", "capture.outer"}, RUN, "different-value", "1", "2")

    assert (
        known_failure(found, subject("capture.outer", "run", "different-value"), Suspicion())
        is None
    )


def test_a_call_noted_as_ended_in_an_error_is_one_that_was_rejected():
    found = disagreement({"capture.write"}, RUN, "different-value", "[[1]]", "[thrown]")

    assert known_failure(
        found, subject("capture.write", "run", "rejected:call/thrown"), Suspicion()
    )
    assert not known_failure(found, subject("capture.write", "run", "different-value"), Suspicion())


def test_a_program_that_is_refused_is_refused_whatever_is_asked_about_it():
    found = disagreement({"export.string-name"}, RUN, "rejected:compile/syntax", "ok", "rejected")

    assert known_failure(
        found, subject("export.string-name", "compile", "rejected:compile/syntax"), Suspicion()
    )
    assert found.signature == "build fail rejected:compile/syntax"


@pytest.mark.parametrize(
    ("code", "listed", "explains"),
    [
        ("rejected:compile/misspelt-directive.space", "rejected:compile/misspelt-directive", True),
        ("rejected:compile/syntax.early", "rejected:compile/misspelt-directive", False),
        ("adapter.exited", "adapter.protocol", False),
    ],
)
def test_refusals_are_alike_whatever_their_refinement(code, listed, explains):
    found = disagreement({"directive.misspelt"}, COMPILE, code)

    assert (
        bool(known_failure(found, subject("directive.misspelt", "compile", listed), Suspicion()))
        == explains
    )


def test_what_is_refused_is_about_the_clause_that_names_the_code():
    example = Example(frozenset({"value.map", "wire.references.number"}), asking())
    refused = Rejected("decode", "malformed.forward-reference")

    about = clauses_about(example, refused, "", specification.load(None))

    assert about == {"wire.references.forward"}


def test_of_several_clauses_that_name_a_code_it_is_about_the_one_that_refines_what_is_exercised():
    example = Example(frozenset({"value.stream", "wire.tags.stream"}), asking())
    refused = Rejected("decode", "malformed.order")

    about = clauses_about(example, refused, "", specification.load(None))

    assert about == {"wire.tags.stream.close"}


def test_a_message_that_a_release_waits_for_for_ever_is_withheld():
    waiting = disagreement({"value.stream"}, RUN, "rejected:decode/never-settles")

    assert is_withheld(waiting, PLAN)
    assert not is_withheld(disagreement({"value.stream"}, RUN, "accepted"), PLAN)


def test_functions_that_are_only_named_otherwise_are_about_names():
    found = disagreement({"capture.self"}, COMPILE, "different-functions", "inline a", "inline b")

    assert known_failure(
        found, subject("function.name", "compile", "different-functions"), Suspicion()
    )
    assert not known_failure(
        found, subject("capture.self", "compile", "different-functions"), Suspicion()
    )


def test_a_clause_that_is_mostly_fine_explains_nothing_where_another_mostly_fails():
    found = disagreement({"capture.write", "capture.self"}, RUN, "different-value", "1", "2")
    examples = [Example(frozenset({"capture.self"}), asking()) for _ in range(9)]
    suspicion = Suspicion()
    suspicion.learn([*examples, found.example], {id(found.example)})

    assert not known_failure(found, subject("capture.self", "run", "different-value"), suspicion)
    assert known_failure(found, subject("capture.write", "run", "different-value"), suspicion)
    assert suspicion.likeliest(found.example.clauses) == "capture.write"


def test_the_order_of_functions_is_a_word_of_the_adapter_where_the_implementation_is_released():
    found = disagreement(
        set(), COMPILE, "different-functions", "export a\nexport b", "export b\nexport a"
    )

    assert is_of_adapter(found, PLAN)
    assert not is_of_adapter(found, Plan("programs", "refimpl"))


def test_a_refusal_that_nothing_else_explains_is_of_a_clause_that_names_its_code():
    code = "rejected:compile/misspelt-directive.case"
    found = disagreement({"directive.dialects"}, COMPILE, code)

    assert known_failure(found, subject("directive.misspelt", "compile", code), Suspicion())


def test_where_both_refuse_it_may_be_what_the_subject_is_known_to_refuse():
    code = "rejected:compile/syntax"
    found = disagreement({"export.string-name", "export.load"}, RUN, code, "rejected load/thrown")
    program = replace(found.example, files={"actions.js": ""})
    both = replace(found, example=program, answer=Rejected("load", "thrown"))

    assert known_failure(both, subject("export.string-name", "compile", code), Suspicion())


def test_who_refuses_later_is_not_judged_by_a_refusal_whose_code_is_the_name_of_a_choice():
    example = Example(frozenset({"export.function"}), asking())
    refused = Rejected("compile", "export-not-async")
    declared = {"export-not-async": "compile-error"}

    needed = requirements(example, COMPILE, refused, declared)

    assert needed == {"export-not-async": ("compile-error",)}
