"""The in-memory network: it carries messages between client and server, and records each.

Rules of this module:

* A message is delivered as a task of the receiving side, `LATENCY` after it was sent. Requests
  are carried whole; of a response's body, what is said at one instant is one piece.
* What goes wrong is given beforehand, as a list of faults: the same list gives the same run.
* The record (`trace`) is in the order of events: what was sent, when it arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from refimpl.calls.faults import LATENCY, Fault, Piece, deliveries, piece_of, pieces_of, suffered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from refimpl.calls.faults import Ending
    from refimpl.calls.messages import Request, Response
    from refimpl.calls.world import Side, World
    from refimpl.values import model

    Receive = Callable[[Response, Piece], None]


@dataclass
class Event:
    """One line of the record."""

    moment: float
    what: str  #: "request sent", "request arrived", "response sent" or "response arrived"
    call: int  #: counts the requests of a run, from 1; 0 is the page
    message: Request | Response
    body: bytes | bytearray = field(repr=False)  #: all of a request's, a piece of a response's


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

    def send(self, request: Request, receive: Receive, lost: Callable[[], None]) -> Connection:
        """Carry `request` to the server and its response back, piece by piece, to `receive`.

        `lost` is told instead of that when the request cannot leave.
        """
        self.calls += 1
        connection = Connection(self, self.calls, receive)
        if Fault(self.calls, "request", "refuse") in self.faults:
            self.world.after(LATENCY, self.client, f"refused {self.calls}", lost)
        else:
            connection.carry(request)
        return connection

    def page(self, response: Response, receive: Receive) -> Connection:
        """Carry a response that no request asked for."""
        connection = Connection(self, 0, receive)
        connection.respond(response)
        return connection

    def record(
        self, what: str, call: int, message: Request | Response, body: bytes | bytearray
    ) -> Event:
        """Add a line to the record."""
        event = Event(self.world.now, what, call, message, body)
        self.trace.append(event)
        return event


class Connection:
    """What carries one request and its answer, until it is closed."""

    def __init__(self, network: Network, call: int, receive: Receive) -> None:
        self.network = network
        self.call = call
        self.receive = receive
        self.responses: list[Response] = []
        self.hung_up = False

    def faults(self, message: str) -> list[Fault]:
        """What happens to the request or to the response."""
        return [
            fault
            for fault in self.network.faults
            if (fault.call, fault.message) == (self.call, message)
        ]

    def carry(self, request: Request) -> None:
        """Plan the deliveries of a request. Clause: call.fault.told."""
        network, faults = self.network, self.faults("request")
        network.record("request sent", self.call, request, request.body)
        arriving = suffered(request, faults)

        def arrive() -> None:
            network.record("request arrived", self.call, arriving, arriving.body)
            network.handle(arriving, self.respond)

        for delay in deliveries(faults):
            network.world.after(delay, network.server, f"request {self.call}", arrive)

    def respond(self, response: Response) -> None:
        """Carry a response, as it comes."""
        if self.hung_up:
            response.body.cancel()
            return
        self.responses.append(response)
        transmission = Transmission(self, response)
        response.body.observe(transmission.say, transmission.end)

    def close(self) -> None:
        """Tell the server that nobody listens any more. Clause: call.cancel.sources."""
        network = self.network
        network.world.after(LATENCY, network.server, f"close {self.call}", self.hang_up)

    def hang_up(self) -> None:
        """The server learns that nobody listens."""
        self.hung_up = True
        for response in self.responses:
            response.body.cancel()


@dataclass(eq=False)
class Saying:
    """What the server says at one instant: it becomes a piece."""

    offset: int
    event: Event
    ending: Ending = "more follows"


class Transmission:
    """The body of one response under way."""

    def __init__(self, connection: Connection, response: Response) -> None:
        self.connection = connection
        self.network = connection.network
        self.response = response
        self.faults = connection.faults("response")
        self.label = f"response {connection.call}"
        self.offset = 0
        self.number = 0
        self.saying: Saying | None = None

    def say(self, data: bytes) -> None:
        """Add to what is said now."""
        self.now().event.body += data
        self.offset += len(data)

    def end(self, body: model.Stream) -> None:
        """Say that this is all, or that the rest will not come."""
        self.now().ending = "complete" if body.state == "closed" else "cut"

    def now(self) -> Saying:
        """What is being said at this instant; its deliveries are planned when it begins."""
        network = self.network
        if self.saying is None or self.saying.event.moment != network.world.now:
            sent = network.record("response sent", self.connection.call, self.response, bytearray())
            self.saying = Saying(self.offset, sent)
            self.number += 1
            faults = [fault for fault in self.faults if fault.concerns(self.number)]
            for delay in deliveries(faults):
                network.world.after(
                    delay, network.client, self.label, partial(self.arrive, self.saying, faults)
                )
        return self.saying

    def arrive(self, saying: Saying, faults: list[Fault]) -> None:
        """Deliver what was said, and what a fault has split off it one `LATENCY` later."""
        said = piece_of(saying.offset, bytes(saying.event.body), saying.ending)
        for index, piece in enumerate(pieces_of(said, faults)):
            deliver = partial(self.deliver, piece)
            if index == 0:
                deliver()
            else:
                world, client = self.network.world, self.network.client
                world.after(LATENCY * index, client, self.label, deliver)

    def deliver(self, piece: Piece) -> None:
        """A piece is there."""
        self.network.record("response arrived", self.connection.call, self.response, piece.data)
        self.connection.receive(self.response, piece)
