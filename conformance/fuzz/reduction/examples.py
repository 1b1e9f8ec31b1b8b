"""What can go from an example, whatever it is about: a file, a piece of a text, a piece of a message.

Rules of this module:

* The questions and the clauses of an example stay: smaller is what they are about.
* A text that was a program stays one, so that nothing is asked about a piece that was cut in two.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.fuzz.example import Example, asking
from conformance.fuzz.reduction.greedy import Smaller, reduce
from conformance.fuzz.reduction.messages import smaller_messages
from conformance.fuzz.reduction.programs import LINE, edits, indented, parsed, weight
from conformance.observations import Decode, Dispatch, Forms, Skew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.observations.observation import Observation

#: The file name of a client program.
CLIENT = "client.js"


def reduced(
    example: Example,
    question: Observation,
    holds: Callable[[Example], bool],
    is_over: Callable[[], bool],
) -> Example:
    """The example with one question, as small as it can be made while `holds` is true of it.

    `question` has nothing to be filled in: its message is written. `is_over` ends the search.
    """
    alone = Example(example.features, asking(question), example.files)
    if not holds(alone):
        return example
    smallest = reduce(alone, smaller_examples, holds, is_over)
    readable = laid_out(smallest)
    return readable if holds(readable) else smallest


def laid_out(example: Example) -> Example:
    """The example with its programs indented."""
    (question,) = example.points(None)
    files = {path: indented(text) for path, text in example.files.items()}
    if client := getattr(question, "program", {}).get("client"):
        question = _with_client(question, indented(client))
    return replace(example, files=files, points=asking(question))


def smaller_examples(example: Example) -> Iterator[Smaller[Example]]:
    """Every example that has one thing less."""
    (question,) = example.points(None)
    asked, files = repr(question), tuple(example.files.items())
    for smaller in _smaller_files(example.files):
        yield smaller.inside(asked, lambda left: replace(example, files=left))
    for smaller in _smaller_questions(question):
        yield smaller.inside(files, lambda left: replace(example, points=asking(left)))


def _smaller_files(files: Mapping[str, str]) -> Iterator[Smaller[Mapping[str, str]]]:
    """Files with one gone, or with a piece of one gone."""
    for path, text in files.items():
        others = {name: other for name, other in files.items() if name != path}
        rest = (path, *others.items())
        if others:
            yield Smaller(weight(text), rest, partial(dict, others))
        for smaller in _smaller_text(text, path):
            yield smaller.inside(rest, partial(_with_file, files, path))


def _with_file(files: Mapping[str, str], path: str, text: str) -> Mapping[str, str]:
    return {**files, path: text}


def _smaller_text(text: str, path: str) -> Iterator[Smaller[str]]:
    """The text with a piece gone; one that was a program is one that remains."""
    was_program = parsed(text, path) is not None

    def make(left: str) -> str | None:
        return left if not was_program or parsed(left, path) else None

    for edit in edits(text, path):
        left = edit.applied(text)
        yield Smaller(edit.saves(text), left, partial(make, left))


def _smaller_questions(question: Observation) -> Iterator[Smaller[Any]]:
    """The question with one thing less: of its client, its new build, its requests or its message."""
    program: Mapping[str, Any] = getattr(question, "program", {})
    if client := program.get("client"):
        for smaller in _smaller_text(client, CLIENT):
            yield smaller.inside("client", partial(_with_client, question))
    match question:
        case Skew(after=after):
            texts = {path: text for path, text in after.items() if text is not None}
            for files in _smaller_files(texts):
                yield files.inside("after", partial(_with_after, question))
        case Dispatch():
            yield from _fewer(question, "steps")
        case Forms():
            yield from _fewer(question, "submissions")
        case Decode():
            yield from _smaller_decode(question)


def _with_client(question: Any, client: str) -> Any:
    return replace(question, program={**question.program, "client": client})


def _with_after(question: Skew, after: Mapping[str, str]) -> Skew:
    gone = {path: None for path, text in question.after.items() if text is None}
    return replace(question, after={**gone, **after})


def _fewer(question: Any, name: str) -> Iterator[Smaller[Any]]:
    """A question of several steps without one of them."""
    steps = getattr(question, name)
    for at in range(len(steps) if len(steps) > 1 else 0):
        left = steps[:at] + steps[at + 1 :]
        yield Smaller(LINE, (name, repr(left)), partial(replace, question, **{name: left}))


def _smaller_decode(question: Decode) -> Iterator[Smaller[Any]]:
    member = question.member
    size = len(member.message.written())
    if member.split:
        yield Smaller(size, "whole", partial(replace, question, member=replace(member, split=())))
    for message in smaller_messages(member.message):
        left, written = replace(member, message=message), message.written()
        yield Smaller(size - len(written), written, partial(replace, question, member=left))
