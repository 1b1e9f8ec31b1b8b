"""The adapter as a function in this process.

Rules of this module:

* An exception is a crash, and its traceback is what the adapter said.
* Messages are copied through JSON both ways, so an adapter cannot change a case, and an answer
  that works here works over a pipe.
* The time limit is an interval timer whose signal interrupts the main thread. Where there is none
  (Windows, or another thread) a case that hangs in process hangs the run: use `cmd:` there. A
  thread cannot be killed, so a limit that only stops waiting would be no limit.
"""

from __future__ import annotations

import json
import signal
import threading
import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from conformance.depth import room_to_recurse
from conformance.transports.transport import AdapterFailure, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from conformance.protocol import Request

#: Frames of a traceback that are kept: the adapter's own, not the runner's above it.
TRACEBACK_LINES = 40
#: Seconds after which an adapter is interrupted again: where Python happens to be in a callback of
#: the garbage collector or in a finalizer, what is raised there is ignored.
AGAIN = 1.0


class _TimeIsUp(BaseException):
    """Raised in the adapter when its time is up; no `except Exception` of its own catches it."""


class InProcess(Transport):
    """Calls `adapter(message) -> reply`."""

    def __init__(self, load: Callable[[], Callable[[Request], Any]]) -> None:
        self.load = load
        self.adapter: Callable[[Request], Any] | None = None
        self.message: Request = {}

    def start(self) -> None:
        """Import the adapter."""
        try:
            self.adapter = self.load()
        except AdapterFailure:
            raise
        except (Exception, SystemExit) as error:
            message = f"the adapter cannot be loaded: {type(error).__name__}: {error}"
            raise AdapterFailure("adapter.load", message, _traceback(error)) from error

    def send(self, request: Request) -> None:
        """Keep the request until its reply is wanted."""
        self.message = json.loads(json.dumps(request))

    def receive(self, timeout: float) -> Any:
        """Call the adapter."""
        assert self.adapter is not None, "start comes first"
        try:
            with _time_limit(timeout):
                reply = self.adapter(self.message)
        except _TimeIsUp as late:
            said = f"there was no reply within {timeout:g} s"
            raise AdapterFailure("adapter.timeout", said, _traceback(late)) from None
        except (Exception, SystemExit) as error:
            said = f"the adapter raised {type(error).__name__}: {error}"
            raise AdapterFailure("adapter.raised", said, _traceback(error)) from error
        return _through_json(reply)

    def stop(self) -> None:
        """Forget the adapter."""
        self.adapter = None


def _through_json(reply: Any) -> Any:
    try:
        with room_to_recurse():
            return json.loads(json.dumps(reply, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise AdapterFailure("adapter.not-json", f"the reply is not JSON data: {error}") from error


def _traceback(error: BaseException) -> str:
    """The traceback below the call of the adapter."""
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    lines = "".join(traceback.format_exception(type(error), error, frames)).splitlines()
    return "\n".join(lines[-TRACEBACK_LINES:])


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Interrupt the block when `seconds` have passed, and leave the timer as it was found."""
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    handler = signal.signal(signal.SIGALRM, _interrupt)
    began = time.monotonic()
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        rest = max(left - (time.monotonic() - began), 0.001) if left else 0
        signal.setitimer(signal.ITIMER_REAL, rest, interval)
        signal.signal(signal.SIGALRM, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise _TimeIsUp
