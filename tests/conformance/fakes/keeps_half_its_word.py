"""Declares two choices, and acts on one of them."""

import _loop

GREETING = _loop.hello()["ok"]
GREETING["choices"] = {"re-export": "register", "async-generator": "error"}

_loop.hello = lambda: {"ok": GREETING}
_loop.serve(lambda message, _: _loop.honest(message))
