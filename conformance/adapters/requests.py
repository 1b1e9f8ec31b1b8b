"""Raw requests to a running project of the reference: the adapter's half of `dispatch`.

The case names functions and places of references; ids, sealed captures and the bytes of arguments
are filled in here, and the request is handed to the endpoint as a network would.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.adapters import Inability
from conformance.adapters.observation import observe, supply
from conformance.notation import tagged
from refimpl.calls.messages import CALL_HEADER, FUNCTION_HEADER, Request, Response
from refimpl.values import model
from refimpl.values.outcome import Fulfilled, Outcome
from refimpl.values.revive import revive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refimpl.application import Application
    from refimpl.language.values import Value

STEP = re.compile(r"\.(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)|\[(?P<index>[0-9]+)\]")


class Requester:
    """Sends the requests of one case to one running project."""

    def __init__(self, application: Application, page: Response | None) -> None:
        self.application = application
        self.sent: list[Request] = []
        self.page: model.Value = None
        if page is not None:
            outcome = self.outcome(page)
            assert isinstance(outcome, Fulfilled)
            self.page = outcome.value

    def send(self, wanted: Mapping[str, Any], watch: str | None) -> dict[str, Any]:
        """The answer to one request, and what is watched after it."""
        request = self.request(wanted)
        self.sent.append(request)
        responses: list[Response] = []
        application = self.application
        handle = application.network.handle
        application.server.run(lambda: handle(request, responses.append))
        application.world.run(until=lambda: bool(responses))
        if not responses:
            raise Inability("the function called never ends")
        application.world.run(until=lambda: responses[0].body.state != "open")
        answer = self.answer(responses[0])
        if watch is not None:
            answer["watched"] = self.watched(watch)
        return answer

    def request(self, wanted: Mapping[str, Any]) -> Request:
        """The request that is described."""
        if "again" in wanted:
            sent: int = wanted["again"]
            return self.sent[sent - 1]
        codec = self.application.codec
        reference = self.reference(wanted)
        identifier = wanted.get("id", "{id}").replace("{id}", reference.id)
        bound = [*(reference.bound or ())]
        if "captures" in wanted:
            bound[:1] = self.captures(wanted["captures"], bound)
        values = [*bound, *supply(wanted.get("args", []))]
        if "fill" in wanted:
            values.append("x" * wanted["fill"])
        content_type, body = codec.encode_arguments(values)
        if "body" in wanted:
            body = wanted["body"].encode("utf-8", "surrogatepass")
        headers = {
            "content-type": content_type,
            "origin": self.application.settings.admission.origin,
            FUNCTION_HEADER: identifier,
            CALL_HEADER: f"requester/{len(self.sent) + 1}",
        }
        request = Request(wanted.get("method", "POST"), headers, body)
        for name, value in wanted.get("headers", {}).items():
            set_header(request.headers, name, value)
        length: int = len(body) - wanted.get("drop", 0)
        return replace(request, body=body[: max(length, 0)])

    def outcome(self, response: Response) -> Outcome:
        """What a response means for a client."""
        application, outcomes = self.application, list[Outcome]()
        application.client.run(lambda: application.caller.read(response, outcomes.append))
        (outcome,) = outcomes
        return outcome

    def reference(self, wanted: Mapping[str, Any]) -> model.ServerReference:
        """The function that a request is for; without any, one whose id nobody has."""
        if "reference" in wanted:
            return self.at(wanted["reference"])
        if "function" not in wanted:
            return model.ServerReference("")
        entries = self.application.registry.entries.values()
        ids = [entry.id for entry in entries if entry.name == wanted["function"]]
        if len(ids) != 1:
            raise Inability(f"{len(ids)} functions have the name {wanted['function']}")
        return model.ServerReference(ids[0])

    def at(self, path: str) -> model.ServerReference:
        """The reference at a place of the entry's value, written as `$[0].name`."""
        value = self.page
        for step in STEP.finditer(path):
            value = value[step["name"] or int(step["index"])]
        assert isinstance(value, model.ServerReference), f"no reference stands at {path}"
        return value

    def captures(self, wanted: Mapping[str, Any], bound: list[model.Value]) -> list[model.Value]:
        """Sealed captures, another's or changed; none, if they are replaced by null."""
        if "of" in wanted:
            bound = self.at(wanted["of"]).bound or []
        if "replace" in wanted:
            return [] if wanted["replace"] is None else [wanted["replace"]]
        token = str(bound[0])
        if "change" in wanted:
            at = wanted["change"] % len(token)
            token = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        return [token[: len(token) - wanted.get("drop", 0)] + wanted.get("append", "")]

    def answer(self, response: Response) -> dict[str, Any]:
        """A response as the protocol has it, with its meaning for the client."""
        application = self.application
        outcome = self.outcome(response)
        if isinstance(outcome, Fulfilled):
            with application.client.agent.enter(application.client.realm):
                value = revive(outcome.value, application.client_references)
                seen = observe(value, application.client.realm)
            meaning: dict[str, Any] = {"ok": tagged.encode(seen)}
        else:
            meaning = {"rejected": {"phase": outcome.phase, "code": outcome.code}}
        body = response.body.data.decode("latin-1")
        headers = dict(response.headers)
        return {"outcome": meaning, "status": response.status, "headers": headers, "body": body}

    def watched(self, name: str) -> Any:
        """The value of an export of the server, in tagged JSON."""
        path, _, export = name.partition("#")
        server = self.application.server
        namespace = self.application.load_server(path)

        def look() -> Value:
            return tagged.encode(observe(namespace.get(export, namespace), server.realm))

        return server.ask(look)


def set_header(headers: dict[str, str], name: str, value: str | list[str] | None) -> None:
    """Give a header another value: several are joined as RFC 9110 has it, null is none."""
    own = headers.pop(name, "")
    if value is not None:
        joined = value if isinstance(value, str) else ", ".join(value)
        headers[name] = joined.replace("{own}", own)
