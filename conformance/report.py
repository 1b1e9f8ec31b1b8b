"""The results of a run as data: what `--report` writes, and the counts of the summary.

Rules of this module:

* Two runs that see the same write the same bytes, but for what stands under `timings`.
* A run that left anything out says so: `complete` is false and such results are not comparable.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from importlib import metadata
from typing import TYPE_CHECKING, Any

from conformance import corpus
from conformance.verdict import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from conformance.items import PointItem

VERSION = 1
DISTRIBUTION = "use-server-conformance"

Record = dict[str, Any]


def record_of(item: PointItem, chapter: str) -> Record:
    """The result of one item, as JSON data."""
    verdict = item.verdict
    assert verdict is not None, "recorded after it was judged"
    clause = item.conversation.specification.clauses.get(item.case.clause)
    record: Record = {
        "implementation": item.conversation.implementation.label,
        "case": item.case.id,
        "observation": item.observation.name,
        "chapter": chapter,
        "clause": item.case.clause,
        "level": clause.level if clause else None,
        "class": clause.class_ if clause else None,
        "verdict": verdict.kind,
    }
    if verdict.failed_as:
        record["listed_as"] = verdict.failed_as
    if verdict.code:
        record["code"] = verdict.code
    if verdict.summary:
        record["summary"] = verdict.summary
    if verdict.mismatch:
        record["expected"] = verdict.mismatch.expected
        record["seen"] = verdict.mismatch.seen
    return record


def properties_of(record: Record) -> list[tuple[str, object]]:
    """Those facts of a record that JUnit shows beside an item."""
    names = ("implementation", "case", "observation", "clause", "level", "class", "verdict", "code")
    return [(name, record[name]) for name in names if record.get(name)]


def of(label: str, records: Iterable[Record]) -> list[Record]:
    """The records of one implementation."""
    return [record for record in records if record["implementation"] == label]


def counts(records: Iterable[Record]) -> dict[str, int]:
    """How often each verdict was given, in the usual order."""
    found = Counter(record["verdict"] for record in records)
    return {kind: found[kind] for kind in VERDICTS if found[kind]}


def digest(root: Path) -> str:
    """What identifies a corpus: its files and their bytes."""
    total = hashlib.sha256()
    for path in corpus.files_of(root):
        name = path.relative_to(root).as_posix()
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return f"sha256:{total.hexdigest()}"


def write(
    path: Path,
    *,
    records: Iterable[Record],
    implementations: Mapping[str, Any],
    problems: Iterable[str],
    root: Path,
    complete: bool,
    seconds: float,
) -> None:
    """Write the results to a file."""
    ordered = sorted(records, key=lambda r: (r["implementation"], r["case"], r["observation"]))
    by_implementation = {
        label: {
            **implementations[label],
            "counts": counts(of(label, ordered)),
        }
        for label in sorted(implementations)
    }
    data = {
        "report": VERSION,
        "suite": metadata.version(DISTRIBUTION),
        "corpus": digest(root),
        "complete": complete,
        "implementations": by_implementation,
        "problems": sorted(problems),
        "results": ordered,
        "timings": {"total_seconds": round(seconds, 3)},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
