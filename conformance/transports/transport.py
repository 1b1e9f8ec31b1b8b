"""What every transport promises.

Rules of this module:

* A transport carries JSON data. It knows the order of messages and nothing of their meaning.
* Whatever an adapter does instead of answering becomes an `AdapterFailure` within the time limit.
  No transport ever waits without a limit.
* Replies come in the order of the requests, so a failure belongs to the oldest request under way.
* After a failure the transport can be started again; what was under way is to be sent again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.protocol import Request


@dataclass(eq=False)
class AdapterFailure(Exception):  # noqa: N818  (it is a verdict on the adapter, not an error of ours)
    """The adapter did something else than answer."""

    code: str
    message: str
    #: What the adapter said while it failed: the end of its stderr, or a traceback.
    output: str = ""
    fix: str | None = None

    @property
    def is_timeout(self) -> bool:
        """Whether it simply took too long."""
        return self.code == "adapter.timeout"


class Transport(ABC):
    """A way to talk to one adapter."""

    @abstractmethod
    def start(self) -> None:
        """Make an adapter ready for its first request; nothing is asked yet."""

    #: How many points of cases may be under way at once.
    window = 1
    #: Whether the questions of a family are sent ahead too, though one failure makes the others needless.
    families_ahead = False

    @abstractmethod
    def send(self, request: Request) -> None:
        """Send a request; `AdapterFailure` where that shows that something is wrong already."""

    @abstractmethod
    def receive(self, timeout: float) -> Any:
        """The reply to the oldest request under way, or an `AdapterFailure` after `timeout` seconds."""

    def ask(self, request: Request, timeout: float) -> Any:
        """The reply to one request while no other is under way."""
        self.send(request)
        return self.receive(timeout)

    @abstractmethod
    def stop(self) -> None:
        """End the adapter, by force if it does not go by itself; harmless when it is not running."""

    @property
    def output(self) -> str:
        """What the adapter said while it made its last reply, as far as it was kept."""
        return ""
