"""Declares everything and can do nothing."""

from _loop import serve

serve(lambda _message, _: {"unsupported": {"why": "not today"}})
