"""Filling in templates: a letter that stands alone stands for a text."""

from __future__ import annotations

import re


def replaced(template: str, **texts: str) -> str:
    """The template with texts in the place of letters; what is filled in is left alone."""
    letters = "".join(texts)
    alone = rf"(?<![A-Za-z])[{letters}](?![A-Za-z])"
    return re.sub(alone, lambda found: texts[found[0]], template)
