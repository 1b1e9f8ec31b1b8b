"""Modules and projects of every kind that is drawn mean what their parts mean.

What is refused, and in which phase, is refused by the reference; kinds, the number of server
functions and the results of a run are those that were known when the parts were put together.
"""

from typing import Any

from hypothesis import given

from conformance.adapters import Refusal
from conformance.fuzz.generators import (
    exports,
    graphs,
    prologues,
    references,
    restrictions,
    sources,
)
from conformance.fuzz.generators.programs import Writing
from tests.properties.reference import REFERENCE, budget


def answer(operation: str, **asked: Any) -> Any:
    """What the reference says: the answer, or the phase and the code of its refusal."""
    try:
        return getattr(REFERENCE, operation)(**asked)
    except Refusal as refusal:
        return refusal.content["phase"], refusal.content["code"]


@given(prologues.modules())
def test_what_a_prologue_marks(made: prologues.Marked):
    found = answer("compile", files={made.path: made.text, **prologues.LIB})

    if made.is_refused:
        assert found[0] == "compile"
    else:
        module = found[made.path]
        assert (module["kind"], len(module["functions"])) == (made.kind, made.functions)


@given(restrictions.modules())
def test_what_a_server_function_may_not_do(made: restrictions.Restricted):
    found = answer("compile", files={made.path: made.text})

    assert isinstance(found, tuple) == (made.refused is not None)


@given(sources.modules())
def test_what_source_text_may_hold(made: sources.Text):
    found = answer("compile", files={made.path: made.text})

    assert isinstance(found, tuple) == made.is_refused
    if made.is_refused:
        assert found[1].partition(".")[0] == "syntax"


@budget(50)
@given(exports.exporting())
def test_which_exports_are_refused(made: exports.Exporting):
    files = dict(made.imported.files)
    for module in made.modules:
        files |= {path: Writing(str).write(text) for path, text in module.files.items()}

    found = answer("run", files=files, client=made.imported.client(catches=False))

    if made.bad:
        assert found == (made.bad.phase, "export-not-async")
    else:
        assert len(found["result"]) == len(made.imported.calls)


@budget(50)
@given(graphs.graphs())
def test_which_graphs_of_modules_are_refused(made: graphs.Graph):
    entry = f"{made.page.path}#page"

    found = answer("run", files=made.files, client=made.program, entry=entry)

    assert (found == ("compile", "inline-in-client-module")) == made.is_refused
    if made.odd is None and not made.is_refused:
        assert "result" in found


@budget(50)
@given(references.journeys())
def test_what_references_give(made: references.Journey):
    found = answer("run", files=made.files, client=made.client, entry="page.js#page")

    if made.is_refused:
        assert found[0] == "encode"
    else:
        assert found["result"] == made.told
