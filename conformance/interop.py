"""The grid of interoperability: the client of one implementation with the server of another, over the values of the corpus.

Rules of this module:

* The values are those that cases about messages state. Every client writes them as arguments and every server as
  results, once; then everybody reads what everybody wrote, whole.
* What has to arrive is what the first party, the reference, reads of what it wrote itself.
* A pair of which one half cannot do its part has no entry for that direction, which is not the same as agreeing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance import corpus, digests, notation
from conformance.choices import load as load_choices
from conformance.implementations import catalogue
from conformance.notation import tagged
from conformance.notation.comparison import first_difference
from conformance.observations.decode import Decode
from conformance.observations.encode import Encode
from conformance.party import Party

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

REFERENCE = "refimpl"
#: Who writes and who reads a message.
DIRECTIONS = {"arguments": ("client", "server"), "result": ("server", "client")}
#: What else a request says of the world a message is in.
WORLD = ("references", "clients", "mode")
FORM = 1


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a case states, in tagged JSON, with the functions and modules that exist around it."""

    case: str
    message: str
    value: Any
    world: dict[str, Any]

    @property
    def asked(self) -> dict[str, Any]:
        """What a request about it has in common with the other."""
        return {"message": self.message, **self.world}


def values(root: Path) -> Iterator[Value]:
    """The values of cases about messages, each once."""
    met: set[str] = set()
    for file in corpus.read_all(root, load_choices()):
        for case in file.cases:
            for point in case.observations:
                if not isinstance(point, Encode | Decode) or point.rejects:
                    continue
                world = {k: v for k, v in point.surroundings.items() if k in WORLD}
                value = notation.encode(point.value)
                message = point.surroundings["message"]
                key = json.dumps([message, world, value], sort_keys=True)
                if key not in met:
                    met.add(key)
                    yield Value(case.id, message, value, world)


def parties() -> list[str]:
    """Everybody in the catalogue who reads or writes messages, and the reference first."""
    found = [REFERENCE]
    for manifest in catalogue.manifests():
        if any(name.startswith(("encode.", "decode.")) for name in manifest.capabilities):
            found += [f"{manifest.name}@{version}" for version in manifest.ordinary]
    return found


def grid(names: Sequence[str], root: Path) -> dict[str, Any]:
    """The grid for some parties; the first is the one that knows what has to arrive."""
    known = [Party(name) for name in names]
    able = [party for party in known if party.problem is None]
    try:
        pairs: dict[tuple[str, str], dict[str, Any]] = {}
        counts = {}
        for message, (writer, reader) in DIRECTIONS.items():
            stated = [value for value in values(root) if value.message == message]
            counts[message] = len(stated)
            for writing, reading, cell in _cells(able, stated):
                roles = {writer: writing.name, reader: reading.name}
                pair = pairs.setdefault((roles["client"], roles["server"]), {})
                pair[message] = cell
    finally:
        for party in known:
            party.close()
    return {
        "grid": FORM,
        "corpus": digests.of_corpus(root),
        "values": counts,
        "parties": names,
        "left-out": {party.name: party.problem for party in known if party.problem},
        "pairs": [
            {"client": client, "server": server, **cells}
            for (client, server), cells in sorted(pairs.items())
        ],
    }


def _cells(
    known: Sequence[Party], stated: Sequence[Value]
) -> Iterator[tuple[Party, Party, dict[str, Any]]]:
    """What each reader makes of what each writer wrote."""
    message = stated[0].message
    writers = [party for party in known if party.can(f"encode.{message}")]
    readers = [party for party in known if party.can(f"decode.{message}")]
    written = {party.name: _write(party, stated) for party in writers}
    wanted = _read(known[0], stated, written[known[0].name])
    for writer in writers:
        for reader in readers:
            seen = _read(reader, stated, written[writer.name])
            yield writer, reader, _cell(stated, written[writer.name], wanted, seen)


def _write(party: Party, stated: Sequence[Value]) -> list[Any]:
    return party.ask([{"op": "encode", **each.asked, "value": each.value} for each in stated])


def _read(party: Party, stated: Sequence[Value], written: Sequence[Any]) -> list[Any]:
    """What a party reads of the messages; None for those that were not written."""
    able = [index for index, reply in enumerate(written) if _is_ok(reply)]
    replies = party.ask([_reading(stated[index], written[index]["ok"]) for index in able])
    by_index = dict(zip(able, replies, strict=True))
    return [by_index.get(index) for index in range(len(stated))]


def _reading(value: Value, message: Any) -> dict[str, Any]:
    kind = {"type": message["type"]} if message["type"] else {}
    return {"op": "decode", **value.asked, **kind, "body": message["body"]}


def _is_ok(reply: Any) -> bool:
    return bool(reply) and "ok" in reply


def _cell(
    stated: Sequence[Value], written: Sequence[Any], wanted: Sequence[Any], seen: Sequence[Any]
) -> dict[str, Any]:
    """How many values arrived, and what became of the others."""
    others = []
    agreed = 0
    for value, message, expected, reply in zip(stated, written, wanted, seen, strict=True):
        fate = _fate(message, expected, reply)
        if fate is None:
            agreed += 1
        else:
            others.append({"case": value.case, "fate": fate})
    return {"agreed": agreed, "others": others}


def _fate(message: Any, expected: Any, reply: Any) -> str | None:
    """What became of a value, in a word and a detail; None when it arrived."""
    if not _is_ok(message):
        return f"not written: {_refusal(message)}"
    if not _is_ok(reply):
        return f"not read: {_refusal(reply)}"
    if not _is_ok(expected):
        return f"not comparable: {_refusal(expected)}"
    told, arrived = (tagged.decode(each["ok"]["value"]) for each in (expected, reply))
    difference = first_difference(told, arrived)
    return None if difference is None else f"another value at {difference.path}"


def _refusal(reply: Any) -> str:
    if reply is None:
        return "it ended"
    if "unsupported" in reply:
        return "unsupported"
    return f"{reply['rejected']['phase']}/{reply['rejected']['code']}"


def text(made: dict[str, Any]) -> str:
    """The grid as a file has it: one line for each pair, so that two of them can be compared."""
    head = {key: value for key, value in made.items() if key != "pairs"}
    lines = ",\n".join(json.dumps(pair) for pair in made["pairs"])
    return f'{json.dumps(head)[:-1]}, "pairs": [\n{lines}\n]}}\n'
