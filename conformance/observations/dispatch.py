"""Observation point `dispatch`: raw requests to a running project, and what each of them sets off.

Rules of this module:

* The runner never knows an id. A request names a function, or where a reference stands in the value
  of the entry, and the adapter fills in the id; `{id}` in a literal id stands for it.
* What ran is seen through the project itself: `watch` names an export of a module that the
  functions write to, and its value is reported after every answer.
* A family is several requests with one verdict, which names the first member that fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance import notation
from conformance.observations.answers import EXPECTED, Answer, Expectation, read_headers
from conformance.observations.family import read_family
from conformance.observations.observation import (
    Mismatch,
    Observation,
    expect,
    unexpected_rejection,
)
from conformance.observations.program import read_program
from conformance.protocol import Ok

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.protocol import Hello, Rejected, Request
    from conformance.written import Written

#: What a case says of the running project, besides the requests.
PROGRAM = frozenset({"entry", "args", "mode", "seed"})


def _arguments(written: Written) -> Any:
    written.items()
    return notation.encode(written.value())


_CAPTURES: Mapping[str, Callable[[Written], Any]] = {
    "of": lambda written: written.text(),
    "change": lambda written: written.integer(),
    "drop": lambda written: written.integer(),
    "append": lambda written: written.text(),
    "replace": lambda written: written.text_or_null(),
}


def _captures(written: Written) -> dict[str, Any]:
    return {name: _CAPTURES[name](field) for name, field in written.fields(_CAPTURES).items()}


#: The fields of a request, as Annex C describes them.
READERS: Mapping[str, Callable[[Written], Any]] = {
    "function": lambda written: written.text(),
    "reference": lambda written: written.text(),
    "id": lambda written: written.text(),
    "again": lambda written: written.integer(),
    "method": lambda written: written.text(),
    "headers": read_headers,
    "args": _arguments,
    "fill": lambda written: written.integer(),
    "captures": _captures,
    "body": lambda written: written.text(),
    "drop": lambda written: written.integer(),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Some requests of which the same is expected: one, or the members of a family."""

    requests: tuple[Mapping[str, Any], ...]
    #: What tells the members apart, for people.
    names: tuple[str, ...]
    expected: Expectation

    @classmethod
    def read(cls, written: Written) -> Step:
        """One item of `requests`."""
        fields = written.fields({*READERS, *EXPECTED, "family"})
        if ("result" in fields) == ("rejects" in fields):
            written.refuse("missing-field", "a request has either a result or rejects")
        if not fields.keys() & {"function", "reference", "id", "again", "family"}:
            written.refuse("missing-field", "a request names a function, a reference or an id")
        request = {name: read(fields[name]) for name, read in READERS.items() if name in fields}
        requests, names = [request], [""]
        if "family" in fields:
            field, values = read_family(fields["family"], READERS)
            requests = [{**request, field: value} for value in values]
            names = [f" ({field} {value!r:.60})" for value in values]
        return cls(tuple(requests), tuple(names), Expectation.read(fields))


@dataclass(frozen=True, slots=True)
class Dispatch(Observation):
    """Requests in their order, and what is expected of each."""

    name: ClassVar[str] = "dispatch"

    program: Mapping[str, Any]
    steps: tuple[Step, ...]

    @classmethod
    def read(cls, written: Written) -> Dispatch:
        """`{entry, args, mode, seed, allow, watch, requests}`."""
        fields = written.fields(PROGRAM | {"allow", "watch", "requests"}, required=("requests",))
        program = read_program({name: fields[name] for name in PROGRAM & fields.keys()})
        if "allow" in fields:
            program["allow"] = list(fields["allow"].texts())
        if "watch" in fields:
            program["watch"] = fields["watch"].text()
        steps = tuple(Step.read(item) for item in fields["requests"].items())
        if any(step.expected.ran for step in steps) and "watch" not in fields:
            written.refuse("missing-field", "what ran is seen through the export named by watch")
        return cls(program, steps)

    @property
    def rejects(self) -> bool:
        """Whether some request has to be refused."""
        return any(step.expected.rejection for step in self.steps)

    def named_places(self) -> Iterator[tuple[str, int | None]]:
        """The modules of the entry, of what is watched, and of the functions."""
        yield from Observation.named_places(self)
        names = [self.program.get("watch")]
        names += [request.get("function") for step in self.steps for request in step.requests]
        yield from ((name.partition("#")[0], None) for name in names if name)

    def request(self, files: Mapping[str, str]) -> Request:
        """Send the requests, one after the other."""
        requests = [request for step in self.steps for request in step.requests]
        return {"op": "dispatch", "files": dict(files), **self.program, "requests": requests}

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | None:  # noqa: ARG002  (the same for everybody)
        """Compare the answers with what is expected, in order."""
        if not isinstance(reply, Ok):
            return unexpected_rejection(reply, "answers to the requests")
        expect(isinstance(reply.value, dict), "the ok of dispatch is an object")
        answers = reply.value.get("answers")
        sent = sum(len(step.requests) for step in self.steps)
        expect(
            isinstance(answers, list) and len(answers) == sent,
            f'the ok of dispatch is {{"answers": […]}}, one for each of {sent} requests',
        )
        read = [Answer.read(answer) for answer in answers]
        for number, step in enumerate(self.steps, start=1):
            own, read = read[: len(step.requests)], read[len(step.requests) :]
            if found := step.expected.judge(own, step.names, str(number)):
                return found
        return None

    def written_out(self) -> str:
        """The requests and what is expected of each, a line per step, for SPEC.md."""
        return "\n".join(map(_step_line, self.steps))


def _step_line(step: Step) -> str:
    request, expected = dict(step.requests[0]), step.expected
    members = f" (and {len(step.requests) - 1} like it)" if len(step.requests) > 1 else ""
    shown = ", ".join(f"{name}: {notation.dump(value).strip()}" for name, value in request.items())
    outcome = notation.dump(expected.result).strip()
    if expected.rejection:
        outcome = f"rejected {expected.rejection}"
    ran = f"; watched: {notation.dump(expected.ran[0]).strip()}" if expected.ran else ""
    return f"{shown}{members}\n  → {outcome}{ran}"
