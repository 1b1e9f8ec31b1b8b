"""Renaming variables consistently changes neither what is captured nor any result."""

from hypothesis import given

from conformance.fuzz.generators.programs import Program, Writing, programs
from tests.properties.reference import budget, compiled, functions, result


@budget(25)
@given(programs())
def test_names_that_hide_each_other_and_names_that_never_do_mean_the_same(program: Program):
    renamed = program.files(Writing(unique))
    few = functions(compiled(program.files()), program)
    many = functions(compiled(renamed), program)

    for path in few:
        for function in many[path]:
            function["captures"] = [program.name(int(each[1:])) for each in function["captures"]]
    captured = {path: [each["captures"] for each in found] for path, found in few.items()}
    assert captured == {path: [each["captures"] for each in found] for path, found in many.items()}
    assert result(program, program.files()) == result(program, renamed)


def unique(binding: int) -> str:
    """A name that no other binding has."""
    return f"r{binding}"
