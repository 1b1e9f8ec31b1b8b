"""The summary at the end of a run: who was asked, and what came of it, chapter by chapter."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance import results
from conformance.presentation import paragraph
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
    """A row per chapter and a column per verdict that occurs; on a narrow terminal, a list."""
    chapters = sorted({record["chapter"] for record in records})
    rows = [(chapter, _counts(records, chapter)) for chapter in chapters]
    if len(chapters) > 1:
        rows.append(("all", results.counts(records)))
    columns = [kind for kind in VERDICTS if any(kind in counts for _, counts in rows)]
    width = max(map(len, ["chapter", *chapters])) + 2
    if width + 2 + sum(len(kind) + 2 for kind in columns) > shutil.get_terminal_size().columns:
        yield from _list(rows)
        return
    yield f"  {'chapter':{width}}" + "".join(f"{kind:>{len(kind) + 2}}" for kind in columns)
    for title, counts in rows:
        cells = (f"{counts.get(kind, 0) or '.':>{len(kind) + 2}}" for kind in columns)
        yield f"  {title:{width}}" + "".join(cells)


def _counts(records: list[Record], chapter: str) -> dict[str, int]:
    return results.counts(record for record in records if record["chapter"] == chapter)


def _list(rows: list[tuple[str, dict[str, int]]]) -> Iterator[str]:
    for title, counts in rows:
        yield f"  {title}"
        yield from paragraph(", ".join(f"{n} {kind}" for kind, n in counts.items()), "    ")


def _reasons(records: list[Record]) -> Iterator[str]:
    """Why points were left out, the most frequent reasons first."""
    found = Counter(
        (record["verdict"], record.get("summary", ""))
        for record in records
        if record["verdict"] in LEFT_OUT
    )
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    for (kind, summary), count in ordered[:MOST_REASONS]:
        yield from paragraph(f"{count} {kind}: {summary}", "  ")
    if rest := sum(count for _, count in ordered[MOST_REASONS:]):
        yield f"  {rest} more were left out for other reasons"
