"""Says on stderr what it is doing, and does it wrongly."""

import sys

from _loop import serve


def answer(message, _):
    sys.stderr.write(f"thinking about {message['op']}\n")
    sys.stderr.flush()
    return {"ok": {"result": 2}}


serve(answer)
