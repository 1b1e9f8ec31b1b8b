"""Writes bytes that are no text, let alone JSON."""

import sys

from _loop import serve


def answer(_message, _number):
    sys.stdout.buffer.write(b"\xff\xfe\x00garbage\n")
    sys.stdout.buffer.flush()


serve(answer)
