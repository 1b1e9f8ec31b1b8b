"""What it means that the reference and React agree on messages: whoever wrote one, everybody reads the same.

Rules of this module:

* What is expected is what the reference reads of what the reference wrote.
* Every reader is given every message, the buffered decoder and the streaming ones; cut in pieces here and there.
* A byte stream has no chunks of its own: React passes on what comes, so messages with one are not cut here.
"""

from __future__ import annotations

import base64
import json
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.notation import tagged
from conformance.notation.comparison import first_difference
from conformance.party import Party

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ARGUMENTS, RESULT = "arguments", "result"
VERSIONS = ("19.3.1", "19.2.9", "19.1.10", "19.0.9")
NEWEST = VERSIONS[0]
PRODUCTION, DEVELOPMENT = "production", "development"
#: A version and a mode.
SETTINGS = (*((version, PRODUCTION) for version in VERSIONS), (NEWEST, DEVELOPMENT))
REFERENCE = "refimpl"
#: React's decoders, by the releases that have them and read everything with them: in the client for
#: Node.js of 19.0 and 19.1 a server reference cannot be told from another function.
READERS = {
    ARGUMENTS: {
        "react": VERSIONS,
        "react-busboy": VERSIONS,
        "react-async-iterable": VERSIONS[:3],
    },
    RESULT: {"react": VERSIONS, "react-busboy": VERSIONS[:2]},
}
MOST_CUTS = 3
BYTES_ROW = re.compile(rb"^[0-9a-f]+:r\n", re.MULTILINE)


class Parties:
    """Everybody who is asked, started when first asked."""

    def __init__(self) -> None:
        self.known: dict[str, Party] = {}

    def of(self, option: str) -> Party:
        """The party with a name."""
        if option not in self.known:
            self.known[option] = Party(option)
        return self.known[option]

    def readers(self, message: str, version: str) -> Iterator[str]:
        """React's decoders of a message."""
        for name, versions in READERS[message].items():
            if version in versions:
                yield f"{name}@{version}"

    def close(self) -> None:
        """End all processes."""
        for party in self.known.values():
            party.close()


@dataclass(frozen=True)
class Exchange:
    """One message between the reference and one release of React, in one mode."""

    message: str
    version: str
    mode: str

    def encode(self, party: Party, values: Iterable[Any]) -> list[Any]:
        """What a party writes."""
        asked = {"op": "encode", "message": self.message, "mode": self.mode}
        return party.ask([{**asked, "value": value} for value in values])

    def decode(self, party: Party, bodies: Iterable[Any], seed: int) -> list[Any]:
        """What a party reads of bodies as `encode` gives them, cut where `seed` says."""
        chance = random.Random(seed)  # noqa: S311  (places to cut at)
        asked = {"op": "decode", "message": self.message, "mode": self.mode}
        return party.ask([{**asked, **body, "split": cuts(body, chance)} for body in bodies])


def cuts(body: dict[str, Any], chance: random.Random) -> list[int]:
    """Up to three places inside a body, in order."""
    size = len(bytes_of(body))
    if BYTES_ROW.search(bytes_of(body)):
        return []
    return sorted(chance.randrange(size + 1) for _ in range(chance.randrange(MOST_CUTS + 1)))


def bytes_of(body: dict[str, Any]) -> bytes:
    """The bytes of a body as `encode` gives it."""
    held = body["body"]
    return held.encode() if isinstance(held, str) else base64.b64decode(held["base64"])


def disagreements(
    parties: Parties,
    exchange: Exchange,
    values: list[Any],
    seed: int = 0,
    *,
    registered: bool = True,
) -> list[str]:
    """Where the two differ on some values in tagged JSON, in words; unless it is `registered`."""
    forgives_holes = registered and exchange.version != NEWEST
    reference = parties.of(REFERENCE)
    react = parties.of(f"react@{exchange.version}")
    found: list[str] = []
    written = []
    for party in (reference, react):
        replies = exchange.encode(party, values)
        for value, reply in zip(values, replies, strict=True):
            if not is_ok(reply):
                found.append(f"{party.implementation.label} does not write {shown(value)}: {reply}")
        written.append(replies)
    expected = exchange.decode(reference, map(body_of, written[0]), seed)
    names = [*parties.readers(exchange.message, exchange.version), REFERENCE]
    for writer, replies in zip(("the reference", "React"), written, strict=True):
        whole = [index for index, reply in enumerate(replies) if is_ok(reply)]
        bodies = [body_of(replies[index]) for index in whole]
        for number, name in enumerate(names):
            seen = exchange.decode(parties.of(name), bodies, seed + number)
            for index, reply in zip(whole, seen, strict=True):
                if forgives_holes:
                    reply = without_holes(reply)  # noqa: PLW2901  (the same reply, as it is compared)
                what = f"{name} reads {writer}"
                found += compare(what, values[index], expected[index], reply)
    return found


def is_ok(reply: Any) -> bool:
    """Whether a party did what it was asked."""
    return bool(reply) and "ok" in reply


def body_of(reply: Any) -> dict[str, Any]:
    """The body in a reply to `encode`, as a request to `decode` has it; nothing, if it was refused."""
    if not is_ok(reply):
        return {"body": ""}
    kind = reply["ok"]["type"]
    return {"body": reply["ok"]["body"], **({"type": kind} if kind else {})}


def without_holes(reply: Any) -> Any:
    """A reply of React before 19.3, where an undefined element arrives as a hole."""
    return json.loads(json.dumps(reply).replace('"hole"', '"undefined"'))


def compare(what: str, value: Any, expected: Any, reply: Any) -> list[str]:
    """A sentence when a reply is not the expected one."""
    if not is_ok(expected):
        return [f"we refuse our own {shown(value)}: {expected}"]
    if not is_ok(reply):
        return [f"{what}: {shown(value)}: {reply}"]
    wanted, seen = (tagged.decode(each["ok"]["value"]) for each in (expected, reply))
    difference = first_difference(wanted, seen)
    return [f"{what}: {difference} in {shown(value)}"] if difference else []


def shown(value: Any) -> str:
    """A value for people."""
    return json.dumps(value)
