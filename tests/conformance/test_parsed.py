"""The cache of parsed cases is never stale, and never in the way."""

import os
import pickle
import stat

import pytest

from conformance import choices, corpus, parsed


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder of the cache, which is empty at first."""
    monkeypatch.setenv("USE_SERVER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / parsed.FOLDER


@pytest.fixture
def path(small_corpus, kept):
    return small_corpus / "directive" / "small.yaml"


def read(path):
    return parsed.Reader(choices.load()).read(path)


@pytest.fixture
def parsing(monkeypatch):
    """The files that were really read, in order."""
    calls = []
    original = corpus.read_file

    def read_file(path, known):
        calls.append(path)
        return original(path, known)

    monkeypatch.setattr(corpus, "read_file", read_file)
    return calls


def test_what_is_kept_is_what_would_be_read(path):
    read(path)

    assert read(path) == corpus.read_file(path, choices.load())


def test_a_file_is_read_once(path, parsing):
    read(path)
    read(path)

    assert parsing == [path]


def test_a_changed_file_is_read_again(path, parsing):
    read(path)
    path.write_text(path.read_text().replace("of no kind", "of no kind at all"))

    assert "at all" in read(path).cases[0].title
    assert parsing == [path, path]


def test_another_name_for_the_same_text_is_read_again(path, parsing, monkeypatch):
    """The places of cases are shown from the working directory."""
    read(path)
    monkeypatch.chdir(path.parent)

    assert read(path).shown == "small.yaml"


def test_other_choices_make_another_reading(path, parsing):
    read(path)
    known = choices.load()
    del known["re-export"]

    parsed.Reader(known).read(path)

    assert len(parsing) == 2


def test_other_code_makes_another_reading(path, parsing, monkeypatch):
    read(path)
    monkeypatch.setattr(parsed, "_code", lambda: "changed")
    read(path)

    assert len(parsing) == 2


def test_a_damaged_file_in_the_cache_is_read_again(path, kept):
    expected = read(path)
    (file,) = kept.iterdir()
    file.write_bytes(pickle.dumps(expected)[:100])

    assert read(path) == expected


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_folder_that_others_can_write_to_is_not_used(path, kept, parsing):
    read(path)
    kept.chmod(stat.S_IRWXU | stat.S_IRWXG)
    read(path)

    assert len(parsing) == 2


def test_a_cache_that_cannot_be_made_is_done_without(path, kept):
    kept.parent.write_text("a file where the folder would be")

    assert read(path).cases


def test_a_disk_that_takes_nothing_is_done_without(path, monkeypatch):
    def full(**_):
        raise OSError("no space left on device")

    monkeypatch.setattr(parsed.tempfile, "mkstemp", full)

    assert read(path).cases


def test_a_file_that_was_saved_while_it_was_read_is_not_kept(path, kept, monkeypatch):
    original = corpus.read_file

    def read_file(path, known):
        found = original(path, known)
        path.write_text(path.read_text() + "\n")
        return found

    monkeypatch.setattr(corpus, "read_file", read_file)
    read(path)

    assert list(kept.iterdir()) == []


def test_the_older_half_goes_when_there_is_too_much(path, kept, monkeypatch):
    monkeypatch.setattr(parsed, "MOST_FILES", 4)
    for number in range(5):
        path.write_text(path.read_text() + f"# {number}\n")
        read(path)

    assert len(list(kept.iterdir())) == 3


def test_a_file_that_does_not_exist_is_a_problem_as_ever(path):
    found = read(path.with_name("none.yaml"))

    assert [problem.code for problem in found.problems] == ["corpus.unreadable"]


def test_the_whole_corpus_can_be_kept(kept):
    known = choices.load()
    for path in corpus.files_of(corpus.ROOT):
        parsed.Reader(known).read(path)

    assert len(list(kept.iterdir())) == len(corpus.files_of(corpus.ROOT))
