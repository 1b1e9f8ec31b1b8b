"""What it means that the reference and React agree, for a batch of values in one direction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.notation.comparison import first_difference
from refimpl.values.outcome import DecodeError
from refimpl.wire.codec import decode_request, encode_request
from refimpl.wire.multipart import boundary_of
from refimpl.wire.profiles import REACT_19_3, Profile
from refimpl.wire.result_decoder import decode_result
from refimpl.wire.result_encoder import encode_result
from tests.interop.bridge import notation, to_json
from tests.interop.react import body_of, in_base64, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from refimpl.values import model
    from tests.interop.react import React


def arguments_disagreements(react: React, batch: list[list[model.Value]]) -> list[str]:
    """Where the two differ on arguments, in words."""
    ours = [encode_request(value) for value in batch]
    asked = [{"op": "encodeArguments", "value": to_json(value)} for value in batch]
    theirs = react.ask(asked)
    sent = [{"op": "decodeArguments", "type": kind_of(k), "body": in_base64(b)} for k, b in ours]
    again = [{"body": "", "type": None, **reply, "op": "decodeArguments"} for reply in theirs]
    replies = react.ask(sent + again)
    found = []
    for index, value in enumerate(batch):
        kind, body = ours[index]
        expected = read_arguments(kind, body)
        found += compare(value, "React reads us", expected, replies[index])
        if "body" in theirs[index]:
            reply = replies[len(batch) + index]
            found += compare(value, "React reads itself", expected, reply)
            seen = read_arguments(theirs[index]["type"], body_of(theirs[index]))
            found += compare(value, "we read React", expected, seen)
        else:
            found.append(f"React does not encode {to_json(value)}: {theirs[index]}")
    return found


def results_disagreements(
    react: React, batch: list[model.Value], profile: Profile = REACT_19_3
) -> list[str]:
    """Where the two differ on results, in words."""
    ours = [encode_result(value, profile, development=react.development) for value in batch]
    theirs = react.ask([{"op": "encodeResult", "value": to_json(value)} for value in batch])
    bodies = [*ours, *(body_of(reply) if "body" in reply else b"" for reply in theirs)]
    replies = react.ask([{"op": "decodeResult", "body": in_base64(body)} for body in bodies])
    if profile is not REACT_19_3:
        # Registered: before 19.3 an undefined element arrives as a hole.
        replies = json.loads(json.dumps(replies).replace('"hole"', '"undefined"'))
    found = []
    for index, value in enumerate(batch):
        expected = read_result(ours[index])
        found += compare(value, "React reads us", expected, replies[index])
        if "body" not in theirs[index]:
            found.append(f"React does not encode {to_json(value)}: {theirs[index]}")
            continue
        found += compare(value, "React reads itself", expected, replies[len(batch) + index])
        found += compare(value, "we read React", expected, read_result(body_of(theirs[index])))
    return found


def kind_of(content_type: str) -> str | None:
    """The content type, when it is multipart."""
    return content_type if content_type.startswith("multipart/") else None


def read_arguments(kind: str | None, body: bytes) -> Any:
    """What the reference's decoder makes of a body, in the notation or as an error."""
    try:
        return notation(decode_request(kind and boundary_of(kind), body))
    except DecodeError as error:
        return error


def read_result(body: bytes) -> Any:
    """What the reference's decoder makes of a response."""
    try:
        return notation(decode_result(body), proxies_are_new=True)
    except DecodeError as error:
        return error


def compare(value: model.Value, what: str, expected: Any, seen: Any) -> Iterable[str]:
    """A sentence when `seen`, a reply or a value, is not `expected`."""
    if isinstance(expected, DecodeError):
        return [f"{what}: we refuse our own {to_json(value)}: {expected.code} {expected}"]
    if isinstance(seen, DecodeError):
        return [f"{what}: {to_json(value)}: {seen.code} {seen}"]
    if isinstance(seen, dict) and "rejected" in seen:
        return [f"{what}: {to_json(value)}: {seen['rejected']}"]
    if isinstance(seen, dict) and "value" in seen and what.startswith("React"):
        seen = value_of(seen)
    difference = first_difference(expected, seen)
    return [f"{what}: {difference} in {to_json(value)}"] if difference else []
