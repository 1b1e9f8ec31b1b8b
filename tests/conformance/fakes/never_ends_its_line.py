"""Begins a reply and goes on with it for ever, slowly."""

import sys
import time

from _loop import serve


def answer(_message, _number):
    while True:
        sys.stdout.write("[")
        sys.stdout.flush()
        time.sleep(0.01)


serve(answer)
