"""Messages of the reference, but the last argument is lost on the way in, and no result is written."""

from conformance.adapters import refimpl

REFUSAL = {"rejected": {"phase": "encode", "code": "unsupported-value", "message": "no"}}


def conformance_adapter(message):
    """Ask the reference, and keep something back."""
    asked = message["op"], message.get("message")
    if asked == ("encode", "result"):
        return REFUSAL
    reply = refimpl.conformance_adapter(message)
    if asked == ("decode", "arguments") and "ok" in reply:
        reply["ok"]["value"] = reply["ok"]["value"][:-1]
    return reply
