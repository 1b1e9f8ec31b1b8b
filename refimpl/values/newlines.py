"""Line breaks in the texts of a form: one way to write them, whatever the user's system has.

Clauses: form.entries.newlines, wire.multipart.newlines.
"""

from __future__ import annotations

import re
from typing import Final

NEWLINE: Final = re.compile(r"\r\n|\r|\n")


def normalized(text: str) -> str:
    """The text with CRLF for every line break."""
    return NEWLINE.sub("\r\n", text)
