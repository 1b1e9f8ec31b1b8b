"""Every named mutant is caught by a case of its own clause, and nothing is left of it afterwards."""

import json
from dataclasses import replace

import pytest

from conformance import corpus, coverage, lint
from conformance.__main__ import main
from conformance.mutants import MUTANTS, Mutant, Patch, command
from conformance.mutants.campaign import Campaign, Extent
from conformance.problems import Refused
from refimpl.functions import compilation
from refimpl.functions.project import Project, compile_project
from refimpl.modules import kinds
from refimpl.source import parser
from refimpl.source.nodes import Directive

SERVER = Directive(0, 12, "Use Server", "'")


@pytest.fixture(scope="module")
def campaign():
    return Campaign(lint.Subject.of(corpus.ROOT))


def directive(prologue):
    return kinds.directive(prologue, "use server")


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_is_caught_by_a_case_of_its_own_clause(campaign, mutant):
    finding = campaign.examine(mutant, Extent.OWN_CLAUSE)
    assert finding.own, f"{mutant.vice} No case of {mutant.clause} notices: write it"


def test_there_are_at_least_a_hundred_mutants():
    assert len(MUTANTS) >= 100


def test_an_edit_lasts_as_long_as_its_context():
    with MUTANTS["ignores_case"].alive():
        assert directive([SERVER]) is SERVER
    assert directive([SERVER]) is None


def test_an_edit_ends_when_what_runs_in_it_fails():
    with pytest.raises(KeyError), MUTANTS["ignores_case"].alive():
        raise KeyError
    assert directive([SERVER]) is None


def test_an_edit_names_syntax_so_that_layout_does_not_count():
    with Patch() as patch:
        patch.edit(kinds.directive, "(member . raw  ==\n text)", "True")
        assert directive([SERVER]) is SERVER


def test_an_edit_reaches_the_function_of_a_property():
    with Patch() as patch:
        patch.edit(Project.errors, "[*self.unreadable, *found, *self._reached_by_client()]", "[1]")
        assert compile_project({}).errors == [1]


def test_a_replacement_reaches_those_who_imported_the_function():
    with Patch() as patch:
        patch.replace(kinds.directive, lambda prologue, _: prologue[0])
        assert compilation.directive is kinds.directive
        assert compilation.directive([SERVER], "") is SERVER


def test_an_edit_that_finds_nothing_says_where_it_looked():
    with Patch() as patch, pytest.raises(Refused, match=r"kinds\.py:\d+: mutant.does-not-apply"):
        patch.edit(kinds.directive, "member.cooked", "member.raw")


def test_a_mutant_of_something_that_is_gone_says_so():
    mutant = Mutant("gone", "directive.text", "It is gone.", lambda _: kinds.gone)
    with pytest.raises(Refused, match=r"mutant\.does-not-apply"), mutant.alive():
        pass


def test_a_mutant_nothing_catches_has_no_catches(campaign):
    harmless = Mutant("harmless", "directive.text", "It does nothing wrong.", lambda _: None)
    assert not campaign.examine(harmless, Extent.OWN_CLAUSE).catches


def test_what_the_reference_does_not_pass_ends_the_campaign(campaign):
    harmless = Mutant("harmless", "directive.text", "It does nothing wrong.", lambda _: None)
    with MUTANTS["ignores_module_directives"].alive(), pytest.raises(Refused, match="broken-ref"):
        campaign.examine(harmless, Extent.OWN_CLAUSE)


def test_the_command_says_what_catches_a_mutant(capsys, tmp_path):
    report = tmp_path / "report.json"
    status = main(["mutants", "ignores_case", "--own-clause", "--report", str(report)])
    assert status == 0
    assert "caught    ignores_case" in capsys.readouterr().out
    assert json.loads(report.read_text())["mutants"][0]["caught"] is True


def test_the_command_asks_in_several_processes(capsys):
    assert main(["mutants", "ignores_case", "trims_spaces", "--own-clause", "--jobs", "2"]) == 0
    assert "2 of 2 mutants" in capsys.readouterr().out


def test_an_unknown_name_is_answered_with_the_nearest(capsys):
    assert main(["mutants", "ignore_case"]) == 2
    assert "did you mean ignores_case?" in capsys.readouterr().err


def test_the_page_of_coverage_counts_mutants_and_names_blind_spots(capsys):
    assert main(["coverage"]) == 0
    page = capsys.readouterr().out
    assert f"{len(MUTANTS)} mutants" in page
    assert "* `source.types`: The parser drops types" in page


def test_a_reason_for_a_clause_that_has_a_mutant_is_an_error(tmp_path):
    stale = tmp_path / "blind.yaml"
    stale.write_text("directive.exact: It has mutants.")
    rows = coverage.rows(lint.Subject.of(corpus.ROOT), MUTANTS.values())
    with pytest.raises(Refused, match=r"coverage\.stale-reason"):
        coverage.reasons(rows, stale)


def small_campaign(*clauses):
    made = Campaign(lint.Subject.of(corpus.ROOT))
    made.points = [point for point in made.points if point.case.clause in clauses]
    return made


def test_with_every_case_asked_all_that_catches_a_mutant_is_found():
    finding = small_campaign("directive.exact").examine(MUTANTS["ignores_case"], Extent.ALL)
    assert len(finding.own) > 1


def test_the_spine_is_the_points_that_are_the_only_ones_to_catch_something():
    made = small_campaign("directive.exact", "directive.before.hashbang")
    mutants = [MUTANTS["ignores_case"], MUTANTS["merges_spaces"]]
    found = [made.examine(mutant, Extent.ALL) for mutant in mutants]
    alone = {name for names in command.spine(found).values() for name in names}
    assert alone == {each.mutant.name for each in found if len(each.catches) == 1}
    assert any("alone" in line for line in command.backbone(found))


def test_for_the_spine_two_catches_are_enough_of_points_that_have_caught_something():
    made = small_campaign("directive.exact")
    mutant = MUTANTS["ignores_case"]
    first = made.examine(mutant, Extent.SPINE)
    made.remember(first)
    again = made.examine(replace(mutant, name="again"), Extent.SPINE)
    assert len(first.catches) > len(again.catches) == 2


def test_a_mutant_meets_each_point_as_if_it_were_the_first():
    made = small_campaign("directive.exact")
    made.points = made.points[:1] * 3
    seen = []

    def remembering(patch):
        met = []
        parse = parser.parse

        def parse_and_remember(*arguments):
            seen.append(len(met))
            met.append(arguments)
            return parse(*arguments)

        patch.replace(parse, parse_and_remember)

    mutant = Mutant("remembering", "directive.text", "It remembers.", remembering)
    made.examine(mutant, Extent.ALL)
    assert seen == [0, 0, 0]
