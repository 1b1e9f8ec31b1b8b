"""Whatever is done to the tokens of a program, the answer is a diagnostic, never a traceback.

`load` raises a SyntaxDiagnostic or nothing, and `refimpl check` reports in every format.
"""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout, suppress

from hypothesis import given
from hypothesis import strategies as st

from conformance.fuzz.generators.programs import Writing, programs
from refimpl.cli.check import FORMATS, check
from refimpl.source import load
from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.text import Source
from tests.properties.reference import budget

TOKENS = re.compile(r"""\s+|[\w$]+|'[^'\n]*'|"[^"\n]*"|.""", re.DOTALL)
STRANGE = (
    "'",
    "`",
    "${",
    "/",
    "\\",
    "(",
    "}",
    "async",
    "await",
    "=>",
    "'use server'",
    "\u2028",
    "\ud800",
)


@st.composite
def mutilated(draw: st.DrawFn) -> Source:
    """A file of a program, with some tokens deleted, repeated, exchanged or put in."""
    program = draw(programs())
    typed = program.page.path.endswith(("ts", "tsx"))
    files = program.files(Writing(program.name, typed=lambda: typed))
    path = draw(st.sampled_from(sorted(files)))
    tokens = TOKENS.findall(files[path])
    for _ in range(draw(st.integers(1, 4))):
        places = st.integers(0, max(len(tokens) - 1, 0))
        at, other = draw(places), draw(places)
        match draw(st.sampled_from(("delete", "repeat", "exchange", "insert"))):
            case "delete":
                del tokens[at : at + 1]
            case "repeat":
                tokens[at:at] = tokens[at : at + 1]
            case "exchange" if tokens:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case _:
                tokens.insert(at, draw(st.sampled_from(STRANGE)))
    return Source(path, "".join(tokens))


@budget(60)
@given(mutilated())
def test_load_raises_nothing_but_a_diagnostic(source: Source):
    with suppress(SyntaxDiagnostic):
        load(source)


@budget(40)
@given(mutilated(), st.sampled_from(sorted(FORMATS)))
def test_check_reports_whatever_it_is_given(source: Source, form: str):
    with redirect_stdout(io.StringIO()) as output:
        report = check([source])
        FORMATS[form](report)

    assert report.exit_code in {0, 1, 2}
    assert form == "github" or output.getvalue()
