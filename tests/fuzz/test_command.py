"""The command: exit status, what it writes, going on, and replaying what it wrote."""

import json

import pytest

from conformance.__main__ import main
from conformance.fuzz import worker

DATES = "tests.fuzz.vices.reads_dates_as_texts"


@pytest.fixture
def fuzz(tmp_path):
    """`fuzz` with the folder of the test; its exit status."""

    def run(*words):
        return main(["fuzz", "--target=values", f"--output={tmp_path}", *words])

    return run


def state(folder):
    return json.loads((folder / "campaign.json").read_text("utf-8"))


def test_a_campaign_without_disagreements_ends_with_0(fuzz, capsys):
    assert fuzz("--impl=refimpl", "--examples=200") == 0
    assert "200 examples" in capsys.readouterr().out


def test_an_unexplained_disagreement_ends_with_1_and_is_in_the_folder(fuzz, tmp_path):
    assert fuzz(f"--impl={DATES}", "--examples=200") == 1
    assert "clause: value.date" in (tmp_path / "disagreements.yaml").read_text("utf-8")


def test_a_subject_that_does_not_start_ends_with_2_and_what_it_said(fuzz, capsys):
    assert fuzz("--impl=cmd:false", "--examples=200") == 2
    assert "fuzz.does-not-start: the adapter ended with status 1" in capsys.readouterr().err


def test_the_same_command_goes_on_where_it_was(fuzz, tmp_path):
    fuzz("--impl=refimpl", "--examples=200")
    fuzz("--impl=refimpl", "--examples=200")

    assert state(tmp_path)["batches"] == 2
    assert state(tmp_path)["examples"] == 400


def test_what_was_found_is_no_news_when_it_goes_on(fuzz, tmp_path):
    fuzz(f"--impl={DATES}", "--examples=200")
    fuzz(f"--impl={DATES}", "--examples=200")

    assert len(state(tmp_path)["findings"]) == 1


def test_an_interrupt_keeps_what_was_found(fuzz, tmp_path, monkeypatch, capsys):
    run_batch = worker.run_batch

    def interrupted(plan, batch, known):
        if batch == 1:
            raise KeyboardInterrupt
        return run_batch(plan, batch, known)

    monkeypatch.setattr(worker, "run_batch", interrupted)

    assert fuzz(f"--impl={DATES}", "--examples=2000") == 1
    assert state(tmp_path)["examples"] == 200
    assert "goes on from here" in capsys.readouterr().out


def test_what_was_written_is_replayed_as_a_case(fuzz, tmp_path, capsys):
    fuzz(f"--impl={DATES}", "--examples=200")
    replay = f"--replay={tmp_path / 'disagreements.yaml'}"

    assert fuzz("--impl=refimpl", replay) == 0
    assert fuzz(f"--impl={DATES}", replay) == 1
    assert "fail different-value" in capsys.readouterr().out


@pytest.mark.slow
def test_several_processes_find_the_same(fuzz, tmp_path):
    assert fuzz(f"--impl={DATES}", "--examples=400", "--jobs=2") == 1
    assert [finding["clause"] for finding in state(tmp_path)["findings"]] == ["value.date"]


def test_an_unknown_implementation_is_one_line(fuzz, capsys):
    assert fuzz("--impl=nobody") == 2
    assert "implementation.unknown" in capsys.readouterr().err
