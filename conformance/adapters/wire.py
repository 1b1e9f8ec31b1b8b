"""Messages of the reference: the adapter's half of `encode` and `decode`.

A message that arrives whole goes through the buffered decoders, one that arrives in pieces through
the incremental ones. Both have to say the same.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.adapters import Refusal
from conformance.adapters.model_notation import from_notation, notation
from conformance.depth import room_to_recurse
from conformance.notation import tagged
from refimpl.values import model
from refimpl.values.outcome import DecodeError
from refimpl.wire import limits as register
from refimpl.wire.arguments_decoder import ArgumentsDecoder, decode_arguments
from refimpl.wire.arguments_encoder import Unsettled, encode_arguments
from refimpl.wire.errors import EncodeError
from refimpl.wire.multipart import MultipartReader, boundary_of, write_multipart
from refimpl.wire.profiles import REACT_19_3, Profile
from refimpl.wire.result_decoder import ResultDecoder, decode_result
from refimpl.wire.result_encoder import ResultEncoder
from refimpl.wire.text import decode_utf8, encode_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from refimpl.wire.limits import Limits

#: The digest of an error that has none of its own.
DIGEST = "digest"


def encode(message: str, value: Any, mode: str, profile: Profile = REACT_19_3) -> dict[str, Any]:
    """The message for a value in tagged JSON."""
    try:
        held = from_notation(tagged.decode(value))
        if message == "arguments":
            return _encoded_arguments(held, profile)
        body = _encoded_result(held, profile, development=mode == "development")
        return {"type": None, "body": _body(body)}
    except EncodeError as error:
        raise Refusal("encode", error.code, str(error)) from None


def _encoded_arguments(arguments: list[model.Value], profile: Profile) -> dict[str, Any]:
    try:
        encoded = encode_arguments(arguments, profile)
    except Unsettled:
        raise Refusal("call", "thrown", "something inside was rejected") from None
    if isinstance(encoded, str):
        return {"type": None, "body": _body(encode_utf8(encoded))}
    boundary, body = write_multipart(encoded)
    return {"type": f"multipart/form-data; boundary={boundary}", "body": _body(body)}


def _encoded_result(value: model.Value, profile: Profile, *, development: bool) -> bytes:
    root = value
    if not isinstance(root, model.Promise):
        root = model.Promise()
        root.fulfill(value)
    rows: list[bytes] = []
    ResultEncoder(rows.append, lambda _: DIGEST, profile, development=development).start(root)
    return b"".join(rows)


def _body(data: bytes) -> Any:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


def decode(
    message: str,
    body: Any,
    content_type: str | None,
    split: list[int],
    limits: Mapping[str, int],
    *,
    profile: Profile = REACT_19_3,
) -> dict[str, Any]:
    """The value in a message, in tagged JSON."""
    data = body.encode("utf-8") if isinstance(body, str) else base64.b64decode(body["base64"])
    pieces = [data[begin:end] for begin, end in pairwise([0, *split, len(data)])]
    try:
        if message == "arguments":
            most = replace(register.DEFAULT, **limits)
            return _told(_arguments(content_type, pieces, most, profile))
        value = _result(pieces, replace(register.RESULT, **limits))
        return _told(_awaited(value), proxies_are_new=True)
    except DecodeError as error:
        raise Refusal("decode", error.code, str(error)) from None


def _told(value: model.Value, *, proxies_are_new: bool = False) -> dict[str, Any]:
    with room_to_recurse():
        return {"value": tagged.encode(notation(value, proxies_are_new=proxies_are_new))}


def _arguments(
    content_type: str | None, pieces: list[bytes], limits: Limits, profile: Profile
) -> list[model.Value]:
    boundary = content_type and boundary_of(content_type)
    if not boundary:
        body = b"".join(pieces)
        limits.check("body", len(body))
        return decode_arguments(decode_utf8(body), limits, profile)
    decoder = ArgumentsDecoder(limits, profile=profile)
    reader = MultipartReader(boundary, limits, decoder.feed)
    _feed(reader, pieces)
    decoder.end()
    if decoder.failed is not None:
        raise decoder.failed
    arguments: list[model.Value] = decoder.root.value
    return arguments


def _feed(reader: MultipartReader, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        reader.feed(piece)
    reader.end()


def _result(pieces: list[bytes], limits: Limits) -> model.Value:
    if len(pieces) == 1:
        return decode_result(pieces[0], limits)
    decoder = ResultDecoder(limits)
    for piece in pieces:
        decoder.feed(piece)
    decoder.end()
    if decoder.failed is not None:
        raise decoder.failed
    return decoder.root


def _awaited(value: model.Value) -> model.Value:
    """What the promise of a result is fulfilled with; a rejected one stays itself."""
    while isinstance(value, model.Promise) and value.state == "fulfilled":
        value = value.value
    return value
