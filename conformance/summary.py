"""The summary at the end of a run: who was asked, and what came of it, chapter by chapter."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance import results
from conformance.problems import plural
from conformance.verdict import NOT_APPLICABLE, NOT_RUN, TELLING, UNSUPPORTED, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.results import Record

LEFT_OUT = (UNSUPPORTED, NOT_APPLICABLE, NOT_RUN)
MOST_REASONS = 8


def lines(
    records: list[Record], implementations: Mapping[str, Any], problems: list[str]
) -> Iterator[str]:
    """The summary, a line at a time."""
    for label, hello in implementations.items():
        own = results.of(label, records)
        if not own:
            continue
        name = f" ({hello['name']} {hello['version']})" if hello else ""
        yield f"{label}{name}"
        yield from _table(own)
        yield from _reasons(own)
        if not any(record["verdict"] in TELLING for record in own):
            yield "  nothing was tested"
        yield ""
    if problems:
        yield f"{plural(len(problems), 'problem')} in the corpus, shown above"


def _table(records: list[Record]) -> Iterator[str]:
    """A row per chapter and a column per verdict that occurs."""
    total = results.counts(records)
    columns = [kind for kind in VERDICTS if kind in total]
    chapters = sorted({record["chapter"] for record in records})
    width = max(len("chapter"), *map(len, chapters)) + 2
    yield f"  {'chapter':{width}}" + "".join(f"{kind:>{len(kind) + 2}}" for kind in columns)
    for chapter in chapters:
        found = results.counts(r for r in records if r["chapter"] == chapter)
        yield f"  {chapter:{width}}" + _cells(found, columns)
    if len(chapters) > 1:
        yield f"  {'all':{width}}" + _cells(total, columns)


def _cells(found: Mapping[str, int], columns: list[str]) -> str:
    return "".join(f"{found.get(kind, 0) or '.':>{len(kind) + 2}}" for kind in columns)


def _reasons(records: list[Record]) -> Iterator[str]:
    """Why points were left out, the most frequent reasons first."""
    found = Counter(
        (record["verdict"], record.get("summary", ""))
        for record in records
        if record["verdict"] in LEFT_OUT
    )
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    for (kind, summary), count in ordered[:MOST_REASONS]:
        yield f"  {count} {kind}: {summary}"
    if rest := sum(count for _, count in ordered[MOST_REASONS:]):
        yield f"  {rest} more were left out for other reasons"
