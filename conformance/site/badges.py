"""Badges: how much of a class an implementation satisfies, as an SVG of two words.

The rule of this module: a badge says a number and a word, never only a colour, and what was not
asked is told as such.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.site.survey import Tally

HEIGHT = 20
#: The usual advance of a character of Verdana at 11 px, a little on the wide side.
ADVANCE = 6.9
PADDING = 8
COLOURS = {
    "pass": "#1f6f4a",
    "fail": "#a4341f",
    "unsupported": "#5c6370",
    "not-applicable": "#5c6370",
}


def badge(class_name: str, tally: Tally) -> str:
    """The badge of one class: `use server: wire | 97 of 120`."""
    left, right = f"use server: {class_name}", words(tally)
    colour = COLOURS[tally.condition]
    widths = [round(len(text) * ADVANCE) + 2 * PADDING for text in (left, right)]
    total = sum(widths)
    label = escape(f"{left}, {right}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{HEIGHT}" role="img" '
        f'aria-label="{label}"><title>{label}</title>'
        f'<clipPath id="c"><rect width="{total}" height="{HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#c)"><rect width="{widths[0]}" height="{HEIGHT}" fill="#33363d"/>'
        f'<rect x="{widths[0]}" width="{widths[1]}" height="{HEIGHT}" fill="{colour}"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" '
        f'text-anchor="middle"><text x="{widths[0] / 2:g}" y="14">{escape(left)}</text>'
        f'<text x="{widths[0] + widths[1] / 2:g}" y="14">{escape(right)}</text></g></svg>\n'
    )


def words(tally: Tally) -> str:
    """The right half: conforming, how much of it, or that nobody asked."""
    if not tally.tested:
        return "not tested"
    if not tally.failed and not tally.unasked:
        return "conforms"
    if not tally.failed:
        return f"{tally.passed} pass, {tally.unasked} not asked"
    return f"{tally.failed} of {tally.tested} fail"
