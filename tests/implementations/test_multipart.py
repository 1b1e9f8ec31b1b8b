"""Forms come out of a body as they went in, also where Node.js's own writer and reader lose something."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.node

THERE_AND_BACK = """
import { read, written } from 'SHARED/multipart.mjs'
const form = new FormData()
for (const [name, value] of eval(given)) form.append(name, value)
const entries = []
for (const [name, value] of read(await written(form)))
  entries.push([name, typeof value === 'string' ? value : [value.name, value.type, await value.text()]])
tell(entries)
"""


@pytest.mark.parametrize(
    ("entries", "arriving"),
    [
        ("[['a', '1'], ['', ''], ['a', '2']]", [["a", "1"], ["", ""], ["a", "2"]]),
        ("[['\\ufeff', '\\ufeffx']]", [["\ufeff", "\ufeffx"]]),
        ("[['a', 'x\\ny']]", [["a", "x\r\ny"]]),
        ("[['a\"\\n', '--']]", [['a"\r\n', "--"]]),
        ("[['x; filename=', 'y']]", [["x; filename=", "y"]]),
        ("[['f', new File([], '')]]", [["f", ["", "application/octet-stream", ""]]]),
        (
            "[['f', new File(['a\\r\\n--b'], 'é\".txt', { type: 'text/plain' })]]",
            [["f", ['é".txt', "text/plain", "a\r\n--b"]]],
        ),
    ],
)
def test_entries_arrive_as_they_were(entries, arriving, evaluate):
    assert evaluate(THERE_AND_BACK, entries) == arriving


def test_a_mistake_in_a_pattern_is_a_syntax_error_of_what_is_emitted_and_a_newer_one_is_none(
    evaluate, monkeypatch, tmp_path
):
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setenv("USE_SERVER_PACKAGES", str(tmp_path))
    source = """
import { emitted } from 'SHARED/emitted.mjs'
const codeOf = (text) => { try { return emitted(text, 'a.mts', 'the test') && 'accepted' } catch ({ code }) { return code } }
tell(given.map(codeOf))
"""

    assert evaluate(source, ["/(?i:a)/", "/[z-a]/", "x = /a"]) == [
        "accepted",
        "syntax",
        "syntax",
    ]
