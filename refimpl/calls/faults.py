"""What goes wrong on the network: faults as data, and what they do to a message.

Rules of this module:

* Several faults of one message happen in their order.
* Of a response, a fault without `piece` concerns the whole body and counts its bytes; with one, it
  concerns that piece alone. Bits are damaged in one piece, the first unless another is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from refimpl.calls.messages import content_digest

if TYPE_CHECKING:
    from refimpl.calls.messages import Request

#: Virtual milliseconds a message is under way.
LATENCY = 1.0

#: What a fault can do to a message. `at` counts bytes of its body; milliseconds for delay.
FAULTS = ("refuse", "drop", "duplicate", "delay", "cut", "split", "corrupt")


@dataclass(frozen=True)
class Fault:
    """Something that happens to one message of one call.

    A refused request never leaves. A duplicate is a second delivery, a delay of `at` milliseconds
    lets later messages pass, a cut is the end of the connection, a split delivers in two parts.
    """

    call: int
    message: str  #: "request" or "response"
    do: str  #: one of `FAULTS`
    at: int = 0
    piece: int | None = None  #: which piece of a response, counted from 1

    def concerns(self, piece: int) -> bool:
        """Whether this happens to the piece of this number."""
        if self.do == "corrupt" and self.piece is None:
            return piece == 1
        return self.piece in {None, piece}


Ending: TypeAlias = Literal["more follows", "complete", "cut"]


@dataclass(frozen=True)
class Piece:
    """Some bytes of a response's body; `digest` tells what they were when they were sent."""

    offset: int
    data: bytes = field(repr=False)
    digest: str
    ending: Ending


def piece_of(offset: int, data: bytes, ending: Ending = "more follows") -> Piece:
    """A piece as it is sent."""
    return Piece(offset, data, content_digest(data), ending)


def deliveries(faults: list[Fault]) -> list[float]:
    """After how many milliseconds a message is delivered: never, once, or several times."""
    delays = [LATENCY]
    for fault in faults:
        match fault.do:
            case "drop":
                delays = []
            case "duplicate":
                delays = [*delays, *(delay + LATENCY for delay in delays)]
            case "delay":
                delays = [delay + fault.at for delay in delays]
    return delays


def suffered(request: Request, faults: list[Fault]) -> Request:
    """What arrives of a request."""
    for fault in faults:
        if fault.do == "cut":
            request = replace(request, body=request.body[: fault.at])
        elif fault.do == "corrupt":
            request = replace(request, body=flipped(request.body, fault.at))
    return request


def pieces_of(piece: Piece, faults: list[Fault]) -> list[Piece]:
    """What arrives of a piece, one after the other."""
    start, pieces = piece.offset, [piece]
    for fault in faults:
        begins = 0 if fault.piece is None else start
        pieces = [part for each in pieces for part in after(fault, each, fault.at + begins)]
    return pieces


def after(fault: Fault, piece: Piece, at: int) -> list[Piece]:
    """A piece after one fault, which happens at byte `at` of the body."""
    inside = at - piece.offset
    match fault.do:
        case "corrupt":
            return [replace(piece, data=flipped(piece.data, inside))]
        case "cut" if inside < len(piece.data):
            return [piece_of(piece.offset, piece.data[: max(inside, 0)], "cut")]
        case "split" if 0 < inside < len(piece.data):
            return [
                piece_of(piece.offset, piece.data[:inside]),
                piece_of(at, piece.data[inside:], piece.ending),
            ]
    return [piece]


def flipped(data: bytes, at: int) -> bytes:
    """The bytes with one bit changed."""
    changed = bytearray(data)
    if changed:
        changed[at % len(changed)] ^= 1
    return bytes(changed)
