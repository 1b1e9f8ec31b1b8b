"""The reference, which refuses a request before each that it is asked: a refusal changes nothing.

So many that an answer is forgotten, which a request could ask for again, are left alone.
"""

from __future__ import annotations

from typing import Any

from conformance.adapters.refimpl import conformance_adapter as alone

#: What is refused at the door, by the registry, and by the decoder.
REFUSED = (
    {"id": "nobody"},
    {"method": "GET", "id": ""},
    {"id": "nobody", "headers": {"origin": "null"}},
)
#: With as many refusals, fewer than any server remembers.
FEW = 30


def conformance_adapter(message: dict[str, Any]) -> Any:
    """Answer as the reference does, between refusals."""
    if message["op"] != "dispatch" or len(message["requests"]) > FEW:
        return alone(message)
    requests = []
    for number, request in enumerate(message["requests"]):
        # A request that comes again is named by its place.
        again = {"again": request["again"] * 2} if "again" in request else {}
        requests += [REFUSED[number % len(REFUSED)], {**request, **again}]
    reply = alone({**message, "requests": requests})
    if "ok" in reply:
        reply["ok"]["answers"] = reply["ok"]["answers"][1::2]
    return reply
