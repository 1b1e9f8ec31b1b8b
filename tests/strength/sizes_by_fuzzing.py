"""How small the disagreements are that fuzzing prints: `python -m tests.strength.sizes_by_fuzzing 20`.

A sample of mutants, each looked for as a campaign does it, with one finding of each: what is printed
is read back, and its size is that of the program in lines, or of the value in nodes; of a message that
has to be refused, what stands in its rows or parts. Prints a table in Markdown, and how many are as
small as is wanted. With `--campaign`, the findings that a campaign has kept in its folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import choices
from conformance.corpus import read_file
from conformance.depth import room_to_recurse
from conformance.fuzz import folder
from conformance.fuzz.plan import Plan
from conformance.fuzz.taken_apart import message_from
from conformance.fuzz.worker import Worker
from conformance.mutants import MUTANTS
from conformance.notation.model import children, has_identity
from conformance.observations import Decode, Encode
from conformance.observations.message import body_as_json
from tests.strength.mutants_by_fuzzing import PATIENCE, ROUND, chosen, selecting, tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.case import Case
    from conformance.fuzz.finding import Finding
    from conformance.notation import Value

#: What is wanted: lines of a program, nodes of a value.
LINES, NODES = 12, 5


def finding(name: str, options: argparse.Namespace) -> tuple[str, Finding | None]:
    """The target and the first finding that a campaign has of a mutant."""
    workers = {
        target: Worker(
            Plan(
                target,
                "refimpl",
                seed=options.seed,
                batch=ROUND[target],
                patience=PATIENCE,
                shrinking=options.shrinking,
                news=1,
            ),
            MUTANTS[name].alive,
        )
        for target in options.target.split(",")
    }
    for batch in range(options.rounds):
        for target, worker in workers.items():
            found = worker.run(batch, []).findings
            if found:
                return target, found[0]
    return "", None


def read(text: str) -> Case:
    """A case as it is printed, read back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "fuzz.yaml")
        path.write_text(text, "utf-8")
        (case,) = read_file(path, choices.load()).cases
    return case


def lines(case: Case) -> int:
    """The lines of a program that are not empty, those of the client program included."""
    (point,) = case.observations
    client = str(point.request({}).get("client") or "")
    texts = [*case.files.values(), client]
    return sum(bool(line.strip()) for text in texts for line in text.splitlines())


def nodes(value: Value) -> int:
    """The values in a value, itself included."""
    pending, count = [value], 0
    seen: set[int] = set()
    while pending:
        found = pending.pop()
        count += 1
        if has_identity(found) and id(found) not in seen:
            seen.add(id(found))
            pending.extend(children(found))
    return count


def models(point: Decode) -> Iterator[Value]:
    """What stands in the rows or parts of a message; what is no JSON is one text."""
    message = point.member.message
    answer = {"type": message.type, "body": body_as_json(message.written())}
    for unit in message_from(point.surroundings["message"], answer).units:
        try:
            yield json.loads(unit.content)
        except ValueError:
            yield unit.content.decode("utf-8", "replace")


def size(case: Case) -> tuple[str, bool]:
    """How large a case is, and whether that is as small as is wanted."""
    (point,) = case.observations
    if isinstance(point, Decode) and point.rejection:
        count = sum(map(nodes, models(point)))
        return f"{count} nodes", count <= NODES
    if isinstance(point, Encode | Decode):
        count = nodes(point.value)
        return f"{count} nodes", count <= NODES
    count = lines(case)
    return f"{count} lines", count <= LINES


def of_mutants(options: argparse.Namespace) -> Iterator[tuple[str, Finding]]:
    """A sample of mutants, and the first finding of each."""
    for name in chosen(options):
        target, found = finding(name, options)
        if found:
            yield f"`{name}` | {target}", found


def of_campaigns(paths: Sequence[Path]) -> Iterator[tuple[str, Finding]]:
    """The findings in the folders of campaigns."""
    for path in paths:
        for found in folder.findings(path):
            yield f"{path.name} | {found.id}", found


def main(arguments: Sequence[str]) -> None:
    """Print a row for each finding that is printed as a case."""
    parser = argparse.ArgumentParser()
    selecting(parser)
    parser.add_argument("--rounds", type=int, default=4, help="of each target, before giving up")
    parser.add_argument("--shrinking", type=float, default=40.0, help="seconds for each finding")
    parser.add_argument("--show", action="store_true", help="print what is too large")
    parser.add_argument("--campaign", type=Path, nargs="+", help="folders of campaigns")
    options = parser.parse_args(arguments)
    tell("| found | by | as | size |\n|---|---|---|--:|")
    small = count = 0
    for name, found in of_campaigns(options.campaign) if options.campaign else of_mutants(options):
        if found.text is None:
            continue
        shown, is_small = size(read(found.text))
        small, count = small + is_small, count + 1
        tell(f"| {name} | {found.signature} | {shown} |")
        if options.show and not is_small:
            tell(found.text)
    share = small / count if count else 0
    tell(f"\n{small} of {count} ({share:.0%}) are small enough")


if __name__ == "__main__":
    with room_to_recurse():
        main(sys.argv[1:])
