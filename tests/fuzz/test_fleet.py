"""Campaigns bigger than one machine: examples shared over Redis, batches done on a Dask cluster."""

import json
import subprocess
import sys

import pytest
from hypothesis import strategies as st

from conformance.fuzz import drawing
from conformance.fuzz.database import opened
from conformance.fuzz.plan import Plan
from conformance.fuzz.worker import Worker

DATES = "tests.fuzz.vices.reads_dates_as_texts"
NUMBERS = st.integers(0, 10_000)

pytestmark = pytest.mark.slow


def never():
    """There is time enough."""
    return False


def is_large(value):
    return value > 1000


def keep(database):
    place = next(n for n, v in enumerate(drawing.batch(NUMBERS, 3, 50)) if is_large(v))
    drawing.smallest(NUMBERS, 3, 50, place, is_large, is_over=never, database=database)


def test_what_one_machine_found_another_replays(redis_url):
    keep(opened(redis_url, "campaign"))

    assert 1001 in drawing.replayed(NUMBERS, opened(redis_url, "campaign"), is_large)


def test_campaigns_of_other_names_share_nothing(redis_url):
    keep(opened(redis_url, "one"))

    assert [*drawing.replayed(NUMBERS, opened(redis_url, "other"), is_large)] == []


def test_a_worker_of_the_fleet_begins_with_what_the_others_found(redis_url):
    plan = Plan("values", DATES, batch=60, seed=5, database=redis_url)
    Worker(plan).run(0, [])

    (finding,) = Worker(plan).replay([]).findings

    assert finding.clause == "value.date"


def test_a_cluster_does_the_batches(dask_address, tmp_path):
    words = ["--target=values", f"--impl={DATES}", "--examples=600", f"--dask={dask_address}"]
    command = [sys.executable, "-m", "conformance", "fuzz", *words, f"--output={tmp_path}"]

    status = subprocess.run(command, check=False, capture_output=True).returncode

    state = json.loads((tmp_path / "campaign.json").read_text("utf-8"))
    assert (status, state["examples"]) == (1, 600)
    assert [finding["clause"] for finding in state["findings"]] == ["value.date"]
