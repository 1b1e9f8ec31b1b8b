"""A program means what its parts mean.

The captures that compile reports, the callable functions and the result of the run are the ones
known when the program was assembled.
"""

from hypothesis import given

from conformance.fuzz.generators.programs import Program, programs
from tests.properties.reference import REFERENCE, budget, compiled, functions, result


@budget(40)
@given(programs())
def test_functions_captures_exposure_and_results_are_those_known_by_construction(program: Program):
    files = program.files()

    assert functions(compiled(files), program) == program.compiled()
    assert program.exposes == REFERENCE.exposes(files)["functions"]
    assert program.results == result(program, files)
