"""The reference, on whose pages the other half of users submits forms: those with JavaScript without it.

What a form does is the same both ways, so what the other way is answered is the answer. Only where the
two are known to part it is not asked: a request that no program makes, what hidden fields cannot hold,
names that only a field of the form can have, and pages that come anew after the first submission.
"""

from __future__ import annotations

import json
from typing import Any

from conformance.adapters.refimpl import conformance_adapter as first
from conformance.observations.forms import RAW

SAME = ("outcome", "watched", "states")
RESERVED = '"$ACTION_'


def conformance_adapter(message: dict[str, Any]) -> Any:
    """Answer as the reference does; what the first submission comes to is what it comes to the other way."""
    reply = first({**message})
    if message["op"] != "forms" or "ok" not in reply:
        return reply
    is_raw = any(submission.keys() & RAW.keys() for submission in message["submissions"])
    if is_raw or RESERVED in json.dumps(message["page"]):
        return reply
    other = first({**message, "javascript": not message["javascript"]})
    mine, theirs = (each["ok"]["answers"][0] for each in (reply, other))
    if "encode" not in json.dumps([mine["outcome"], theirs["outcome"]]):
        mine.update({name: theirs[name] for name in SAME if name in theirs})
    return reply
