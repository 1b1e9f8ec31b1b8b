"""The application object, asked as an ASGI server asks it; time is a number that the test moves."""

import asyncio

import pytest

from refimpl.application import BEGINNING, Settings, build
from refimpl.calls.messages import FUNCTION_HEADER, REFUSAL_HEADER
from refimpl.language.agent import Limits
from refimpl.serving.asgi import Service
from refimpl.wire.codec import TEXT_TYPE

PROJECT = {
    "actions.js": """'use server'
        const log = []
        const wait = ms => new Promise(done => setTimeout(done, ms))
        export async function echo(x) { return [x] }
        export async function late() { return { p: wait(10).then(() => 'late') } }
        export async function poll() { return (async function* () { try { for (;;) { await wait(10); yield 1 } } finally { log.push('closed') } })() }
        export async function look() { return log }
        export async function spin() { for (;;) {} }
        export async function forever() { await new Promise(() => {}) }
        export async function fail() { throw new Error('<told>') }
        """,
}
ORIGIN = "https://app.example"


class Client:
    """Asks a service in a loop whose waiting is over at once."""

    def __init__(self, **settings):
        self.application = build(PROJECT, Settings(**settings))
        self.application.load_all_server_modules()
        self.ids = {entry.name: entry.id for entry in self.application.registry.entries.values()}
        self.now = BEGINNING
        self.lines = []
        self.service = Service(self.application, lambda: self.now, self.lines.append)

    async def ask(self, method="POST", path="/", headers=None, body=b"", gone_after=None):
        """The messages that are sent; `gone_after` so many of them the client goes away."""
        sent, gone = [], asyncio.Event()
        requests = [
            {"type": "http.request", "body": body[:1], "more_body": True},
            {"type": "http.request", "body": body[1:], "more_body": False},
        ]

        async def receive():
            if requests:
                return requests.pop(0)
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)
            if len(sent) == gone_after:
                gone.set()
            self.now += 10

        async def time_goes_by():
            while True:
                await asyncio.sleep(0)
                self.now += 1
                self.service.tick()

        pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        scope = {"type": "http", "method": method, "path": path, "headers": pairs}
        clock = asyncio.ensure_future(time_goes_by())
        try:
            await asyncio.wait_for(self.service(scope, receive, send), 30)
        finally:
            clock.cancel()
        return sent

    def request(self, **changes):
        """The messages of one request."""
        return asyncio.run(self.ask(**changes))

    def call(self, name, body=b"[]", **changes):
        """The messages that answer one call."""
        identifier = self.ids.get(f"actions.js#{name}", name)
        headers = {FUNCTION_HEADER: identifier, "content-type": TEXT_TYPE, "origin": ORIGIN}
        return self.request(headers={**headers, **changes.pop("headers", {})}, body=body, **changes)


@pytest.fixture
def client():
    return Client()


def text(messages):
    return b"".join(message.get("body", b"") for message in messages).decode()


def head(messages):
    return {name.decode(): value.decode() for name, value in messages[0]["headers"]}


def test_a_call_is_answered(client):
    messages = client.call("echo", b"[1]")

    assert (messages[0]["status"], text(messages)) == (200, '0:"$@1"\n1:[1]\n')


def test_what_settles_later_is_sent_later(client):
    messages = client.call("late")

    pieces = [message["body"] for message in messages[1:] if message["body"]]
    assert pieces[-1] == b'2:"late"\n'


def test_a_refusal_says_why(client):
    messages = client.call("nothing")

    assert (messages[0]["status"], head(messages)[REFUSAL_HEADER]) == (404, "unknown-function")


def test_a_header_that_is_sent_twice_is_one_with_both_values(client):
    messages = client.call("echo", headers={"Origin": ORIGIN})

    assert head(messages)[REFUSAL_HEADER] == "origin-refused"


def test_no_more_of_a_body_is_read_than_its_limit_allows(client):
    limit = client.application.settings.admission.body_limit
    messages = client.call("echo", b" " * (limit + 2))

    assert head(messages)[REFUSAL_HEADER] == "body-too-large"


def test_when_a_client_goes_away_the_sources_are_closed(client):
    client.call("poll", gone_after=4)
    client.now += 100

    assert '"closed"' in text(client.call("look"))


def test_a_client_that_goes_away_before_the_answer_gets_none(client):
    async def both():
        headers = {FUNCTION_HEADER: client.ids["actions.js#forever"]}
        headers |= {"content-type": TEXT_TYPE, "origin": ORIGIN}
        asked = asyncio.ensure_future(client.ask(headers=headers, body=b"[]"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asked.cancel()
        return len(client.service.pending)

    asyncio.run(both())
    assert client.service.pending == set()


def test_a_call_over_a_limit_ends_and_the_server_goes_on():
    client = Client(limits=Limits(fuel=200_000))

    assert [client.call("spin")[0]["status"], client.call("echo")[0]["status"]] == [503, 200]


def test_a_failure_is_logged_once(client):
    client.call("fail")
    client.call("echo")
    (line,) = client.lines

    assert line.endswith("call/thrown Error: <told>")


def test_the_page_lists_functions_and_ids(client):
    page = text(client.request(method="GET"))

    assert all(name in page and identifier in page for name, identifier in client.ids.items())


def test_there_is_one_address(client):
    assert client.request(method="GET", path="/etc/passwd")[0]["status"] == 404


def test_nothing_that_is_sent_may_be_stored(client):
    answers = [client.call("echo"), client.call("nothing"), client.request(method="GET")]

    assert {head(messages)["cache-control"] for messages in answers} == {"no-store"}
