"""The messages between the runner and an adapter, version 1.

Rules of this module:

* A request is JSON data with an `op`. It never holds an id, a title, a clause or an expectation.
* A reply is `ok`, `rejected` or `unsupported`, and nothing else. Refusing a program is a reply;
  an adapter that exits or raises has crashed.
* Everything that arrives is checked here before anyone looks at it. What breaks the protocol is
  a `Violation` that says what is wrong and, where it can be guessed, how to put it right.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import jsonschema

import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.choices import Choice

VERSION = 1
PHASES = ("compile", "load", "encode", "decode", "dispatch", "call")
#: What an adapter may say it can do. A dotted one refines the operation before the dot, or, for
#: `encode` and `decode`, names the message that it can be asked for.
CAPABILITIES = (
    "compile",
    "compile.captures",
    "run",
    "run.faults",
    "run.signal",
    "exposes",
    "withholds",
    "dispatch",
    "skew",
    "forms",
    "encode.arguments",
    "encode.result",
    "decode.arguments",
    "decode.result",
)

JSON: TypeAlias = Any
Request: TypeAlias = dict[str, Any]


class Violation(Exception):  # noqa: N818  (named like the protocol's own term)
    """A message breaks the protocol."""


@dataclass(frozen=True, slots=True)
class Ok:
    """The implementation did what was asked; `value` is what it observed."""

    value: JSON


@dataclass(frozen=True, slots=True)
class Rejected:
    """The implementation refused the program, the value or the message."""

    phase: str
    code: str
    message: str = ""
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """`compile/syntax at page.jsx:3`."""
        place = f" at {self.file}" if self.file else ""
        place += f":{self.line}" if place and self.line else ""
        return f"{self.phase}/{self.code}{place}"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The adapter cannot ask the implementation this."""

    why: str


Reply: TypeAlias = Ok | Rejected | Unsupported


@dataclass(frozen=True, slots=True)
class Hello:
    """How an implementation introduces itself."""

    name: str
    version: str
    capabilities: frozenset[str] = frozenset()
    choices: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> JSON:
        """For the report."""
        return {
            "name": self.name,
            "version": self.version,
            "capabilities": sorted(self.capabilities),
            "choices": dict(sorted(self.choices.items())),
        }


def hello() -> Request:
    """The first request of every conversation."""
    return {"op": "hello", "protocol": VERSION}


def read_reply(data: JSON) -> Reply:
    """The reply a message is."""
    if not isinstance(data, dict):
        raise Violation(f"a reply is an object, not {shown(data)}")
    kinds = [kind for kind in ("ok", "rejected", "unsupported") if kind in data]
    if len(kinds) != 1 or data.keys() - {kinds[0], "seq"}:
        keys = ", ".join(sorted(map(repr, data.keys() - {"seq"}))) or "nothing"
        raise Violation(f"a reply has one of ok, rejected and unsupported; this one has {keys}")
    if kinds == ["ok"]:
        return Ok(data["ok"])
    if kinds == ["rejected"]:
        return _rejected(data["rejected"])
    why = _field(data["unsupported"], "unsupported", "why", str)
    return Unsupported(why)


def _rejected(data: JSON) -> Rejected:
    phase = _field(data, "rejected", "phase", str)
    if phase not in PHASES:
        raise Violation(f"rejected.phase is {phase!r}, not one of {', '.join(PHASES)}")
    code = _field(data, "rejected", "code", str)
    if not code:
        raise Violation("rejected.code is empty")
    message = _field(data, "rejected", "message", str, default="")
    file = _field(data, "rejected", "file", str, default=None)
    return Rejected(phase, code, message, file, _field(data, "rejected", "line", int, default=None))


_REQUIRED = object()


def _field(data: JSON, owner: str, name: str, kind: type, default: Any = _REQUIRED) -> Any:
    """A field of a given type; null counts as left out where there is a default."""
    if not isinstance(data, dict):
        raise Violation(f"{owner} is {shown(data)}, not an object")
    found = data.get(name)
    if found is None and default is not _REQUIRED:
        return default
    if not isinstance(found, kind) or isinstance(found, bool):
        raise Violation(f"{owner}.{name} is {shown(found)}, not {_TYPE_NAMES[kind]}")
    return found


_TYPE_NAMES = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


def read_hello(reply: Reply, choices: Mapping[str, Choice]) -> Hello:
    """What the implementation says about itself, checked against what can be said."""
    if not isinstance(reply, Ok):
        raise Violation(f"hello was answered with {reply}, not with ok")
    data = reply.value
    name = _field(data, "hello", "name", str)
    version = _field(data, "hello", "version", str)
    capabilities = _field(data, "hello", "capabilities", list)
    for capability in capabilities:
        if capability not in CAPABILITIES:
            known = ", ".join(CAPABILITIES)
            raise Violation(f"the capability {shown(capability)} is unknown; known are {known}")
    declared = _field(data, "hello", "choices", dict, default={})
    for choice, option in declared.items():
        _check_choice(choice, option, choices)
    return Hello(name, version, frozenset(capabilities), declared)


def _check_choice(choice: str, option: JSON, choices: Mapping[str, Choice]) -> None:
    if choice not in choices:
        raise Violation(f"the choice {choice!r} is unknown; known are {', '.join(choices)}")
    if not isinstance(option, str) or option not in choices[choice].options:
        known = ", ".join(choices[choice].options)
        raise Violation(f"the choice {choice} has no option {shown(option)}; it has {known}")


def shown(data: JSON) -> str:
    """JSON data, cut to a readable length."""
    try:
        text = json.dumps(data)
    except (TypeError, ValueError, RecursionError):
        text = f"a Python {type(data).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


@functools.cache
def _validator(definition: str) -> jsonschema.Draft202012Validator:
    definitions = json.loads(spec.read("protocol.schema.json"))["$defs"]
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": definitions})


def check_schema(definition: str, data: JSON) -> None:
    """Hold a message against the published schema: exact, and too slow for every run."""
    error = jsonschema.exceptions.best_match(_validator(definition).iter_errors(data))
    if error is not None:
        raise Violation(f"{definition} at {error.json_path}: {error.message}")
