"""SPEC.md as a page: its clauses with their anchors and today's support, and a table of contents.

Rules of this module:

* Text is rendered as it is written. Only the block quotations that are clauses are replaced.
* The anchor of a clause is its slug, which is permanent; that of a section is made from its title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it.token import Token
from markupsafe import Markup

from conformance.site import prose
from conformance.specification import CLAUSE_LIKE, HEADER, TOMBSTONE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from conformance.specification import Clause, Specification

NUMBER = re.compile(r"^(?:Annex )?(?P<number>[A-Z]?[\d.]*)\s*")

CELLS = ("th_open", "th_close")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the document."""

    level: int
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The document."""

    html: Markup
    sections: tuple[Section, ...]


def rendered(
    text: str, specification: Specification, clause_html: Callable[[Clause], str]
) -> Rendered:
    """The page of a specification text, with each clause as `clause_html` shows it."""
    sections: dict[str, Section] = {}
    markdown = prose.linked(specification.clauses, sections.keys())
    tokens = list(
        _replaced(markdown.parse(text), text.splitlines(), specification, clause_html, sections)
    )
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    return Rendered(Markup(html), tuple(sections.values()))  # noqa: S704  (rendered by the library)


def _replaced(
    tokens: list[Token],
    lines: list[str],
    specification: Specification,
    clause_html: Callable[[Clause], str],
    sections: dict[str, Section],
) -> Iterator[Token]:
    """The tokens, with anchors on headings and clauses in place of their quotations."""
    skipping = 0
    for index, token in enumerate(tokens):
        if skipping:
            skipping += token.nesting
            continue
        if token.type == "heading_open":
            section = _section(token, tokens[index + 1].content, sections)
            token.attrSet("id", section.anchor)
            sections[section.anchor] = section
        if token.type == "blockquote_open" and token.map:
            quoted = lines[token.map[0] : token.map[1]]
            shown = "".join(_quoted_clauses(quoted, specification, clause_html))
            if shown:
                skipping = 1
                yield _html(shown)
                continue
        if token.type in CELLS and not _cell_text(tokens, index):
            token.tag = "td"  # nothing is no heading
        yield token


def _cell_text(tokens: list[Token], index: int) -> str:
    inline = tokens[index + 1 if tokens[index].nesting > 0 else index - 1]
    return inline.content


def _quoted_clauses(
    lines: list[str], specification: Specification, clause_html: Callable[[Clause], str]
) -> Iterator[str]:
    for line in lines:
        if CLAUSE_LIKE.match(line) and (header := HEADER.fullmatch(line.rstrip())):
            yield clause_html(specification.clauses[header["slug"]])
        elif tombstone := TOMBSTONE.fullmatch(line.rstrip()):
            slug, reason = tombstone["slug"], prose.inline(tombstone["reason"])
            yield f'<p class="tombstone" id="{slug}"><s>{slug}</s> retired: {reason}</p>'


def _section(token: Token, title: str, taken: Collection[str]) -> Section:
    number = NUMBER.match(title)
    anchor = re.sub(r"[^a-z0-9.]+", "-", title.lower()).strip("-.")
    if number and number["number"]:
        anchor = f"section-{number['number'].rstrip('.')}"
    while anchor in taken:
        anchor += "-again"
    return Section(int(token.tag[1:]), title.replace("`", ""), anchor)


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content, block=True)
