"""Ends when it is asked what it withholds."""

import sys

from _loop import honest, serve

serve(lambda message, _: sys.exit(7) if message["op"] == "withholds" else honest(message))
