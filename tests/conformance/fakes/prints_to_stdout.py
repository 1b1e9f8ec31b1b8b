"""Prints what it is doing to the place where its replies go."""

import sys

from _loop import honest, serve


def answer(message, _):
    sys.stdout.write(f"compiling {message['op']}\n")
    return honest(message)


serve(answer)
