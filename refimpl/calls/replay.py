"""At most once: a request that arrives again is answered again and not carried out again.

Rules of this module:

* A client numbers its calls within a session that it names by chance. The first request of a
  number is carried out; an equal one gets the answer of the first, once there is one.
* Another request under a number that was used is refused, so that knowing a session is not enough
  to read an answer.
* Answers are kept for the last `REMEMBERED` numbers of a session; an older number is refused
  rather than carried out. A request without a number is carried out as often as it arrives.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from refimpl.calls.endpoint import refused
from refimpl.calls.messages import CALL_HEADER

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.calls.messages import Request, Response

    Respond = Callable[[Response], None]

#: Limit `replay.answers`: answers kept for one session, in case a request arrives again.
REMEMBERED = 64
#: Limit `replay.sessions`: sessions whose numbers are known; the one that was idle longest goes.
SESSIONS = 1024


@dataclass
class Kept:
    """One request that was carried out, its answer, and who waits for it."""

    request: Request
    response: Response | None = None
    waiting: list[Respond] = field(default_factory=list)

    def answer(self, response: Response) -> None:
        """Give the answer to everyone who asked."""
        self.response = response
        waiting, self.waiting = self.waiting, []
        for respond in waiting:
            respond(response)


@dataclass
class Session:
    """The calls of one client: those that are remembered, and the highest number forgotten."""

    calls: OrderedDict[int, Kept] = field(default_factory=OrderedDict)
    forgotten: int = 0

    def keep(self, number: int, kept: Kept) -> None:
        """Remember a call, and forget what has been answered longest ago."""
        self.calls[number] = kept
        while len(self.calls) > REMEMBERED:
            lowest = min(self.calls)
            del self.calls[lowest]
            self.forgotten = max(self.forgotten, lowest)


class Replays:
    """Stands before `handle` and lets each numbered request through once."""

    def __init__(self, handle: Callable[[Request, Respond], None]) -> None:
        self.handle_first = handle
        self.sessions: OrderedDict[str, Session] = OrderedDict()

    def handle(self, request: Request, respond: Respond) -> None:
        """Carry out a request, or answer it as before. Clauses: call.once, call.replay."""
        name, _, digits = request.headers.get(CALL_HEADER, "").rpartition("/")
        if not name:
            self.handle_first(request, respond)
            return
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
        session = self.session(name)
        kept = session.calls.get(number)
        if kept is None and number > session.forgotten:
            kept = Kept(request, waiting=[respond])
            session.keep(number, kept)
            self.handle_first(request, kept.answer)
        elif kept is None or kept.request != request:
            respond(refused("replayed"))
        elif kept.response is None:
            kept.waiting.append(respond)
        else:
            respond(kept.response)

    def session(self, name: str) -> Session:
        """The session of this name."""
        session = self.sessions.setdefault(name, Session())
        self.sessions.move_to_end(name)
        while len(self.sessions) > SESSIONS:
            self.sessions.popitem(last=False)
        return session
