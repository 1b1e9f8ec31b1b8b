"""The results of a run as data: what `--report` writes, sealed, and reading it back.

Rules of this module:

* Two runs that see the same write the same bytes, but for what stands under `timings`.
* The seal is a digest of everything but the timings. Results that were edited have a broken seal
  and are not read.
* A run that left anything out says what, under `partial`; such results are not published.
* A result holds what the implementation did. What the case is about stands in the corpus, and
  whoever joins the two compares the digests first.
"""

from __future__ import annotations

import json
import platform
from collections import Counter
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

from conformance import digests, instructive, yaml_source
from conformance.problems import Place, Problem, Refused
from conformance.verdict import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from conformance.items import PointItem

VERSION = 2
DISTRIBUTION = "use-server-conformance"
KIND = "results"
#: The seed of every request that states none.
SEED = 0
#: What a result says; a record of a run knows more about its case.
FIELDS = (
    *("implementation", "case", "observation", "clause", "verdict"),
    *("listed_as", "code", "summary", "expected", "seen"),
)
UNSEALED = ("seal", "timings")

Record = dict[str, Any]
Document = dict[str, Any]


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
        "size": instructive.size_of(item.case, item.observation.request({})),
    }
    if item.case.requires:
        record["requires"] = {name: list(options) for name, options in item.case.requires.items()}
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


# Writing


@dataclass(frozen=True, slots=True)
class Run:
    """What can be said of a run beside its records."""

    #: The corpus, and the specification its clauses are from.
    root: Path
    specification: Path
    #: Facts about each implementation: how it introduced itself, and what it was made of.
    implementations: Mapping[str, Mapping[str, Any]]
    #: Why it does not count as a whole, a line each.
    partial: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()
    node: str | None = None


def document_of(run: Run, records: Iterable[Record], timings: Mapping[str, Any]) -> Document:
    """A run as a sealed document."""
    ordered = sorted(records, key=lambda r: (r["implementation"], r["case"], r["observation"]))
    document: Document = {
        "report": VERSION,
        "suite": metadata.version(DISTRIBUTION),
        "corpus": digests.of_corpus(run.root),
        "specification": digests.of_files([run.specification]),
        "seed": SEED,
        "environment": {
            "platform": f"{platform.system().lower()}-{platform.machine()}",
            "python": platform.python_version(),
            "node": run.node,
        },
        "complete": not run.partial,
        "partial": list(run.partial),
        "problems": sorted(run.problems),
        "objections": list(run.objections),
        "implementations": {
            label: {**run.implementations[label], "counts": counts(of(label, ordered))}
            for label in sorted(run.implementations)
        },
        "results": [
            {name: record[name] for name in FIELDS if name in record} for record in ordered
        ],
    }
    return {**document, "seal": seal_of(document), "timings": dict(timings)}


def seal_of(document: Document) -> str:
    """The digest of everything in a document that two equal runs have in common."""
    return digests.of_data({name: part for name, part in document.items() if name not in UNSEALED})


def write(path: Path, document: Document) -> None:
    """Write a document: a line for each result, so that versions of it can be compared by eye."""
    parts = []
    for name, part in document.items():
        if name == "results":
            lines = ",\n".join(json.dumps(result, separators=(",", ":")) for result in part)
            text = f"[\n{lines}\n]" if lines else "[]"
        else:
            text = json.dumps(part, indent=1)
        parts.append(f'"{name}": {text}')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


# Reading


def read(path: Path) -> Document:
    """The document in a file, if it is one and nobody edited it."""
    shown = str(path)
    text = yaml_source.read_text(path, shown, KIND)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused("not-json", f"this is no JSON: {error}", shown) from None
    if not isinstance(document, dict) or document.get("report") != VERSION:
        message = f"this is no results file of version {VERSION}"
        raise _refused("version", message, shown, "run the suite again with --report")
    if document.get("seal") != seal_of(document):
        message = "the seal is broken: the file is not as the run wrote it"
        raise _refused("seal", message, shown, "run the suite again with --report")
    return document


def _refused(code: str, message: str, shown: str, fix: str | None = None) -> Refused:
    return Refused(Problem(f"{KIND}.{code}", message, Place(shown), fix))
