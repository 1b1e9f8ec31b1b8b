"""What comes back for one request of several, and what can be expected of it.

`dispatch` and `forms` share this: both send requests to a running project one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance import notation
from conformance.observations.observation import (
    Mismatch,
    Rejection,
    expect,
    unexpected_rejection,
)
from conformance.presentation import difference_sentence
from conformance.protocol import Ok, Rejected, Violation, read_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.notation import Value
    from conformance.protocol import JSON
    from conformance.written import Written

EXPECTED = frozenset({"rejects", "result", "ran", "shows", "lacks", "hides", "alike"})


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
class Expectation:
    """What is expected of the answer to each member of a family, or to one request."""

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
    def read(cls, fields: Mapping[str, Written]) -> Expectation:
        """Those of the fields that say what is expected."""
        return cls(
            Rejection.read(fields["rejects"]) if "rejects" in fields else None,
            fields["result"].value() if "result" in fields else None,
            (fields["ran"].value(),) if "ran" in fields else (),
            _texts_by_header(fields.get("shows")),
            _texts_by_header(fields.get("lacks")),
            fields["hides"].texts() if "hides" in fields else (),
            "alike" in fields and fields["alike"].value() is True,
        )

    def judge(
        self, answers: list[Answer], names: tuple[str, ...], position: str
    ) -> Mismatch | None:
        """What is wrong with the answers; `names` tell the members of the family apart."""
        for answer, name in zip(answers, names, strict=True):
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
        return compare("different-value", self.result, decoded(answer.outcome.value))

    def judge_ran(self, answer: Answer) -> Mismatch | None:
        """Whether what is watched shows what ran."""
        if not self.ran:
            return None
        expect(answer.watched is not None, "an answer does not say what is watched")
        return compare("different-effect", self.ran[0], decoded(answer.watched))

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


def read_headers(written: Written) -> dict[str, Any]:
    """By name: a text, several (the field is sent as often), or null to send none."""
    return {
        name: [item.text() for item in field.items()] if field.is_list else field.text_or_null()
        for name, field in written.entries()
    }


def _texts_by_header(written: Written | None) -> dict[str, tuple[str, ...]]:
    return {} if written is None else {name: field.texts() for name, field in written.entries()}


def decoded(data: JSON) -> Value:
    """A value of the protocol."""
    try:
        return notation.decode(data)
    except notation.MalformedValue as error:
        raise Violation(f"not a value in tagged JSON: {error}") from None


def compare(code: str, expected: Value, seen: Value) -> Mismatch | None:
    """How a value differs from the expected one."""
    difference = notation.first_difference(expected, seen)
    if difference is None:
        return None
    what = "what is watched: " if code == "different-effect" else ""
    summary = f"{what}{difference_sentence(difference)}"
    return Mismatch(code, summary, notation.dump(expected), notation.dump(seen))
