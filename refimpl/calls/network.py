"""The in-memory network: it carries messages between client and server, and records each.

Rules of this module:

* A message is delivered as a task of the receiving side, `LATENCY` after it was sent.
* The record (`trace`) is in the order of events: what was sent, when it arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.calls.messages import Request, Response
    from refimpl.calls.world import Side, World

#: Virtual milliseconds a message is under way.
LATENCY = 1.0


@dataclass(frozen=True)
class Event:
    """One line of the record."""

    moment: float
    what: str  #: "request sent", "request arrived", "response sent" or "response arrived"
    call: int  #: counts the requests of a run, from 1
    message: Request | Response


class Network:
    """A client and a server, and what passes between them."""

    def __init__(self, world: World, client: Side, server: Side) -> None:
        self.world = world
        self.client = client
        self.server = server
        self.handle: Callable[[Request, Callable[[Response], None]], None]
        self.trace: list[Event] = []
        self.beginning = world.now
        self.calls = 0

    def send(self, request: Request, receive: Callable[[Response], None]) -> None:
        """Carry `request` to the server and its response back to `receive`."""
        self.calls += 1
        call = self.calls

        def respond(response: Response) -> None:
            self._carry("response", call, response, self.client, lambda: receive(response))

        self._carry("request", call, request, self.server, lambda: self.handle(request, respond))

    def _carry(
        self,
        kind: str,
        call: int,
        message: Request | Response,
        to: Side,
        deliver: Callable[[], None],
    ) -> None:
        self.trace.append(Event(self.world.now, f"{kind} sent", call, message))

        def arrive() -> None:
            self.trace.append(Event(self.world.now, f"{kind} arrived", call, message))
            deliver()

        self.world.after(LATENCY, to, f"{kind} {call}", arrive)
