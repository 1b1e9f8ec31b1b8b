"""Says that it can only compile, which it does."""

import _loop

_loop.CAPABILITIES[:] = ["compile"]
_loop.serve(lambda message, _: _loop.honest(message))
