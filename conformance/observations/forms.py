"""Observation point `forms`: a page with forms, what the user submits, and what that sets off.

Rules of this module:

* What is asked is asked twice, with JavaScript and without, unless the case names one of them or
  describes a request that no program of the page makes.
* The runner never knows how an implementation names a function in a form; `{id}` stands for the id
  of the form's function where a case has to write such a field.
* What the function got is seen through the project itself: `watch` names an export it writes to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from conformance import notation
from conformance.observations.answers import (
    EXPECTED,
    Answer,
    Expectation,
    compare,
    decoded,
    read_headers,
)
from conformance.observations.controls import read_form
from conformance.observations.family import read_family
from conformance.observations.observation import (
    Mismatch,
    Observation,
    expect,
    unexpected_rejection,
)
from conformance.observations.program import read_program
from conformance.protocol import Ok, Unsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.notation import Value
    from conformance.protocol import JSON, Hello, Rejected, Request
    from conformance.written import Written

#: What a case says of the running project, besides its page.
PROGRAM = frozenset({"entry", "args", "mode", "seed"})
ENCODINGS = ("multipart/form-data", "application/x-www-form-urlencoded", "text/plain")


def _entries(written: Written) -> Any:
    """A list of names with a text or a file."""
    entries = [item.items() for item in written.items()]
    if any(len(pair) != 2 for pair in entries):
        written.refuse("wrong-type", "an entry is a name and a text or a file")
    return [[name.text(), notation.encode(content.value())] for name, content in entries]


#: What the user does, which a page does with JavaScript and without.
PRESSED: Mapping[str, Callable[[Written], Any]] = {
    "form": lambda written: written.integer(),
    "by": lambda written: written.text(),
    "at": lambda written: [item.integer() for item in written.items()],
}
#: What is otherwise in a request than a browser has it.
RAW: Mapping[str, Callable[[Written], Any]] = {
    "encoding": lambda written: written.one_of(ENCODINGS),
    "method": lambda written: written.text(),
    "headers": read_headers,
    "fields": _entries,
    "ahead": _entries,
    "behind": _entries,
    "tamper": lambda written: written.integer(),
    "repeat": lambda written: written.integer(),
    "fill": lambda written: written.integer(),
    "body": lambda written: written.text(),
    "drop": lambda written: written.integer(),
}
READERS = {**PRESSED, **RAW}
OWN = frozenset({"states", "url"})


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission, or the members of a family, of which the same is expected."""

    requests: tuple[Mapping[str, Any], ...]
    #: What tells the members apart, for people.
    names: tuple[str, ...]
    expected: Expectation
    #: No list or one: the states of the forms that have one, in order, as the page then has them.
    states: tuple[Value, ...]
    url: str | None

    @classmethod
    def read(cls, written: Written) -> Submission:
        """One item of `submissions`."""
        fields = written.fields({*READERS, *EXPECTED, *OWN, "family"} - {"result"})
        if not fields.keys() & {"rejects", "ran", "states", "url", "hides", "shows"}:
            written.refuse("missing-field", "nothing is expected of this submission")
        request = {name: read(fields[name]) for name, read in READERS.items() if name in fields}
        requests, names = [request], [""]
        if "family" in fields:
            field, values = read_family(fields["family"], READERS)
            requests = [{**request, field: value} for value in values]
            names = [f" ({field} {value!r:.60})" for value in values]
        return cls(
            tuple(requests),
            tuple(names),
            Expectation.read(fields),
            (fields["states"].value(),) if "states" in fields else (),
            fields["url"].text() if "url" in fields else None,
        )

    @property
    def is_raw(self) -> bool:
        """Whether no program of a page makes such a request."""
        return any(request.keys() & RAW.keys() for request in self.requests) or self.url is not None

    def judge(self, answers: list[JSON], position: str) -> Mismatch | None:
        """What is wrong with the answers."""
        read = [Answer.read(answer) for answer in answers]
        found = self.expected.judge(read, self.names, position)
        for answer in answers:
            found = found or self.judge_states(answer, position) or self.judge_url(answer, position)
        return found

    def judge_states(self, answer: JSON, position: str) -> Mismatch | None:
        """Whether the forms of the page have the states they have to have."""
        if not self.states:
            return None
        found = compare("different-state", self.states[0], decoded(answer.get("states")))
        summary = f"request {position}: the states of the forms differ"
        return None if found is None else replace(found, summary=f"{summary}: {found.summary}")

    def judge_url(self, answer: JSON, position: str) -> Mismatch | None:
        """Whether the browser went where it had to."""
        seen = answer.get("url")
        if self.url is None or seen == self.url:
            return None
        summary = f"request {position}: the form leads elsewhere"
        return Mismatch("different-url", summary, self.url, str(seen))


