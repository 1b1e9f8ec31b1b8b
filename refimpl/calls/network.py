"""The in-memory network: it carries messages between client and server, and records each.

Rules of this module:

* A message is delivered as a task of the receiving side, `LATENCY` after it was sent.
* What goes wrong is given beforehand, as a list of faults: the same list gives the same run.
* The record (`trace`) is in the order of events: what was sent, when it arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from refimpl.calls.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from refimpl.calls.world import Side, World

Message = TypeVar("Message", Request, Response)

#: Virtual milliseconds a message is under way.
LATENCY = 1.0

#: What a fault can do to a message. `at` counts bytes of its body; milliseconds for delay.
FAULTS = ("refuse", "drop", "duplicate", "delay", "cut", "split", "corrupt")


@dataclass(frozen=True)
class Event:
    """One line of the record."""

    moment: float
    what: str  #: "request sent", "request arrived", "response sent" or "response arrived"
    call: int  #: counts the requests of a run, from 1
    message: Request | Response


@dataclass(frozen=True)
class Fault:
    """Something that happens to one message of one call; several faults happen in their order.

    A refused request never leaves. A duplicate is a second delivery, a delay of `at` milliseconds
    lets later messages pass, a split delivers the body in two pieces that the receiver joins.
    """

    call: int
    message: str  #: "request" or "response"
    do: str  #: one of `FAULTS`
    at: int = 0


class Network:
    """A client and a server, and what passes between them."""

    def __init__(
        self, world: World, client: Side, server: Side, faults: Sequence[Fault] = ()
    ) -> None:
        self.world = world
        self.client = client
        self.server = server
        self.faults = faults
        self.handle: Callable[[Request, Callable[[Response], None]], None]
        self.trace: list[Event] = []
        self.beginning = world.now
        self.calls = 0

    def send(
        self, request: Request, receive: Callable[[Response], None], lost: Callable[[], None]
    ) -> None:
        """Carry `request` to the server and its response back to `receive`.

        `lost` is told instead of that when the request cannot leave.
        """
        self.calls += 1
        call = self.calls
        if Fault(call, "request", "refuse") in self.faults:
            self.world.after(LATENCY, self.client, f"refused {call}", lost)
            return

        def respond(response: Response) -> None:
            self._carry("response", call, response, self.client, receive)

        self._carry("request", call, request, self.server, lambda got: self.handle(got, respond))

    def _carry(
        self, kind: str, call: int, message: Message, to: Side, deliver: Callable[[Message], None]
    ) -> None:
        """Plan the deliveries of a message. Clause: call.fault.told."""
        self.trace.append(Event(self.world.now, f"{kind} sent", call, message))
        delays = [LATENCY]
        for fault in self.faults:
            if (fault.call, fault.message) == (call, kind):
                message, delays = _suffer(fault, message, delays)

        def arrive() -> None:
            self.trace.append(Event(self.world.now, f"{kind} arrived", call, message))
            deliver(message)

        for delay in delays:
            self.world.after(delay, to, f"{kind} {call}", arrive)


def _suffer(fault: Fault, message: Message, delays: list[float]) -> tuple[Message, list[float]]:
    """A message after a fault, and when it is delivered."""
    body, at = message.body, fault.at
    match fault.do:
        case "drop":
            return message, []
        case "duplicate":
            return message, [*delays, *(delay + LATENCY for delay in delays)]
        case "delay":
            return message, [delay + at for delay in delays]
        case "split":
            return message, [delay + LATENCY for delay in delays]
        case "cut":
            return replace(message, body=body[:at]), delays
        case "corrupt" if body:
            damaged = bytearray(body)
            damaged[at % len(body)] ^= 1
            return replace(message, body=bytes(damaged)), delays
    return message, delays
