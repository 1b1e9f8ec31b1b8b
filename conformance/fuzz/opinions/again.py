"""The reference, which sends on what it has received: decode ∘ encode changes nothing a second time."""

from __future__ import annotations

from typing import Any

from conformance.adapters.refimpl import conformance_adapter as once

DIRECTION = ("message", "references", "clients", "mode")


def conformance_adapter(message: dict[str, Any]) -> Any:
    """Answer as the reference does; what was decoded is encoded and decoded once more."""
    asked = {name: message[name] for name in DIRECTION if name in message}
    is_decode = message["op"] == "decode"
    reply = once(message)
    if not is_decode or "ok" not in reply:
        return reply
    written = once({"op": "encode", **asked, "value": reply["ok"]["value"]})
    if "ok" not in written:
        # A rejected promise among arguments arrives, and cannot be sent on.
        return reply
    return once({"op": "decode", **asked, **written["ok"]})
