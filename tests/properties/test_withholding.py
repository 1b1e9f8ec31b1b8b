"""No text of a server function, no secret of a module and no capture ever leaves the server."""

from hypothesis import given

from conformance.fuzz.generators.programs import Program, programs
from refimpl.application import Settings
from tests.properties.reference import budget, ran


@budget(20)
@given(programs())
def test_no_canary_leaves(program: Program):
    given_to_client = ran(program, Settings()).given_to_client()

    assert given_to_client
    found = {
        (name, canary)
        for name, content in given_to_client.items()
        for canary in program.canaries
        if canary.encode() in content
    }
    assert found == set()
