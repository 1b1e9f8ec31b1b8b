"""The reference, which is given every program with other line ends and comments around it.

The rule of this module: what is added leaves everything on its line, the end of the file included,
and a hashbang at the beginning.
"""

from __future__ import annotations

from typing import Any

from conformance.adapters.refimpl import conformance_adapter as plain

BEFORE, AFTER = "/* 'use client' // 'use server' */ ", " // 'use server'"


def conformance_adapter(message: dict[str, Any]) -> Any:
    """Answer as the reference does for the same program, written in another way."""
    for path, text in message.get("files", {}).items():
        before = "" if text.startswith("#!") else BEFORE
        message["files"][path] = before + text.replace("\n", "\r\n") + AFTER
    return plain(message)
