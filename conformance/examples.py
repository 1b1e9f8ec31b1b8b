"""The generated parts of SPEC.md: examples from the corpus, grammars, and the table of choices.

Rules of this module:

* A generated part stands between two comments, ``<!-- example: id -->`` and ``<!-- /example -->``,
  ``<!-- grammar: file.lark -->`` (with rule names behind it: only those rules) and
  ``<!-- choices -->`` likewise. What is between them is written here and nowhere else.
* Writing what is already there changes nothing, so a difference is drift.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import spec
from conformance import notation
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
from conformance.problems import Place, Problem, Refused
from conformance.yaml_source import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conformance.case import Case
    from conformance.choices import Choice
    from conformance.observations.observation import Observation

BLOCK = re.compile(
    r"^<!-- (?P<kind>example|grammar|choices)(?:: (?P<subject>[^>]+?))? -->\n"
    r"(?P<content>.*?)^<!-- /(?P=kind) -->$",
    re.MULTILINE | re.DOTALL,
)
LANGUAGES = {".mjs": "js", ".cjs": "js", ".mts": "ts", ".cts": "ts"}
RULE = re.compile(r"^[?!]?(?P<name>_?[A-Za-z][A-Za-z0-9_]*)(?:\{[^}]*\})?(?:\.-?\d+)? *:")


def problems(
    path: Path, cases: Mapping[str, Case], choices: Mapping[str, Choice]
) -> Iterator[Problem]:
    """The generated parts that differ from what would be generated now."""
    text = read_text(path, path.name, "specification")
    for match in BLOCK.finditer(text):
        place = Place(path.name, text.count("\n", 0, match.start()) + 1)
        try:
            content = _content(match, cases, choices, place)
        except Refused as refused:
            yield refused.problem
            continue
        if content != match["content"]:
            subject = match["subject"] or match["kind"]
            message = f"the generated part {subject} is not what it is generated from"
            fix = "python -m conformance spec --write"
            yield Problem("specification.drift", message, place, fix)


def regenerated(text: str, cases: Mapping[str, Case], choices: Mapping[str, Choice]) -> str:
    """The specification with its generated parts written anew; what cannot be stays as it is."""

    def replacement(match: re.Match[str]) -> str:
        try:
            content = _content(match, cases, choices, Place("SPEC.md"))
        except Refused:
            return match[0]
        begin = match[0].partition("\n")[0]
        return f"{begin}\n{content}<!-- /{match['kind']} -->"

    return BLOCK.sub(replacement, text)


def _content(
    match: re.Match[str], cases: Mapping[str, Case], choices: Mapping[str, Choice], place: Place
) -> str:
    subject = match["subject"] or ""
    if match["kind"] == "choices":
        return "".join(_choices(choices))
    if match["kind"] == "grammar":
        return _grammar(subject, place)
    if subject not in cases:
        message = f"there is no case {subject}"
        raise Refused(Problem("specification.unknown-example", message, place))
    return "".join(_example(cases[subject]))


def _example(case: Case) -> Iterator[str]:
    """A case as Markdown: its claim, its files, what is observed."""
    yield f"*Example* `{case.id}`: {case.title}\n\n"
    yield from files_of(case)
    for observation in case.observations:
        yield from observed(observation)


def files_of(case: Case) -> Iterator[str]:
    """The files of a case as Markdown."""
    for path, text in case.files.items():
        yield f"`{path}`\n\n{_fenced(text, _language(path))}\n"


def observed(observation: Observation) -> Iterator[str]:
    """An observation point as Markdown: what is done, and what has to be seen."""
    program = observation.request({})
    if entry := program.get("entry"):
        yield f"Entry: `{entry}`\n\n"
    if client := program.get("client"):
        yield f"Client\n\n{_fenced(client, 'js')}\n"
    if isinstance(observation, Skew):
        yield from _new_build(observation)
    match observation:
        case Decode() | Encode():
            yield from _message(observation)
        case Run(rejection=None) | Skew(rejection=None):
            yield f"Result\n\n{_fenced(notation.dump(observation.result), 'yaml')}\n"
        case Compile(rejection=None):
            yield f"Compiled\n\n{_fenced(observation.written_out(), 'text')}\n"
        case Run() | Compile() | Skew():
            yield f"Rejected: `{observation.rejection}`\n\n"
        case Exposes():
            names = ", ".join(f"`{name}`" for name in observation.functions) or "nothing"
            yield f"Callable: {names}\n\n"
        case Withholds():
            names = ", ".join(f"`{canary}`" for canary in observation.canaries)
            yield f"Never on the client: {names}\n\n"
        case Forms():
            yield f"Page\n\n{_fenced(observation.written_out(), 'text')}\n"
        case Dispatch():
            yield f"Requests\n\n{_fenced(observation.written_out(), 'text')}\n"


def _message(observation: Decode | Encode) -> Iterator[str]:
    """A message beside its value, or why there is none."""
    for title, text in observation.shown().items():
        yield f"{title.capitalize()}\n\n{_fenced(text, 'text')}\n"
    if observation.rejection:
        yield f"Rejected: `{observation.rejection}`\n\n"
    elif isinstance(observation, Encode):
        yield f"Written\n\n{_fenced(chr(10).join(observation.lines), 'text')}\n"
    else:
        yield f"Value\n\n{_fenced(notation.dump(observation.value), 'yaml')}\n"


def _new_build(observation: Skew) -> Iterator[str]:
    for path, text in observation.after.items():
        shown = " is gone\n" if text is None else f"\n\n{_fenced(text, _language(path))}"
        yield f"In the new build `{path}`{shown}\n"


def _language(path: str) -> str:
    suffix = path[path.rfind(".") :]
    return LANGUAGES.get(suffix, suffix.removeprefix("."))


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def _choices(choices: Mapping[str, Choice]) -> Iterator[str]:
    yield "| choice | option | meaning |\n|---|---|---|\n"
    for choice in choices.values():
        yield f"| **`{choice.id}`** | | {choice.question} |\n"
        for option, meaning in choice.options.items():
            yield f"| | `{option}` | {meaning} |\n"


def _grammar(subject: str, place: Place) -> str:
    """A grammar file, or some rules of it with the comments above them."""
    name, *rules = subject.split()
    text = read_text(spec.path(name), name, "specification")
    if not rules:
        return _fenced(text, "lark")
    blocks = dict(_rules(text))
    for rule in rules:
        if rule not in blocks:
            message = f"{name} has no rule {rule}"
            raise Refused(Problem("specification.unknown-rule", message, place))
    return _fenced("\n".join(blocks[rule] for rule in rules), "lark")


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """The rules and terminals of a grammar: name, and text with the comments directly above."""
    comments: list[str] = []
    name, body = "", list[str]()
    for line in [*text.splitlines(), ""]:
        if name and (line.startswith((" ", "\t")) or line.lstrip().startswith("|")):
            body.append(line)
            continue
        if name:
            yield name, "\n".join(body).rstrip() + "\n"
            name = ""
        if match := RULE.match(line):
            name, body = match["name"], [*comments, line]
            comments = []
        elif line.startswith("//"):
            comments.append(line)
        else:
            comments = []
