"""The text under a failed item: everything needed to understand it and to see it again.

In order: the case and where it is written, the clause in its own words, what differs, expected and
seen beside each other, the program, what the adapter said, and the command that repeats just this.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from conformance.presentation import numbered, paragraph, side_by_side, width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.items import PointItem

#: Lines of the adapter's output that are shown, from its end.
OUTPUT_LINES = 12


def explain(item: PointItem) -> str:
    """The whole text."""
    return "\n".join(_lines(item)).rstrip()


def _lines(item: PointItem) -> Iterator[str]:
    case, verdict = item.case, item.verdict
    assert verdict is not None, "explained after it was judged"
    yield from _heading(item)
    yield from paragraph(case.title)
    yield f"  {case.place.file}:{case.place.line}"
    yield ""
    yield from _clause(item)
    yield f"What happened ({verdict.code})"
    for line in verdict.summary.splitlines():
        yield from paragraph(line)
    if verdict.fix:
        yield from paragraph(f"fix: {verdict.fix}")
    yield ""
    if verdict.mismatch:
        yield from side_by_side(
            "expected", verdict.mismatch.expected, "seen", verdict.mismatch.seen
        )
        yield ""
    yield from _program(item)
    yield from _output(verdict.output)
    yield "Run it again"
    yield f"  {item.conversation.rerun} --case {shlex.quote(case.id)}"


def _heading(item: PointItem) -> Iterator[str]:
    assert item.verdict is not None, "explained after it was judged"
    heading = f"{item.verdict.kind.upper()}  {item.case.id} [{item.observation.name}]"
    implementation = _implementation(item)
    if len(heading) + 2 + len(implementation) <= width():
        yield f"{heading}  {implementation}"
    else:
        yield heading
        yield f"  {implementation}"


def _implementation(item: PointItem) -> str:
    hello = item.conversation.hello
    label = item.conversation.implementation.label
    return f"{label} ({hello.name} {hello.version})" if hello else label


def _clause(item: PointItem) -> Iterator[str]:
    clause = item.conversation.specification.clauses.get(item.case.clause)
    if clause is None:
        yield f"Clause {item.case.clause} (it does not exist)"
    else:
        yield f"Clause {clause.slug} ({clause.level}, {clause.class_})"
        yield from paragraph(clause.sentence)
    yield ""


def _program(item: PointItem) -> Iterator[str]:
    assert item.verdict is not None
    mismatch = item.verdict.mismatch
    texts = dict(item.case.files)
    only = next(iter(texts)) if len(texts) == 1 else None
    program = item.observation.request({})
    if client := program.get("client"):
        texts[program.get("client_file", "client.js")] = client
    texts.update(item.observation.shown())
    for path, text in texts.items():
        is_named = mismatch is not None and path == (mismatch.file or only)
        yield path
        yield from numbered(text, mismatch.line if mismatch and is_named else None)
        yield ""


def _output(output: str) -> Iterator[str]:
    lines = output.rstrip().splitlines()
    if not lines:
        return
    cut = len(lines) > OUTPUT_LINES
    yield f"The adapter said{f' (last {OUTPUT_LINES} lines)' if cut else ''}"
    for line in lines[-OUTPUT_LINES:]:
        yield f"  {line}"
    yield ""
