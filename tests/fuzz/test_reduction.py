"""What can go from a program, a message or a question goes, and what has to stay stays."""

import pytest

from conformance.fuzz.example import Example, asking
from conformance.fuzz.reduction import reduced
from conformance.messages.units import Message, line
from conformance.observations import Compile, Decode, Dispatch, Run, Skew
from conformance.observations.answers import Expectation
from conformance.observations.dispatch import Step
from conformance.observations.message_family import Member, alone

PROGRAM = """\
import { shared } from './shared.js' // what others say
const kept: string[] = []

export async function page(given: string) {
  /* nobody needs this */
  for (const each of [1, 2]) {
    if (given) {
      kept.push(await save(
        each,
        shared))
    } else {
      kept.push('else')
    }
  }
  return { kept, given: given + 'more' }
}
"""


def has_all(_):
    """Whatever is left will do."""
    return True


def never(*_):
    """There is time enough; nothing that is left will do."""
    return False


def small(files, holds, question=None, is_over=never):
    """The smallest example with these files of which something holds."""
    question = question or Compile({}, None)
    example = Example(frozenset({"module.kinds"}), asking(question), files)
    return reduced(example, question, holds, is_over)


def program(text, holds, path="page.ts"):
    """The smallest program."""
    return small({path: text}, lambda example: holds(example.files[path])).files[path].strip()


def has(*words):
    """Whether a text has all of these."""
    return lambda text: all(word in text for word in words)


def test_only_the_statement_that_matters_is_left():
    assert program(PROGRAM, has("save(")) == "save()"


def test_what_is_around_it_is_left_if_it_matters_too():
    wanted = has("for (const each", "if (given)", "save(")

    assert program(PROGRAM, wanted) == "for (const each of 0) if (given) save()"


def test_types_go():
    text = "const named: Array<string> = f<number>(given as any)"

    assert program(text, has("const named", "=", "given")) == "const named = given"


def test_words_go():
    text = "export default async function* f() {}"

    assert program(text, has("function", "f()"), path="a.js") == "function f() {}"


def test_comments_and_empty_lines_go():
    text = "f()\n\n\n// one\n/* two */\ng()\n"

    assert program(text, has("f()", "g()")) == "f()\ng()"


def test_a_statement_that_is_broken_into_lines_is_joined():
    assert program("f(\n  a,\n\n  b)", has("f(", "a", "b")) == "f(a, b)"


def test_statements_keep_lines_of_their_own():
    assert program("f();\ng();", has("f()", "g()")).splitlines() == ["f()", "g()"]


def test_what_is_declared_for_one_use_goes_there():
    text = "const inner = () => 1\nfunction outer() { return inner() }\nuse(outer)\n"

    assert program(text, has("1", "return", "use(")) == "use(function () { return 1 })"


def test_what_is_left_is_indented():
    text = "async function f() { 'use server'\n\n\n      g() // why\n }"

    left = program(text, has("async function f() {", "'use server'", "g()", "}"))

    assert left == "async function f() { 'use server'\n  g()\n}"


def test_a_program_stays_a_program():
    asked = []
    small({"a.js": "f(1)\ng([2])\n"}, lambda example: asked.append(example.files["a.js"]))

    assert "f(1" not in asked


def test_what_does_not_parse_loses_lines_and_words():
    assert program("one(\ntwo three four\n@", has("three")) == "three"


def test_a_file_that_does_not_matter_goes():
    files = {"a.js": "a()", "b.js": "b()"}

    assert small(files, lambda example: "b" in "".join(example.files.values())).files == {
        "b.js": "b\n"
    }


def test_a_client_gets_smaller():
    run = Run({"entry": "a.js#a", "client": "export default f => [f(1), f(2), g()]"}, None, None)
    found = small({"a.js": "a"}, lambda example: "g(" in client(example), run)

    assert client(found) == "g()\n"


def client(example):
    """The client of the one question."""
    return example.points(None)[0].program["client"]


def requests(example):
    """The functions that are asked for."""
    (question,) = example.points(None)
    return [step.requests[0]["function"] for step in question.steps]


def test_requests_that_do_not_matter_go():
    steps = [
        Step(({"function": name},), ("",), Expectation(None, None, (), {}, {}, (), False))
        for name in "abc"
    ]
    found = small(
        {"a.js": "a"}, lambda example: "b" in requests(example), Dispatch({}, tuple(steps))
    )

    assert requests(found) == ["b"]


def test_a_file_of_the_new_build_that_does_not_matter_goes():
    after = {"a.js": "a()", "b.js": "b()", "gone.js": None}
    skew = Skew({"entry": None, "client": ""}, after, None, None)

    def holds(example):
        (question,) = example.points(None)
        return "b" in "".join(text or "" for text in question.after.values())

    (question,) = small({"a.js": "a"}, holds, skew).points(None)
    assert question.after == {"b.js": "b", "gone.js": None}


def message(*rows, holds, split=()):
    """The smallest result."""
    member = Member(Message(tuple(line(row) for row in rows)), split=split)
    question = Decode({"message": "result"}, member, alone, None, None)
    found = small({}, lambda example: holds(example.points(None)[0].member), question)
    return found.points(None)[0].member


def test_rows_and_values_that_do_not_matter_go():
    rows = b'1:{"a":[1,"$D2"],"b":[true]}', b"2:[7]", b'0:["$1","$2"]'

    left = message(*rows, holds=lambda member: b"$D" in member.message.written())

    assert left.message.written() == b'1:"$D"\n'


def test_what_is_no_json_loses_bytes():
    left = message(b"0:[1,{]", holds=lambda member: b"{]" in member.message.written())

    assert left.message.written() == b"{]\n"


def test_a_message_arrives_in_one_piece_if_that_does_not_matter():
    assert message(b"0:1", holds=has_all, split=(1, 2)).split == ()


def test_it_ends_when_it_is_told_to():
    files = {"a.js": "f()\ng()\n"}

    assert small(files, has_all, is_over=lambda: True).files == files


def test_what_agrees_now_stays_as_it_is():
    assert small({"a.js": "f()\n"}, never).files == {"a.js": "f()\n"}


@pytest.mark.parametrize("text", [PROGRAM, "f()"])
def test_nothing_is_tried_twice(text):
    asked = []
    small({"a.ts": text}, lambda example: asked.append(example.files["a.ts"]) or len(asked) == 1)

    assert len(asked) == len({*asked})
