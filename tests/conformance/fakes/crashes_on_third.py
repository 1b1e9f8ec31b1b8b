"""Ends in the middle of the third question it is asked."""

import sys

from _loop import honest, serve


def answer(message, number):
    if number == 3:
        sys.stderr.write("the third is too much\n")
        sys.exit(7)
    return honest(message)


serve(answer)
