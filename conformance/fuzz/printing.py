"""A disagreement as a case that can be committed, with both observations above it as comments.

The rule of this module: what is printed is read back as the very case that was judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from conformance import notation, yaml_source
from conformance.fuzz.taken_apart import message_from
from conformance.messages.reading import CONTENT_TYPE, DISPOSITION
from conformance.messages.units import ESCAPES
from conformance.observations import (
    Compile,
    Decode,
    Dispatch,
    Encode,
    Exposes,
    Forms,
    Run,
    Skew,
    Withholds,
)
from conformance.protocol import Ok
from conformance.yaml_source import MAPPING, NULL, NUMBER, SEQUENCE, STRING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.fuzz.differential import Disagreement
    from conformance.fuzz.plan import Plan
    from conformance.messages.units import Message, Unit
    from conformance.observations.answers import Expectation
    from conformance.observations.compile import Diagnostic, File
    from conformance.observations.observation import Observation, Rejection
    from conformance.protocol import Rejected

#: Lines of an observation that are shown; the case itself is complete.
SHOWN = 12
#: Fields that hold values in tagged JSON, and those whose entries have one as their second item.
ENCODED, ENTRIES = frozenset({"args", "initial", "files"}), frozenset({"fields", "ahead", "behind"})
UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def case_text(found: Disagreement, name: str, sentence: str, plan: Plan) -> str:
    """The YAML of a case with its comments."""
    case = found.case
    (point,) = case.observations
    fields: dict[str, yaml.Node] = {
        "id": _scalar(name),
        "clause": _scalar(case.clause),
        "title": _scalar(sentence or found.signature),
        "origin": _mapping({"fuzz": _scalar(plan.seed)}),
    }
    if case.requires:
        chosen = {
            choice: _scalar(options[0])
            if len(options) == 1
            else _sequence([*map(_scalar, options)])
            for choice, options in case.requires.items()
        }
        fields["requires"] = _mapping(chosen)
    if case.files:
        files = {path: _scalar(text) for path, text in case.files.items()}
        fields["files"] = _mapping(files, flow=False)
    fields[point.name] = point_node(point, found.answer)
    node = yaml.SequenceNode(SEQUENCE, [_mapping(fields, flow=False)], flow_style=False)
    return "".join([*_comments(found, plan), yaml_source.write(node, width=100)])


def _comments(found: Disagreement, plan: Plan) -> Iterator[str]:
    yield f"# {found.signature}\n"
    mismatch = found.verdict.mismatch
    seen = mismatch.seen if mismatch else f"{found.verdict.kind} {found.verdict.code}"
    if mismatch:
        yield from _comment(plan.opinion, mismatch.expected)
    yield from _comment(plan.subject, seen)


def _comment(who: str, text: str) -> Iterator[str]:
    lines = UNPRINTABLE.sub("�", text).splitlines() or ["(nothing)"]
    yield f"# {who}:\n"
    yield from (f"#   {line}\n" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"#   … {len(lines) - SHOWN} more lines\n"


def point_node(point: Observation, answer: Ok | Rejected | None = None) -> yaml.Node:
    """An observation point as an author would write it; a message is the one of the answer."""
    match point:
        case Run():
            return _mapping({**_program(point.program), **_ending(point)}, flow=False)
        case Skew():
            after = {path: _scalar(text) for path, text in point.after.items()}
            fields = {**_program(point.program), "after": _mapping(after, flow=False)}
            return _mapping({**fields, **_ending(point)}, flow=False)
        case Dispatch():
            steps = [
                _mapping({**_program(step.requests[0]), **_answer(step.expected, result=True)})
                for step in point.steps
            ]
            requests = {"requests": _sequence(steps, flow=False)}
            return _mapping({**_program(point.program), **requests}, flow=False)
        case Forms():
            return _forms(point)
        case Compile(rejection=None):
            files = {path: _file(file) for path, file in point.files.items()}
            return _mapping(files, flow=False)
        case Compile():
            return _mapping(_ending(point))
        case Exposes():
            return _sequence([_scalar(name) for name in point.functions])
        case Withholds():
            canaries = _sequence([_scalar(text) for text in point.canaries])
            return _mapping({**_program(point.program), "canaries": canaries}, flow=False)
        case Decode():
            fields = {**_surroundings(point.surroundings), **_message(point.member.message)}
            if point.member.split:
                fields["split"] = _sequence([_scalar(cut) for cut in point.member.split])
            return _mapping({**fields, **_ending(point)}, flow=False)
        case Encode():
            value = {"value": _value(point.value)}
            said = _written(point, answer)
            return _mapping({**_surroundings(point.surroundings), **value, **said}, flow=False)
    raise TypeError(point.name)


def _program(program: Mapping[str, Any]) -> dict[str, yaml.Node]:
    return {
        name: _value(_decoded(name, content))
        for name, content in program.items()
        if content not in (None, [])
    }


def _decoded(name: str, content: Any) -> Any:
    """What an author writes where a request has tagged JSON."""
    if name in ENCODED:
        return notation.decode(content)
    if name in ENTRIES:
        return [[entry, notation.decode(value)] for entry, value in content]
    if isinstance(content, dict):
        return {key: _decoded(key, value) for key, value in content.items()}
    if isinstance(content, list):
        return [_decoded("", item) for item in content]
    return content


def _forms(point: Forms) -> yaml.Node:
    submissions = []
    for item in point.submissions:
        states = {"states": _value(item.states[0])} if item.states else {}
        url = {} if item.url is None else {"url": _scalar(item.url)}
        said = {**_answer(item.expected, result=False), **states, **url}
        submissions.append(_mapping({**_program(item.requests[0]), **said}))
    fields = _program(point.program)
    fields["submissions"] = _sequence(submissions, flow=False)
    fields["javascript"] = _value(point.scripting[0])
    return _mapping(fields, flow=False)


def _answer(expected: Expectation, *, result: bool) -> dict[str, yaml.Node]:
    """What one request has to be answered."""
    fields: dict[str, Any] = {"ran": expected.ran[0]} if expected.ran else {}
    for name in ("shows", "lacks"):
        if by_header := getattr(expected, name):
            fields[name] = {header: [*texts] for header, texts in by_header.items()}
    if expected.hides:
        fields["hides"] = [*expected.hides]
    said = {name: _value(content) for name, content in fields.items()}
    if expected.rejection:
        return {**_rejects(expected.rejection, phase=True), **said}
    return {"result": _value(expected.result), **said} if result else said


def _surroundings(surroundings: Mapping[str, Any]) -> dict[str, yaml.Node]:
    return {name: _value(content) for name, content in surroundings.items()}


def _ending(point: Run | Skew | Compile | Decode) -> dict[str, yaml.Node]:
    if point.rejection:
        return _rejects(point.rejection, phase=isinstance(point, Run | Skew))
    if isinstance(point, Compile):
        return {}
    return (
        {"result": _value(point.result)}
        if isinstance(point, Run | Skew)
        else {"value": _value(point.value)}
    )


def _rejects(rejection: Rejection, *, phase: bool = False) -> dict[str, yaml.Node]:
    fields = {"phase": _scalar(rejection.phases[0])} if phase else {}
    fields["code"] = _scalar(rejection.codes[0])
    if rejection.file:
        fields |= {"file": _scalar(rejection.file), "line": _scalar(rejection.line)}
    return {"rejects": _mapping(fields)}


def _file(file: File) -> yaml.Node:
    functions = [
        _mapping(
            {
                "where": _scalar(function.where),
                **({"name": _scalar(function.name[0])} if function.name else {}),
                **(
                    {"captures": _sequence([_scalar(name) for name in sorted(function.captures)])}
                    if function.captures is not None
                    else {}
                ),
            }
        )
        for function in file.functions or ()
    ]
    said = {"kind": _scalar(file.kind), "functions": _sequence(functions)}
    if file.diagnostics is not None:
        said["diagnostics"] = _sequence([_diagnostic(found) for found in file.diagnostics])
    return _mapping(said, flow=False)


def _diagnostic(found: Diagnostic) -> yaml.Node:
    line = {} if found.line is None else {"line": _scalar(found.line)}
    return _mapping({"code": _scalar(found.code), **line})


def _message(message: Message) -> dict[str, yaml.Node]:
    kind = {} if message.type is None else {"type": _scalar(message.type)}
    return {**kind, "body": _body(message.written())}


def _part(unit: Unit) -> yaml.Node:
    """A part as an author writes it."""
    head = unit.before.decode().split("\r\n", 1)[1]
    disposition, kind = DISPOSITION.search(head), CONTENT_TYPE.search(head)
    assert disposition is not None, "it was written by browsers' rules"
    name = {"name": _scalar(_unescaped(disposition[1]))}
    if disposition[2] is None:
        return _mapping({**name, "text": _body(unit.content)})
    file = {"name": _scalar(_unescaped(disposition[2])), "hex": _scalar(unit.content.hex())}
    if kind:
        file["type"] = _scalar(kind[1].rstrip("\r"))
    return _mapping({**name, "file": _mapping(file)})


def _unescaped(name: str) -> str:
    for character, escape in ESCAPES.items():
        name = name.replace(escape, character)
    return name


def _body(data: bytes) -> yaml.Node:
    """Bytes as a text where they are one that YAML can hold, else in hexadecimal."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if data and (not text or "\r" in text or UNPRINTABLE.search(text)):
        return _sequence([_mapping({"hex": _scalar(data.hex())})])
    return _scalar(text)


