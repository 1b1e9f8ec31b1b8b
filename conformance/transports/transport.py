"""What every transport promises.

Rules of this module:

* A transport carries JSON data. It knows the order of messages and nothing of their meaning.
* Whatever an adapter does instead of answering becomes an `AdapterFailure` within the time limit.
  No transport ever waits without a limit.
* After a failure the transport can be started again; the next request finds a fresh adapter.
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

    @abstractmethod
    def ask(self, request: Request, timeout: float) -> Any:
        """The reply to one request, or an `AdapterFailure` after at most `timeout` seconds."""

    @abstractmethod
    def stop(self) -> None:
        """End the adapter, by force if it does not go by itself; harmless when it is not running."""

    @property
    def output(self) -> str:
        """What the adapter said beside its replies, as far as it was kept."""
        return ""
