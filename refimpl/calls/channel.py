"""A client's end of the network: it makes every call end, whatever becomes of its messages.

Rules of this module:

* Every request says where it comes from, what number it has and what its body's digest is.
* Exactly one thing is said of each request: its response, or a `Silence`. The body of a response
  ends, or breaks off with a `Silence`. What comes later, or comes again, is dropped.
* Pieces are put in order. One that is damaged is the end: the function may have run, and nobody
  can say more.
* Waiting for the next piece ends after `DEADLINE` of virtual time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from refimpl.calls.messages import (
    CALL_HEADER,
    DIGEST_HEADER,
    Body,
    Response,
    Silence,
    content_digest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.calls.faults import Piece
    from refimpl.calls.messages import Request
    from refimpl.calls.network import Connection, Network
    from refimpl.calls.world import Task

#: Limit `call.deadline`: milliseconds a client waits for an answer, or for more of it.
DEADLINE = 60_000.0

#: Random bytes in the name of a session, so that nobody guesses another's.
SESSION_BYTES = 16

#: The two ways of having no answer. Clauses: call.fault.unknown, call.fault.lost.
UNKNOWN = Silence("network.unknown", "No answer came: the function may have run or not")
LOST = Silence("network.lost", "The call did not leave: the function has not run")
#: An answer that breaks off. Clause: call.fault.stream.
BROKEN = Silence("network.unknown", "The answer broke off: what was still to come is unknown")


class Channel:
    """Sends the requests of one client; `session` names it to the server's memory."""

    def __init__(self, network: Network, origin: str, session: str) -> None:
        self.network = network
        self.origin = origin
        self.session = session
        self.sent = 0

    def send(self, request: Request, receive: Callable[[Response | Silence], None]) -> Exchange:
        """Send `request` and tell `receive`, once, what came of it.

        Clauses: call.fault.told, call.fault.once.
        """
        self.sent += 1
        headers = {
            "origin": self.origin,
            CALL_HEADER: f"{self.session}/{self.sent}",
            DIGEST_HEADER: content_digest(request.body),
            **request.headers,
        }
        exchange = Exchange(self.network, receive)
        message = replace(request, headers=headers)
        exchange.connection = self.network.send(message, exchange.take, exchange.lost)
        return exchange

    def open(self, page: Response, receive: Callable[[Response | Silence], None]) -> None:
        """Take the page, which came without a request."""
        exchange = Exchange(self.network, receive)
        exchange.connection = self.network.page(page, exchange.take)


class Exchange:
    """One request, and what comes of it."""

    def __init__(self, network: Network, receive: Callable[[Response | Silence], None]) -> None:
        self.network = network
        self.receive = receive
        self.connection: Connection
        self.body: Body | None = None
        self.arrived = 0
        #: Pieces that came before those in front of them, by their offset.
        self.early: dict[int, Piece] = {}
        self.is_over = False
        self.deadline = self.wait()

    def wait(self) -> Task:
        """Wait for what comes next, and no longer than the deadline."""
        world, client = self.network.world, self.network.client
        return world.after(DEADLINE, client, "deadline", self.break_off)

    def take(self, response: Response, piece: Piece) -> None:
        """Take a piece, in whatever order it comes. Clauses: call.fault.pieces, call.fault.once."""
        if self.is_over:
            return
        if piece.digest != content_digest(piece.data):
            self.break_off()
            return
        self.deadline.cancelled = True
        self.deadline = self.wait()
        self.early[piece.offset] = piece
        while not self.is_over and self.arrived in self.early:
            self.append(response, self.early.pop(self.arrived))

    def append(self, response: Response, piece: Piece) -> None:
        """Pass on the piece that is next."""
        if self.body is None:
            self.body = Body()
            self.receive(replace(response, body=self.body))
        self.arrived += len(piece.data)
        if piece.data:
            self.body.push(piece.data)
        if piece.ending == "complete":
            self.end()
            self.body.close()
        elif piece.ending == "cut":
            self.break_off()

    def lost(self) -> None:
        """The request could not leave."""
        if not self.is_over:
            self.end()
            self.receive(LOST)

    def break_off(self) -> None:
        """Nothing more comes that could be used."""
        self.close()
        if self.body is None:
            self.receive(UNKNOWN)
        else:
            self.body.fail(BROKEN)

    def close(self) -> None:
        """Listen no more. Clause: call.cancel.sources."""
        if not self.is_over:
            self.end()
            self.connection.close()

    def end(self) -> None:
        """Wait for nothing more."""
        self.is_over = True
        self.deadline.cancelled = True
