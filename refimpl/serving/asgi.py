"""The ASGI application: requests of the network in, responses out, piece by piece.

Rules of this module:

* `GET /` is a page that lists the server functions; a call is a POST to the same address, with the
  headers of `calls.messages`. The endpoint decides about every call; nothing is checked here.
* No more of a body is read than its limit allows, and one byte.
* When a client goes away, the sources of its response are closed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from refimpl.calls.endpoint import ANSWER_HEADERS
from refimpl.calls.messages import Body, Request, Response
from refimpl.serving.index import index_page
from refimpl.serving.live import LiveProject

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from refimpl.application import Application
    from refimpl.values import model

    Message = dict[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

#: What the queue of a response has when the client has gone.
GONE = object()


class Service:
    """Serves one application; `clock` gives milliseconds since the epoch."""

    def __init__(
        self, application: Application, clock: Callable[[], float], log: Callable[[str], None]
    ) -> None:
        self.application = application
        self.log = log
        self.live = LiveProject(application, clock, self.limit_exceeded)
        self.logged = 0
        self.pending: set[asyncio.Queue[Any]] = set()
        self.timer: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One connection of ASGI 3."""
        if scope["type"] != "http":
            message = f"there is no {scope['type']} here"
            raise NotImplementedError(message)
        if scope["path"] != "/":
            await send_text(send, 404, "There is only one address here: /\n")
        elif scope["method"] in {"GET", "HEAD"}:
            page = index_page(self.application).encode()
            await send_whole(send, 200, {"content-type": "text/html;charset=utf-8"}, page)
        else:
            await self.call(scope, receive, send)

    async def call(self, scope: Message, receive: Receive, send: Send) -> None:
        """Carry out a call, and send its response as it comes."""
        body = await read_body(receive, self.application.settings.admission.body_limit)
        if body is None:
            return
        request = Request(scope["method"], read_headers(scope["headers"]), body)
        queue: asyncio.Queue[Any] = asyncio.Queue()
        handle = self.application.network.handle
        watch = asyncio.ensure_future(disconnected(receive, queue))
        self.pending.add(queue)
        try:
            self.run(lambda: handle(request, queue.put_nowait))
            await self.answer(queue, send)
        finally:
            self.pending.discard(queue)
            watch.cancel()

    async def answer(self, queue: asyncio.Queue[Any], send: Send) -> None:
        """Send the response in the queue, once there is one, unless the client goes."""
        response = await queue.get()
        if response is GONE:
            return
        await send(start(response.status, response.headers))

        def ended(body: model.Stream) -> None:
            queue.put_nowait(None if body.state == "closed" else GONE)

        response.body.observe(queue.put_nowait, ended)
        is_open = True
        while is_open:
            pieces = await all_of(queue)
            if any(piece is GONE or isinstance(piece, Response) for piece in pieces):
                self.run(response.body.cancel)
                return
            is_open = None not in pieces
            data = b"".join(piece for piece in pieces if piece is not None)
            await send({"type": "http.response.body", "body": data, "more_body": is_open})

    # --- time -------------------------------------------------------------------------------------

    def run(self, task: Callable[[], object]) -> None:
        """Do something on the server, and plan what it leads to."""
        self.live.run(task)
        self.tick()

    def tick(self) -> None:
        """Run what is due, and come back when more is."""
        delay = self.live.advance()
        if self.timer is not None:
            self.timer.cancel()
        if delay is not None:
            self.timer = asyncio.get_running_loop().call_later(delay / 1000, self.tick)
        failures = self.application.endpoint.log
        for failure in failures[self.logged :]:
            self.log(f"{failure.digest} {failure.phase}/{failure.code} {failure.description}")
        self.logged = len(failures)

    def limit_exceeded(self, name: str) -> None:
        """End every pending call: which of them went over the limit, nobody knows."""
        self.log(f"call/limit.{name}: what was pending has been given up")
        for queue in self.pending:
            queue.put_nowait(given_up())


def given_up() -> Response:
    """The response of a call that was ended by a limit of the host."""
    body = Body()
    body.close()
    return Response(503, {"content-type": "text/plain;charset=utf-8", **ANSWER_HEADERS}, body)


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """The body of a request, or as much of it as shows that it is too long; None if it breaks off."""
    body = bytearray()
    more = True
    while more and len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body[: limit + 1])


def read_headers(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name; of one that was sent several times, all values, as RFC 9110 joins them."""
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


async def all_of(queue: asyncio.Queue[Any]) -> list[Any]:
    """What is in the queue, as soon as there is something."""
    found = [await queue.get()]
    while not queue.empty():
        found.append(queue.get_nowait())
    return found


async def disconnected(receive: Receive, queue: asyncio.Queue[Any]) -> None:
    """Say so when the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    queue.put_nowait(GONE)


def start(status: int, headers: dict[str, str]) -> Message:
    """The head of a response."""
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": pairs}


async def send_whole(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    """Send a response that is there at once."""
    await send(start(status, {**headers, **ANSWER_HEADERS}))
    await send({"type": "http.response.body", "body": body})


async def send_text(send: Send, status: int, text: str) -> None:
    """Send a line of text."""
    await send_whole(send, status, {"content-type": "text/plain;charset=utf-8"}, text.encode())
