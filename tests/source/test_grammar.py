"""The grammar files and the cache of the parse table that is made from them."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys

import pytest
from lark import logger

import spec
from refimpl.source import grammar


@pytest.fixture
def cache_folder(tmp_path, monkeypatch):
    """A cache of our own, and a process that has not loaded the grammar yet."""
    monkeypatch.setenv("USE_SERVER_CACHE", str(tmp_path / "cache"))
    grammar.load.cache_clear()
    yield tmp_path / "cache"
    grammar.load.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("cache_folder")
def test_what_is_written_is_read_back_whole():
    built = grammar.load()
    grammar.load.cache_clear()

    assert json.dumps(grammar.load()) == json.dumps(built)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"rows": [7], "shared": []}', b"\xff"])
def test_a_damaged_cache_is_no_table(tmp_path, damage):
    (tmp_path / "file").write_bytes(damage)

    assert grammar._read(tmp_path / "file") is None


def test_no_cache_is_no_table(tmp_path):
    assert grammar._read(tmp_path / "file") is None


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_is_done_without(cache_folder):
    cache_folder.write_text("a file where the folder should be")

    assert len(grammar.load().rows) > 1000


@pytest.mark.slow
def test_processes_that_build_at_the_same_time_leave_one_whole_file(tmp_path):
    program = "from refimpl.source import grammar; print(len(grammar.load().rows))"
    environment = {**os.environ, "USE_SERVER_CACHE": str(tmp_path)}
    runs = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    outputs = {run.communicate(timeout=120)[0] for run in runs}

    assert len(outputs) == 1
    assert [file.suffix for file in tmp_path.iterdir()] == [".json"]


def test_a_warm_start_does_not_import_lark():
    grammar.load()
    program = "import sys; from refimpl.source import grammar; grammar.load(); print('lark' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert run.stdout.strip() == b"False"


@pytest.mark.slow
def test_every_conflict_of_the_table_is_one_that_shifting_resolves_as_meant(caplog):
    logger.propagate = True
    logger.setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG, logger="lark"):
            grammar.build()
    finally:
        logger.setLevel(logging.CRITICAL)
    found = re.findall(r"conflict for terminal (\w+): .*?\n.*? \* <(\w+) :", caplog.text, re.DOTALL)

    assert set(found) <= {
        ("ELSE", "if_statement"),  # an `else` belongs to the nearest `if`
        ("SEMICOLON", "primary_expression"),  # a directive before an expression statement
        ("_ASI", "primary_expression"),  # likewise
        ("LPAR", "member_expression"),  # `f<T>(x)` calls
        ("LPAR", "call_expression"),  # likewise
        ("EXTENDS", "_type_operator"),  # a constraint of `infer`
        ("EXTENDS", "_conditional_type"),
        ("_TYPE_OR", "_conditional_type"),
        ("_TYPE_AND", "_union_type"),
    }


def test_a_terminal_is_kept_everywhere_or_nowhere():
    table = grammar.load()
    kept = {name for name, terminal in table.terminals.items() if terminal.kept}

    assert "IDENTIFIER" in kept
    assert "LBRACE" not in kept


def test_every_terminal_that_a_note_names_exists():
    table = grammar.load()
    single = [*table.notes["same-line"], *table.notes["restricted"], *table.notes["continues"]]
    pairs = [*table.notes["pair"], *table.notes["but-not"][0].split()]

    assert set(single + pairs) <= set(table.terminals)


def test_every_predicate_is_a_start_rule():
    table = grammar.load()

    assert {note.split()[-1] for note in table.notes["predicate"]} <= set(table.starts)


@pytest.mark.parametrize("name", ["directive", "ecmascript", "jsx", "typescript"])
def test_a_grammar_file_says_first_that_it_is_normative(name):
    assert "NORMATIVE" in spec.read(f"{name}.lark")[:200]
