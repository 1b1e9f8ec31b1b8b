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
from conformance.observations.family import read_family
from conformance.observations.observation import (
    Mismatch,
    Observation,
    Rejection,
    expect,
    unexpected_rejection,
)
from conformance.observations.program import read_program
from conformance.presentation import difference_sentence
from conformance.protocol import Ok, Rejected, Violation, read_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.notation import Value
    from conformance.protocol import JSON, Hello, Request
    from conformance.written import Written

#: What a case says of the running project, besides the requests.
PROGRAM = frozenset({"entry", "args", "mode", "seed"})


def _arguments(written: Written) -> Any:
    written.items()
    return notation.encode(written.value())


def _headers(written: Written) -> dict[str, Any]:
    """By name: a text, several (the field is sent as often), or null to send none."""
    return {
        name: [item.text() for item in field.items()] if field.is_list else field.text_or_null()
        for name, field in written.entries()
    }


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
    "headers": _headers,
    "args": _arguments,
    "fill": lambda written: written.integer(),
    "captures": _captures,
    "body": lambda written: written.text(),
    "drop": lambda written: written.integer(),
}
EXPECTED = frozenset({"rejects", "result", "ran", "shows", "lacks", "hides", "alike"})


@dataclass(frozen=True, slots=True)
class Step:
    """Some requests of which the same is expected: one, or the members of a family."""

    requests: tuple[Mapping[str, Any], ...]
    #: What tells the members apart, for people.
    names: tuple[str, ...]
    rejection: Rejection | None
    result: Value
    #: No list or one: what `watch` has to show afterwards.
    ran: tuple[Value, ...]
    #: By header: texts that have to occur in its value, and texts that must not.
    shows: Mapping[str, tuple[str, ...]]
    lacks: Mapping[str, tuple[str, ...]]
    hides: tuple[str, ...]
    alike: bool

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
        return cls(
            tuple(requests),
            tuple(names),
            Rejection.read(fields["rejects"]) if "rejects" in fields else None,
            fields["result"].value() if "result" in fields else None,
            (fields["ran"].value(),) if "ran" in fields else (),
            _texts_by_header(fields.get("shows")),
            _texts_by_header(fields.get("lacks")),
            fields["hides"].texts() if "hides" in fields else (),
            "alike" in fields and fields["alike"].value() is True,
        )

    def judge(self, answers: list[Answer], position: str) -> Mismatch | None:
        """What is wrong with the answers to these requests."""
        for answer, name in zip(answers, self.names, strict=True):
            found = self.judge_one(answer)
            if found is None and self.alike and answer.sent != answers[0].sent:
                summary = "the answer differs from that to the first member of the family"
                found = Mismatch("not-alike", summary, str(answers[0].sent), str(answer.sent))
            if found is not None:
                where = f"request {position}{name}: {found.summary}"
                return Mismatch(found.code, where, found.expected, found.seen)
        return None

    def judge_one(self, answer: Answer) -> Mismatch | None:
        """What is wrong with one answer."""
        return (
            self.judge_outcome(answer)
            or self.judge_ran(answer)
            or self.judge_headers(answer)
            or self.judge_hidden(answer)
        )

    def judge_outcome(self, answer: Answer) -> Mismatch | None:
        """Whether it was carried out as expected, or refused."""
        if self.rejection:
            return self.rejection.judge(answer.outcome)
        if isinstance(answer.outcome, Rejected):
            return unexpected_rejection(answer.outcome, notation.dump(self.result))
        return _difference("different-value", self.result, _decoded(answer.outcome.value))

    def judge_ran(self, answer: Answer) -> Mismatch | None:
        """Whether what is watched shows what ran."""
        if not self.ran:
            return None
        expect(answer.watched is not None, "an answer does not say what is watched")
        return _difference("different-effect", self.ran[0], _decoded(answer.watched))

    def judge_headers(self, answer: Answer) -> Mismatch | None:
        """Whether the headers say what they have to."""
        headers = answer.sent[1]
        for wanted, by_header in ((True, self.shows), (False, self.lacks)):
            for name, texts in by_header.items():
                seen = str(headers.get(name, ""))
                for text in texts:
                    if not seen or (text.lower() in seen.lower()) is not wanted:
                        verb = "show" if wanted else "lack"
                        summary = f"the header {name} has to be there and to {verb} {text!r}"
                        return Mismatch("different-header", summary, text, seen or "(no header)")
        return None

    def judge_hidden(self, answer: Answer) -> Mismatch | None:
        """Whether something is shown that must not be."""
        shown = str(answer.sent)
        for text in self.hides:
            if text in shown:
                return Mismatch("leaks", f"the answer shows {text!r}", f"no {text}", shown)
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    outcome: Ok | Rejected
    #: Status, headers and body as they were sent, for comparing and searching.
    sent: tuple[Any, Mapping[str, Any], Any]
    watched: JSON

    @classmethod
    def read(cls, data: JSON) -> Answer:
        """`{outcome, status, headers, body, watched}`."""
        expect(isinstance(data, dict), "an answer is an object")
        outcome = read_reply(data.get("outcome"))
        if not isinstance(outcome, Ok | Rejected):
            raise Violation("the outcome of an answer is ok or rejected")
        headers = data.get("headers", {})
        expect(isinstance(headers, dict), "the headers of an answer are an object")
        return cls(outcome, (data.get("status"), headers, data.get("body")), data.get("watched"))


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
        if any(step.ran for step in steps) and "watch" not in fields:
            written.refuse("missing-field", "what ran is seen through the export named by watch")
        return cls(program, steps)

    @property
    def rejects(self) -> bool:
        """Whether some request has to be refused."""
        return any(step.rejection for step in self.steps)

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
            if found := step.judge(own, str(number)):
                return found
        return None

    def written_out(self) -> str:
        """The requests and what is expected of each, a line per step, for SPEC.md."""
        return "\n".join(map(_step_line, self.steps))


def _step_line(step: Step) -> str:
    request = dict(step.requests[0])
    members = f" (and {len(step.requests) - 1} like it)" if len(step.requests) > 1 else ""
    shown = ", ".join(f"{name}: {notation.dump(value).strip()}" for name, value in request.items())
    outcome = f"rejected {step.rejection}" if step.rejection else notation.dump(step.result).strip()
    ran = f"; watched: {notation.dump(step.ran[0]).strip()}" if step.ran else ""
    return f"{shown}{members}\n  → {outcome}{ran}"


def _texts_by_header(written: Written | None) -> dict[str, tuple[str, ...]]:
    return {} if written is None else {name: field.texts() for name, field in written.entries()}


def _decoded(data: JSON) -> Value:
    try:
        return notation.decode(data)
    except notation.MalformedValue as error:
        raise Violation(f"not a value in tagged JSON: {error}") from None


def _difference(code: str, expected: Value, seen: Value) -> Mismatch | None:
    difference = notation.first_difference(expected, seen)
    if difference is None:
        return None
    what = "what is watched: " if code == "different-effect" else ""
    summary = f"{what}{difference_sentence(difference)}"
    return Mismatch(code, summary, notation.dump(expected), notation.dump(seen))
