"""What an answer makes of a question: lines are expected where the example is about places."""

import pytest

from conformance.fuzz.expectation import expecting
from conformance.observations import Compile
from conformance.protocol import Ok, Rejected

QUESTION = Compile({}, None)
WARNED = Ok(
    {
        "page.js": {
            "kind": "none",
            "functions": [],
            "diagnostics": [{"code": "misplaced-directive", "severity": "warning", "line": 3}],
        }
    }
)
REFUSED = Rejected("compile", "syntax.early", "", "page.js", 7)


@pytest.mark.parametrize(("places", "line"), [(True, 3), (False, None)])
def test_the_line_of_a_diagnostic(places, line):
    (diagnostic,) = expecting(QUESTION, WARNED, places=places).files["page.js"].diagnostics

    assert diagnostic.line == line


@pytest.mark.parametrize(("places", "place"), [(True, ("page.js", 7)), (False, (None, None))])
def test_the_place_of_a_refusal(places, place):
    refused = expecting(QUESTION, REFUSED, places=places).rejection

    assert (refused.file, refused.line) == place
    assert refused.codes == ("syntax",)
