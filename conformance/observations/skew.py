"""Observation point `skew`: a client of one build calls the server of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.observations.observation import Mismatch, Observation, Rejection
from conformance.observations.program import FIELDS, read_program
from conformance.observations.run import judge_ending, read_ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.notation import Value
    from conformance.protocol import Hello, Ok, Rejected, Request
    from conformance.written import Written

#: What became of the key that captures are sealed with: it is the same in both builds; the new
#: build has another and lists the old one; the new build knows only another.
KEYS = ("kept", "rotated", "replaced")


@dataclass(frozen=True, slots=True)
class Skew(Observation):
    """The files that differ in the new build, and how the old build's client program ends."""

    name: ClassVar[str] = "skew"

    program: Mapping[str, Any]
    #: By path: the text in the new build, or None where the file is gone.
    after: Mapping[str, str | None]
    result: Value
    rejection: Rejection | None

    @classmethod
    def read(cls, written: Written) -> Skew:
        """`{entry, args, client, after, keys, result}` or `rejects` instead of `result`."""
        known = FIELDS | {"after", "keys", "result", "rejects"}
        fields = written.fields(known, required=("client", "after"))
        program = read_program(fields)
        if "keys" in fields:
            program["keys"] = fields["keys"].one_of(KEYS)
        after = {path: field.text_or_null() for path, field in fields["after"].entries()}
        return cls(program, after, *read_ending(written, fields))

    @property
    def rejects(self) -> bool:
        """Whether the program has to be refused."""
        return self.rejection is not None

    def named_places(self) -> Iterator[tuple[str, int | None]]:
        """The module of the entry, and the files that are gone."""
        yield from Observation.named_places(self)
        yield from ((path, None) for path, text in self.after.items() if text is None)

    def request(self, files: Mapping[str, str]) -> Request:
        """Build both, render with the old, then call the new."""
        changed = {**files, **self.after}
        after = {path: text for path, text in changed.items() if text is not None}
        return {
            "op": "skew",
            "files": dict(files),
            "after": after,
            "entry": None,
            **self.program,
        }

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | None:  # noqa: ARG002  (the same for everybody)
        """Compare the result, or the refusal."""
        return judge_ending(reply, self.result, self.rejection)