@dataclass(frozen=True, slots=True)
class Forms(Observation):
    """A page, what is submitted on it in order, and what is expected each time."""

    name: ClassVar[str] = "forms"

    program: Mapping[str, Any]
    submissions: tuple[Submission, ...]
    #: With JavaScript, without, or one after the other.
    scripting: tuple[bool, ...]

    @classmethod
    def read(cls, written: Written) -> Forms:
        """`{entry, args, mode, seed, allow, watch, page, submissions, javascript}`."""
        own = {"allow", "watch", "page", "submissions", "javascript"}
        fields = written.fields(PROGRAM | own, required=("entry", "page", "submissions"))
        program = read_program({name: fields[name] for name in PROGRAM & fields.keys()})
        program["page"] = [read_form(item) for item in fields["page"].items()]
        if "allow" in fields:
            program["allow"] = list(fields["allow"].texts())
        if "watch" in fields:
            program["watch"] = fields["watch"].text()
        submissions = tuple(Submission.read(item) for item in fields["submissions"].items())
        if any(item.expected.ran for item in submissions) and "watch" not in fields:
            written.refuse("missing-field", "what ran is seen through the export named by watch")
        scripting = (False,) if any(item.is_raw for item in submissions) else (False, True)
        if "javascript" in fields:
            chosen = fields["javascript"].value() is True
            if chosen not in scripting:
                fields["javascript"].refuse("invalid-value", "a raw request has no JavaScript")
            scripting = (chosen,)
        return cls(program, submissions, scripting)

    @property
    def rejects(self) -> bool:
        """Whether some submission has to be refused."""
        return any(item.expected.rejection for item in self.submissions)

    @property
    def is_family(self) -> bool:
        """Whether the same is asked with JavaScript and without."""
        return len(self.scripting) > 1

    def members(self) -> Iterator[Forms]:
        """The question with JavaScript, and without."""
        for scripting in self.scripting:
            yield replace(self, scripting=(scripting,))

    def named_places(self) -> Iterator[tuple[str, int | None]]:
        """The modules of the entry and of what is watched."""
        yield from Observation.named_places(self)
        if watch := self.program.get("watch"):
            yield watch.partition("#")[0], None

    def request(self, files: Mapping[str, str]) -> Request:
        """Submit, one after the other."""
        requests = [request for item in self.submissions for request in item.requests]
        return {
            "op": "forms",
            "files": dict(files),
            **self.program,
            "javascript": self.scripting[0],
            "submissions": requests,
        }

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | Unsupported | None:  # noqa: ARG002  (the same for everybody)
        """Compare the answers with what is expected, in order."""
        found = self.judge_answers(reply)
        if found is None or isinstance(found, Unsupported):
            return found
        how = "with" if self.scripting[0] else "without"
        return replace(found, summary=f"{how} JavaScript: {found.summary}")

    def judge_answers(self, reply: Ok | Rejected) -> Mismatch | Unsupported | None:
        """What is wrong with the reply."""
        if not isinstance(reply, Ok):
            return unexpected_rejection(reply, "answers to the submissions")
        expect(isinstance(reply.value, dict), "the ok of forms is an object")
        answers = reply.value.get("answers")
        sent = sum(len(item.requests) for item in self.submissions)
        expect(
            isinstance(answers, list) and len(answers) == sent,
            f'the ok of forms is {{"answers": […]}}, one for each of {sent} submissions',
        )
        for number, item in enumerate(self.submissions, start=1):
            own, answers = answers[: len(item.requests)], answers[len(item.requests) :]
            if item.expected.shows and not all("headers" in answer for answer in own):
                return Unsupported("the answers have no headers")
            if found := item.judge(own, str(number)):
                return found
        return None

    def written_out(self) -> str:
        """The page, the submissions and what is expected of each, for SPEC.md."""
        page = [
            f"form {number}: {_shown(form)}" for number, form in enumerate(self.program["page"])
        ]
        return "\n".join([*page, *map(_line, self.submissions)])


def _line(item: Submission) -> str:
    members = f" (and {len(item.requests) - 1} like it)" if len(item.requests) > 1 else ""
    expected = [f"rejected {item.expected.rejection}"] if item.expected.rejection else []
    expected += [f"watched: {notation.dump(value).strip()}" for value in item.expected.ran]
    expected += [f"states: {notation.dump(value).strip()}" for value in item.states]
    expected += [f"leads to {item.url}"] if item.url is not None else []
    request = _shown({"form": 0, **item.requests[0]})
    return f"submit {request}{members}\n  → {'; '.join(expected)}"


def _shown(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_json(value)}" for name, value in fields.items())


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
