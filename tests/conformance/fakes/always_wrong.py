"""Answers in the right form, and never what is right."""

from _loop import serve

WRONG = {
    "compile": {"rejected": {"phase": "load", "code": "wrong"}},
    "run": {"ok": {"result": "wrong"}},
    "exposes": {"ok": {"functions": ["wrong.js#wrong"]}},
    "withholds": {"ok": {"artifacts": {}}},
}

serve(lambda message, _: WRONG[message["op"]])
