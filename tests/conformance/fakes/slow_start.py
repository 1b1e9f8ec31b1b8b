"""Takes a second to introduce itself, and then is as fast as anybody."""

import time

from _loop import honest, serve

time.sleep(1)
serve(lambda message, _: honest(message))
