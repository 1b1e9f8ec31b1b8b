"""Writes the first half of a reply and ends."""

import sys

from _loop import serve


def answer(message, _):
    sys.stdout.write(f'{{"seq": {message["seq"]}, "ok": {{"res')
    sys.stdout.flush()
    sys.exit(0)


serve(answer)
