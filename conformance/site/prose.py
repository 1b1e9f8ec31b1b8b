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


def linked(slugs: Collection[str]) -> MarkdownIt:
    """A renderer in whose text the slug of a clause is a link to its place on the same page."""
    markdown = _markdown.__wrapped__()

    def code_inline(
        renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        shown: str = renderer.code_inline(tokens, index, options, env)
        slug = tokens[index].content
        return f'<a class="slug" href="#{slug}">{shown}</a>' if slug in slugs else shown

    markdown.add_render_rule("code_inline", code_inline)
    return markdown