def _written(point: Encode, answer: Ok | Rejected | None) -> dict[str, yaml.Node]:
    """The message that was written, or the refusal."""
    if isinstance(answer, Ok):
        message = message_from(point.surroundings["message"], answer.value)
        if message.closing:
            return {"parts": _sequence([*map(_part, message.units)], flow=False)}
        return {"body": _body(message.written())}
    return _rejects(point.rejection) if point.rejection else {}


# --- nodes --------------------------------------------------------------------------------------


def _value(value: notation.Value) -> yaml.Node:
    node = yaml_source.compose(notation.dump(value, width=90), "value")
    assert node is not None, "every value is written"
    return node


def _scalar(content: str | int | None) -> yaml.Node:
    if content is None:
        return yaml.ScalarNode(NULL, "null")
    if isinstance(content, int):
        return yaml.ScalarNode(NUMBER, str(content))
    is_block = "\n" in content and not UNPRINTABLE.search(content)
    return yaml.ScalarNode(STRING, content, style="|" if is_block else None)


def _mapping(fields: Mapping[str, yaml.Node], *, flow: bool = True) -> yaml.Node:
    pairs = [(yaml.ScalarNode(STRING, name), node) for name, node in fields.items()]
    return yaml.MappingNode(MAPPING, pairs, flow_style=flow)


def _sequence(items: list[yaml.Node], *, flow: bool = True) -> yaml.Node:
    return yaml.SequenceNode(SEQUENCE, items, flow_style=flow)
