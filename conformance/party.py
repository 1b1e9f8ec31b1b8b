"""One end of an exchange: an implementation that is asked to write and to read messages, many at a time.

Rules of this module:

* A party answers the protocol's `encode` and `decode`; what its answers are worth, others decide.
* Requests are sent ahead, as far as the transport takes them.
* What does not answer is started again, and the request it did not answer has no reply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance import implementation
from conformance.transports import AdapterFailure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.protocol import Request

SECONDS = 20.0


class Party:
    """An implementation by its `--impl` name, started when it is first asked."""

    def __init__(self, option: str) -> None:
        self.name = option
        self.implementation = implementation.find(option)
        self.transport = self.implementation.connect()
        self.capabilities: frozenset[str] = frozenset()
        self.started = False

    @property
    def problem(self) -> str | None:
        """Why it cannot be asked on this machine, if so."""
        return self.implementation.problem

    def can(self, capability: str) -> bool:
        """Whether it says that it can be asked this."""
        self._start()
        return capability in self.capabilities

    def ask(self, requests: Sequence[Request]) -> list[Any]:
        """The replies, in order; None where there was none."""
        replies: list[Any] = []
        while len(replies) < len(requests):
            self._start()
            try:
                self._converse(requests, replies)
            except AdapterFailure:
                replies.append(None)
                self.close()
        return replies

    def _converse(self, requests: Sequence[Request], replies: list[Any]) -> None:
        """Put the questions that have no reply yet, and append the replies as they come."""
        sent = len(replies)
        while len(replies) < len(requests):
            while sent < min(len(requests), len(replies) + self.transport.window):
                self.transport.send(requests[sent])
                sent += 1
            replies.append(self.transport.receive(SECONDS))

    def _start(self) -> None:
        if self.started:
            return
        self.transport.start()
        greeting = self.transport.ask({"op": "hello", "protocol": 1}, SECONDS)
        self.capabilities = frozenset(greeting["ok"]["capabilities"])
        self.started = True

    def close(self) -> None:
        """End the process, if there is one."""
        self.transport.stop()
        self.started = False
