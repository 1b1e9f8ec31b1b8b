"""Fills its stderr without end instead of answering."""

import sys

from _loop import serve


def answer(_message, _number):
    while True:
        sys.stderr.write("and another thing\n")


serve(answer)
