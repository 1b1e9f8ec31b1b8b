"""Answers properly."""

from _loop import honest, serve

serve(lambda message, _: honest(message))
