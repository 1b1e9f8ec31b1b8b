"""A client's end of the network: it makes every call end, whatever becomes of its messages.

Rules of this module:

* Every request says where it comes from, what number it has and what its body's digest is.
* Exactly one thing is said of each request: its response, or a `Silence`. What comes later, or
  comes again, is dropped.
* A response that is damaged counts as none: the function may have run, and nobody can say more.
* Waiting ends after `DEADLINE` of virtual time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from refimpl.calls.messages import (
    CALL_HEADER,
    DIGEST_HEADER,
    Response,
    Silence,
    content_digest,
    is_damaged,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.calls.messages import Request
    from refimpl.calls.network import Network

#: Limit `call.deadline`: milliseconds a client waits for the answer to a call.
DEADLINE = 60_000.0

#: Random bytes in the name of a session, so that nobody guesses another's.
SESSION_BYTES = 16

#: The two ways of having no answer. Clauses: call.fault.unknown, call.fault.lost.
UNKNOWN = Silence("network.unknown", "No answer came: the function may have run or not")
LOST = Silence("network.lost", "The call did not leave: the function has not run")


class Channel:
    """Sends the requests of one client; `session` names it to the server's memory."""

    def __init__(self, network: Network, origin: str, session: str) -> None:
        self.network = network
        self.origin = origin
        self.session = session
        self.sent = 0

    def send(self, request: Request, receive: Callable[[Response | Silence], None]) -> None:
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
        told = False

        def tell(what: Response | Silence) -> None:
            nonlocal told
            if told:
                return
            told = True
            deadline.cancelled = True
            damaged = isinstance(what, Response) and is_damaged(what)
            receive(UNKNOWN if damaged else what)

        world, side = self.network.world, self.network.client
        deadline = world.after(DEADLINE, side, f"deadline {self.sent}", lambda: tell(UNKNOWN))
        message = replace(request, headers=headers)
        self.network.send(message, tell, lambda: tell(LOST))
