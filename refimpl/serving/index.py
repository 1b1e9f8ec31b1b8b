"""The page that a served project shows at its address: which functions there are, and how to call them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from refimpl.calls.messages import FUNCTION_HEADER

if TYPE_CHECKING:
    from refimpl.application import Application

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Server functions</title>
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
  table {{ border-collapse: collapse; width: 100% }}
  th, td {{ text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid #8884 }}
  pre {{ overflow-x: auto; padding: 1rem; background: #8881 }}
</style>
<h1>Server functions</h1>
<p>This project is served by the reference implementation of <code>'use server'</code>, in {mode} mode,
for demonstration. Nothing here is meant for the open network.</p>
<table>
<thead><tr><th>function<th>id<th>bound first</thead>
<tbody>
{rows}
</tbody>
</table>
<p>A call is a POST to this address: the id in a header, the arguments in the body as React's client
writes them.</p>
<pre>curl {origin}/ -H '{header}: <em>id</em>' -H 'content-type: {type}' -H 'origin: {origin}' -d '[]'</pre>
</html>
"""
NOTHING = "<tr><td colspan=3>The project has no server functions."


def index_page(application: Application) -> str:
    """The page, in HTML."""
    rows = []
    for entry in sorted(application.registry.entries.values(), key=lambda entry: entry.name):
        captured = "sealed captures" if entry.function.captures else ""
        cells = (entry.name, entry.id, captured)
        rows.append("<tr>" + "".join(f"<td><code>{escape(cell)}</code>" for cell in cells))
    return PAGE.format(
        mode="development" if application.settings.development else "production",
        rows="\n".join(rows) or NOTHING,
        origin=escape(application.settings.admission.origin),
        header=FUNCTION_HEADER,
        type=application.codec.encode_arguments([])[0],
    )
