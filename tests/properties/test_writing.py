"""Comments, line breaks, semicolons and types never change what a directive does."""

from hypothesis import given
from hypothesis import strategies as st

from conformance.fuzz.generators.programs import Program, decorated, programs
from tests.properties.reference import budget, compiled, result


@budget(25)
@given(programs(dialects="js jsx"), st.data())
def test_trivia_changes_nothing(program: Program, data: st.DataObject):
    files = program.files(decorated(data.draw, program.name, typed=False))

    assert compiled(program.files()) == compiled(files)
    assert program.results == result(program, files)


@budget(25)
@given(programs(dialects="ts tsx"), st.data())
def test_types_change_nothing(program: Program, data: st.DataObject):
    files = program.files(decorated(data.draw, program.name, typed=True))

    assert compiled(program.files()) == compiled(files)
    assert program.results == result(program, files)
