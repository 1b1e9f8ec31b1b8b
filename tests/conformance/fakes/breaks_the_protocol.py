"""Answers with JSON of its own invention."""

from _loop import serve

serve(lambda _message, _: {"success": True})
