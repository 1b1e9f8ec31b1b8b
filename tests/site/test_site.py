"""The site as files: what is refused, what is linked, how large it is, and that it is the same each time."""

import gzip
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from conformance import corpus
from conformance.__main__ import main
from conformance.presentation import encoded
from conformance.problems import Refused
from conformance.site import badges, grid, mechanisms, pages, prose, survey
from conformance.site.survey import Tally
from tests.site.conftest import write

pytestmark = pytest.mark.slow


class Links(HTMLParser):
    """The addresses and the anchors of a page."""

    def __init__(self):
        super().__init__()
        self.addresses, self.anchors = [], []

    def handle_starttag(self, _tag, attributes):
        for name, value in attributes:
            if name in {"href", "src"}:
                self.addresses.append(value)
            if name == "id":
                self.anchors.append(value)


@pytest.fixture(scope="module")
def read(site):
    """Each page with its links."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        parser = Links()
        parser.feed(path.read_text())
        found[path] = parser
    return found


def test_every_link_leads_somewhere(site, read):
    broken = []
    for path, page in read.items():
        for address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = (path.parent / parts.path).resolve() if parts.path else path
            known = target.is_file() and (
                not parts.fragment or unquote(parts.fragment) in read[target].anchors
            )
            if not known:
                broken.append(f"{path.relative_to(site)} -> {address}")
    assert broken == []


def test_no_page_has_an_anchor_twice(site, read):
    twice = {
        path.name: {a for a in page.anchors if page.anchors.count(a) > 1}
        for path, page in read.items()
        if len(set(page.anchors)) != len(page.anchors)
    }
    assert twice == {}


def test_nothing_is_loaded_from_elsewhere(site):
    loaded = re.compile(r'(?:src|<link[^>]*href)="(https?:|//)[^"]*"')
    assert [path.name for path in site.rglob("*.html") if loaded.search(path.read_text())] == []


def test_no_page_is_larger_than_500_kilobytes_compressed(site):
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".js", ".css", ".svg"}]
    large = {
        path.name: size
        for path in files
        if (size := len(gzip.compress(path.read_bytes(), 6))) > 500_000
    }
    assert large == {}


def test_half_a_character_is_shown_by_its_number():
    assert encoded("'\ud83d'") == b"'\\ud83d'"


def test_the_same_results_give_the_same_site(site, surveyed, interop, tmp_path):
    pages.Site(surveyed, tmp_path, interop).write()

    names = sorted(path.relative_to(site) for path in site.rglob("*") if path.is_file())
    assert names == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert [n for n in names if (site / n).read_bytes() != (tmp_path / n).read_bytes()] == []


def test_every_clause_and_every_implementation_has_a_page(site, surveyed):
    for slug in surveyed.specification.clauses:
        assert (site / "clauses" / f"{slug}.html").is_file()
    for subject in surveyed.subjects:
        assert (site / "implementations" / f"{subject.id}.html").is_file()


# What is refused


def passing(_key):
    return {"verdict": "pass"}


def test_partial_results_are_refused(tmp_path, capsys):
    path = write(
        tmp_path, corpus.ROOT, "x", "1", passing, complete=False, partial=["the run was stopped"]
    )

    status = main(["report", str(path), "-o", str(tmp_path / "site")])

    assert status == 2
    assert "cannot be published (partial: the run was stopped" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_partial_results_are_marked_where_they_are_allowed(tmp_path):
    path = write(
        tmp_path, corpus.ROOT, "x", "1", passing, complete=False, partial=["the run was stopped"]
    )

    status = main(["report", str(path), "-o", str(tmp_path / "site"), "--allow-partial"])

    assert status == 0
    for page in ("index.html", "spec.html", "implementations/x-1.html"):
        assert "Not for publication" in (tmp_path / "site" / page).read_text()
    # and without a grid nothing is said of it
    assert not (tmp_path / "site" / "interop.html").exists()
    assert "interop" not in (tmp_path / "site" / "index.html").read_text().lower()


def test_results_of_another_corpus_are_refused(tmp_path, frozen_corpus):
    path = write(tmp_path, frozen_corpus, "x", "1", passing, corpus="sha256:0")

    with pytest.raises(Refused, match="made with another corpus"):
        survey.survey([path], allow_partial=False)


def test_edited_results_are_refused_even_where_partial_ones_are_allowed(tmp_path, frozen_corpus):
    path = write(tmp_path, frozen_corpus, "x", "1", passing)
    path.write_text(path.read_text().replace('"pass"', '"fail"', 1))

    with pytest.raises(Refused, match="the seal is broken"):
        survey.survey([path], allow_partial=True)


def test_a_grid_of_another_corpus_is_refused(tmp_path, frozen_corpus):
    path = tmp_path / "interop-grid.json"
    path.write_text('{"grid": 1, "corpus": "sha256:0"}')

    with pytest.raises(Refused, match="this grid cannot be published"):
        grid.read(path, frozen_corpus, allow_partial=False)


def test_the_same_version_twice_is_refused(results_files, frozen_corpus):
    with pytest.raises(Refused, match="is in more than one of the results"):
        survey.survey([*results_files, results_files[1]], root=frozen_corpus, allow_partial=True)


# Parts


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(3, 0, 0, 1), "conforms"),
        (Tally(3, 0, 2), "3 pass, 2 not asked"),
        (Tally(3, 1, 2), "1 of 4 fail"),
        (Tally(0, 0, 5), "not tested"),
        (Tally(0, 0, 0, 5), "not tested"),
    ],
)
def test_a_badge_says_it_in_words(tally, words):
    assert badges.words(tally) == words
    assert words in badges.badge("wire", tally)


def test_a_badge_is_an_image_with_a_name(site):
    root = ET.fromstring((site / "badges" / "able-2.0.0-directive.svg").read_text())  # noqa: S314  (written by this very process)

    assert root.get("role") == "img"
    assert root.get("aria-label").startswith("use server: directive, ")


def test_what_is_not_asked_is_no_pass():
    tally = Tally()
    tally.add(None)

    assert (tally.condition, tally.tested) == ("unsupported", 0)


def test_versions_are_ordered_as_numbers(surveyed):
    assert [s.version for s in surveyed.subjects if s.name == "able"] == [
        "2.0.0",
        "1.10.0",
        "1.9.0",
    ]


def test_mechanisms_come_with_broken_musts_first(surveyed):
    subject = next(s for s in surveyed.subjects if s.id == "able-2.0.0")
    levels = [mechanism.level for mechanism in mechanisms.of(surveyed, subject)]

    assert levels == sorted(levels, key=["must", "should", "may"].index)


def test_of_broken_musts_the_cause_behind_most_failures_comes_first(surveyed):
    subject = next(s for s in surveyed.subjects if s.id == "able-2.0.0")
    sizes = [len(m.failures) for m in mechanisms.of(surveyed, subject) if m.level == "must"]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]


def test_a_mechanism_is_shown_by_its_smallest_must(surveyed):
    subject = next(s for s in surveyed.subjects if s.id == "able-2.0.0")

    for mechanism in mechanisms.of(surveyed, subject):
        same = [f.lesson.size for f in mechanism.failures if f.clause.level == mechanism.level]
        assert mechanism.example.lesson.size == min(same)


def test_a_directive_in_code_is_marked_and_everything_is_escaped():
    assert prose.code("'use server' <b>") == "<mark>&#x27;use server&#x27;</mark> &lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a `b<` c", "a <code>b&lt;</code> c"),
        ("one ` alone", "one ` alone"),
        ("*as it is*", "*as it is*"),
    ],
)
def test_a_sentence_has_code_and_no_other_mark_up(text, html):
    assert prose.spoken(text) == html
