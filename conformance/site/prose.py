"""Markdown as HTML, and code with its directives made visible."""

from __future__ import annotations

import functools
import html
import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Collection

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

DIRECTIVE = re.compile(r"(?P<quote>&#x27;|&quot;)use (?:server|client)(?P=quote)")

SECTION = re.compile(r"§(\d+(?:\.\d+)*)")


def code(text: str) -> Markup:
    """Source text, escaped, its directives marked."""
    escaped = html.escape(text)
    return Markup(DIRECTIVE.sub(r"<mark>\g<0></mark>", escaped))  # noqa: S704  (escaped above)


def spoken(text: str) -> Markup:
    """A sentence that somebody wrote with code between backticks and no other mark-up."""
    parts = html.escape(text).split("`")
    if len(parts) % 2 == 0:  # one of them is no mark-up
        return Markup("`".join(parts))  # noqa: S704  (escaped above)
    marked = (f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
    return Markup("".join(marked))  # noqa: S704  (likewise)


@functools.cache
def _markdown() -> MarkdownIt:
    options = {"highlight": lambda text, _language, _attributes: str(code(text))}
    return MarkdownIt("commonmark", options).enable("table")


def block(text: str) -> Markup:
    """Some paragraphs."""
    return Markup(_markdown().render(text))  # noqa: S704  (the renderer escapes; html is ours)


def inline(text: str) -> Markup:
    """A sentence or two."""
    return Markup(_markdown().renderInline(text))  # noqa: S704  (likewise)


def linked(slugs: Collection[str], sections: Collection[str]) -> MarkdownIt:
    """A renderer in whose text slugs of clauses and `§4.5` are links to their places on the page.

    The anchors of the sections may be known only when it renders.
    """

    def section(match: re.Match[str]) -> str:
        anchor = f"section-{match[1]}"
        return f'<a href="#{anchor}">{match[0]}</a>' if anchor in sections else match[0]

    markdown = _markdown.__wrapped__()

    def code_inline(
        renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        shown: str = renderer.code_inline(tokens, index, options, env)
        slug = tokens[index].content
        return f'<a class="slug" href="#{slug}">{shown}</a>' if slug in slugs else shown

    def text(
        _renderer: RendererHTML,
        tokens: list[Token],
        index: int,
        _options: OptionsDict,
        _env: EnvType,
    ) -> str:
        escaped = html.escape(tokens[index].content, quote=False)
        return SECTION.sub(section, escaped)

    markdown.add_render_rule("code_inline", code_inline)
    markdown.add_render_rule("text", text)
    return markdown
