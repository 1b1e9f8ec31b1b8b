"""Ends on its second question, and is called by its process number."""

import os
import sys

import _loop


def hello():
    introduction = {"name": str(os.getpid()), "version": "1"}
    return {"ok": {**introduction, "capabilities": _loop.CAPABILITIES, "choices": {}}}


_loop.hello = hello
_loop.serve(lambda message, number: sys.exit(7) if number == 2 else _loop.honest(message))
