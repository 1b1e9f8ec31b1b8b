"""The grid says for every pair what arrived, and what became of the rest."""

import json

import pytest

from conformance import interop

CORPUS = """
- id: wire/one
  clause: c.one
  title: Two values go one way and the other.
  origin: spec
  encode: {message: arguments, value: [1, 2], body: '[1,2]'}
  decode: {message: result, rows: ['0:"$@1"', '1:{"a":1}'], value: {a: 1}}
- id: wire/two
  clause: c.one
  title: A value that is there already, and one that is refused.
  origin: spec
  encode: {message: arguments, value: [1, 2], body: '[1,2]'}
  decode: {message: arguments, body: '{}', rejects: {code: malformed.root}}
"""
OTHER = "tests.conformance.fakes.loses_the_last"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A corpus of two values."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "wire.yaml").write_text(CORPUS)
    return folder


@pytest.fixture(scope="module")
def grid(root):
    """The grid of the reference and a fake."""
    return interop.grid([interop.REFERENCE, OTHER], root)


def pair(grid, client, server):
    [found] = [p for p in grid["pairs"] if (p["client"], p["server"]) == (client, server)]
    return found


def test_the_values_are_those_that_cases_state_and_do_not_refuse(root):
    assert [(value.case, value.message) for value in interop.values(root)] == [
        ("wire/one", "arguments"),
        ("wire/one", "result"),
    ]


def test_what_arrives_agrees(grid):
    found = pair(grid, interop.REFERENCE, interop.REFERENCE)

    assert found["arguments"] == {"agreed": 1, "others": []}
    assert found["result"] == {"agreed": 1, "others": []}


def test_arguments_are_judged_by_what_the_server_reads(grid):
    found = pair(grid, interop.REFERENCE, OTHER)

    assert found["arguments"]["others"] == [{"case": "wire/one", "fate": "another value at $[1]"}]
    assert pair(grid, OTHER, interop.REFERENCE)["arguments"]["agreed"] == 1


def test_results_are_judged_by_what_the_server_writes(grid):
    fate = "not written: encode/unsupported-value"

    found = pair(grid, interop.REFERENCE, OTHER)

    assert found["result"] == {"agreed": 0, "others": [{"case": "wire/one", "fate": fate}]}


def test_the_file_is_the_grid_with_a_line_for_each_pair(grid):
    text = interop.text(grid)

    assert json.loads(text) == json.loads(json.dumps(grid))
    assert len(text.splitlines()) == len(grid["pairs"]) + 2
