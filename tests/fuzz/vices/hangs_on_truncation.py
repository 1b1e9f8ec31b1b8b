"""The reference, but it never answers for a message that is cut short."""

from conformance.adapters.refimpl import conformance_adapter as right


def conformance_adapter(message):
    is_decode = message["op"] == "decode"
    reply = right(message)
    if is_decode and reply.get("rejected", {}).get("code", "").startswith("malformed"):
        raise SystemExit(1)
    return reply
