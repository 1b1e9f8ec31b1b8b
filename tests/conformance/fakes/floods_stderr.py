"""Says more on stderr than any pipe holds, before each answer."""

import sys

from _loop import honest, serve


def answer(message, _):
    sys.stderr.write("noise\n" * 200_000)
    sys.stderr.flush()
    return honest(message)


serve(answer)
