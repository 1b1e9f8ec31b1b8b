"""What all observation points have in common.

Rules of this module:

* `request` builds a message from the program alone. Nothing that is expected goes into it.
* `judge` sees a reply whose outer shape was checked. What is inside is checked as it is read;
  a wrong shape is a `Violation`, never a Python exception of another kind and never a mismatch.
* A mismatch carries a stable code, so that a known failure can say how a case fails.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from conformance import protocol
from conformance.protocol import Ok, Rejected, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.protocol import Hello, Request, Unsupported
    from conformance.written import Written


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What an implementation showed is not what the case expects."""

    code: str
    summary: str
    expected: str
    seen: str
    #: The file and line of the program that the implementation named, for the caret.
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Observation(ABC):
    """One observation point of one case: what to ask, and what has to be seen."""

    name: ClassVar[str]
    #: Whether what is asked is about the files of the case.
    needs_project: ClassVar[bool] = True

    @classmethod
    @abstractmethod
    def read(cls, written: Written) -> Self:
        """The observation point an author wrote."""

    @abstractmethod
    def request(self, files: Mapping[str, str]) -> Request:
        """What the implementation is asked."""

    @abstractmethod
    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | Unsupported | None:
        """What is wrong with the reply, or None when it is as expected."""

    @property
    def is_family(self) -> bool:
        """Whether many questions have one verdict."""
        return False

    def members(self) -> Iterator[Observation]:
        """What is asked, one after the other: this alone, unless it is a family."""
        yield self

    def shown(self) -> Mapping[str, str]:
        """What people have to see besides the files, by title."""
        return {}

    def named_places(self) -> Iterator[tuple[str, int | None]]:
        """The files of the case, with a line where one is named, that the expectation is about."""
        entry = self.request({}).get("entry")
        if entry:
            yield entry.partition("#")[0], None

    @property
    def rejects(self) -> bool:
        """Whether the case expects a refusal here."""
        return False

    @property
    def needs(self) -> frozenset[str]:
        """The capabilities without which there is no use in asking."""
        return frozenset({self.name})


@dataclass(frozen=True, slots=True)
class Rejection:
    """An expected refusal: in one of some phases, with one of some codes."""

    phases: tuple[str, ...]
    codes: tuple[str, ...]
    file: str | None = None
    line: int | None = None

    @classmethod
    def read(cls, written: Written, phases: tuple[str, ...] = ()) -> Rejection:
        """What stands under `rejects`; `phases` is given where it goes without saying."""
        known = {"code", "file", "line"} | (set() if phases else {"phase"})
        fields = written.fields(known, required=known - {"file", "line"})
        if not phases:
            phases = fields["phase"].texts()
            for phase in phases:
                if phase not in protocol.PHASES:
                    known_phases = ", ".join(protocol.PHASES)
                    reason = f"{phase!r} is no phase; phases are {known_phases}"
                    fields["phase"].refuse("invalid-value", reason)
        return cls(
            phases,
            fields["code"].texts(),
            fields["file"].text() if "file" in fields else None,
            fields["line"].integer() if "line" in fields else None,
        )

    def named_places(self) -> Iterator[tuple[str, int | None]]:
        """The place, if it is stated with its file."""
        if self.file:
            yield self.file, self.line

    def __str__(self) -> str:
        """`compile/syntax at page.jsx:3`, with alternatives joined by `|`."""
        place = place_words(self.file, self.line)
        return f"{'|'.join(self.phases)}/{'|'.join(self.codes)}{place}"

    def judge(self, reply: Ok | Rejected) -> Mismatch | None:
        """What is wrong with a reply that has to be this refusal."""
        expected = f"rejected {self}"
        if isinstance(reply, Ok):
            summary = "the program was accepted, it has to be rejected"
            return Mismatch("accepted", summary, expected, f"ok {protocol.shown(reply.value)}")
        seen = described(reply)
        if reply.phase not in self.phases or not any(
            matches_code(reply.code, code) for code in self.codes
        ):
            summary = "it was rejected, but not in the expected phase with the expected code"
            code = f"rejected:{reply.phase}/{reply.code}"
            return Mismatch(code, summary, expected, seen, reply.file, reply.line)
        if (self.file and reply.file != self.file) or (self.line and reply.line != self.line):
            summary = "the refusal names another place"
            return Mismatch("other-place", summary, expected, seen, reply.file, reply.line)
        return None


def place_words(file: str | None, line: int | None) -> str:
    """` at page.jsx:3`, or as much of it as is known."""
    if file:
        return f" at {file}:{line}" if line else f" at {file}"
    return f" on line {line}" if line else ""


def unexpected_rejection(reply: Rejected, expected: str) -> Mismatch:
    """A refusal where the case expects the program to work."""
    summary = "the program was rejected, it has to be accepted"
    code = f"rejected:{reply.phase}/{reply.code}"
    return Mismatch(code, summary, expected, described(reply), reply.file, reply.line)


def described(reply: Rejected) -> str:
    """A refusal with its message, which is shown and never compared."""
    return f"rejected {reply}" + (f"\n{reply.message}" if reply.message else "")


def matches_code(code: str, expected: str) -> bool:
    """Whether `code` is `expected` or a refinement of it."""
    return code == expected or code.startswith(f"{expected}.")


def expect(condition: object, what: str) -> None:
    """End the judging with a violation of the protocol unless the condition holds."""
    if not condition:
        raise Violation(what)
