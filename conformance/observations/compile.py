"""Observation point `compile`: module kinds, server functions, captures and diagnostics.

Rules of this module:

* What the case states is compared; a file or a field that it leaves out is not.
* Functions are compared in source order, diagnostics as a set, captures in any order, each once.
* Captures can only be seen with the capability `compile.captures`. Without it everything else is
  compared, and if that is right the point is unsupported, never passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.observations.observation import (
    Mismatch,
    Observation,
    Rejection,
    expect,
    matches_code,
    unexpected_rejection,
)
from conformance.protocol import Ok, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.protocol import Hello, Rejected, Request
    from conformance.written import Written

KINDS = ("none", "server", "client")
PLACES = ("export", "inline")
SEVERITIES = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Function:
    """An expected server function."""

    where: str
    #: A tuple of no or one name: a function may have to have none.
    name: tuple[str | None, ...] = ()
    captures: frozenset[str] | None = None

    def __str__(self) -> str:
        """As in a reply."""
        return _function_line(self.where, self.name, self.captures)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An expected diagnostic."""

    code: str
    line: int | None = None
    severity: str | None = None

    def __str__(self) -> str:
        """As in a reply."""
        return _diagnostic_line(self.code, self.line, self.severity)

    def matches(self, seen: Mapping[str, Any]) -> bool:
        """Whether a reported diagnostic is this one."""
        return (
            matches_code(seen["code"], self.code)
            and self.line in (None, seen.get("line"))
            and self.severity in (None, seen.get("severity"))
        )


@dataclass(frozen=True, slots=True)
class File:
    """What is expected of one file."""

    kind: str | None = None
    functions: tuple[Function, ...] | None = None
    diagnostics: tuple[Diagnostic, ...] | None = None


@dataclass(frozen=True, slots=True)
class Compile(Observation):
    """What compiling shows, file by file, or the refusal."""

    name: ClassVar[str] = "compile"

    files: Mapping[str, File]
    rejection: Rejection | None

    @classmethod
    def read(cls, written: Written) -> Compile:
        """`{path: {kind, functions, diagnostics}}` or `{rejects: {code, file, line}}`."""
        fields = dict(written.entries())
        if "rejects" in fields:
            written.fields({"rejects"})
            return cls({}, Rejection.read(fields["rejects"], phases=("compile",)))
        if not fields:
            written.refuse("missing-field", "compile states nothing")
        return cls({path: _read_file(field) for path, field in fields.items()}, None)

    @property
    def rejects(self) -> bool:
        """Whether the files have to be refused."""
        return self.rejection is not None

    def named_places(self) -> Iterator[tuple[str, int | None]]:
        """The files that anything is expected of, the lines of diagnostics, and of the refusal."""
        for path, file in self.files.items():
            yield path, None
            yield from ((path, diagnostic.line) for diagnostic in file.diagnostics or ())
        if self.rejection:
            yield from self.rejection.named_places()

    def request(self, files: Mapping[str, str]) -> Request:
        """Compile the files."""
        return {"op": "compile", "files": dict(files)}

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | Unsupported | None:
        """Compare what is stated, file by file."""
        if self.rejection:
            return self.rejection.judge(reply)
        if not isinstance(reply, Ok):
            return unexpected_rejection(reply, self.written_out())
        expect(isinstance(reply.value, dict), "the ok of compile is an object of files")
        sees_captures = "compile.captures" in hello.capabilities
        for path, expected in self.files.items():
            if path not in reply.value:
                summary = f"nothing is said about {path}"
                return Mismatch("missing-file", summary, path, "\n".join(reply.value) or "(none)")
            if mismatch := _judge_file(path, expected, reply.value[path], sees_captures):
                return mismatch
        if not sees_captures and self.states_captures():
            return Unsupported("captures cannot be seen; all else is as expected")
        return None

    def states_captures(self) -> bool:
        """Whether the case says anything about captures."""
        functions = (f for file in self.files.values() for f in file.functions or ())
        return any(function.captures is not None for function in functions)

    def written_out(self) -> str:
        """What is expected, a line per fact."""
        return "\n".join(
            f"{path}: {'; '.join(_facts(file)) or 'anything'}" for path, file in self.files.items()
        )


def _facts(file: File) -> Iterator[str]:
    if file.kind:
        yield f"kind {file.kind}"
    if file.functions is not None:
        yield f"functions {', '.join(map(str, file.functions)) or 'none'}"
    if file.diagnostics is not None:
        yield f"diagnostics {', '.join(map(str, file.diagnostics)) or 'none'}"


def _read_file(written: Written) -> File:
    fields = written.fields({"kind", "functions", "diagnostics"})
    return File(
        fields["kind"].one_of(KINDS) if "kind" in fields else None,
        _read_all(fields.get("functions"), _read_function),
        _read_all(fields.get("diagnostics"), _read_diagnostic),
    )


def _read_all(written: Written | None, read: Any) -> Any:
    return None if written is None else tuple(read(item) for item in written.items())


def _read_function(written: Written) -> Function:
    fields = written.fields({"where", "name", "captures"}, required=("where",))
    captures = fields.get("captures")
    return Function(
        fields["where"].one_of(PLACES),
        (fields["name"].text_or_null(),) if "name" in fields else (),
        None if captures is None else frozenset(item.text() for item in captures.items()),
    )


def _read_diagnostic(written: Written) -> Diagnostic:
    fields = written.fields({"code", "line", "severity"}, required=("code",))
    return Diagnostic(
        fields["code"].text(),
        fields["line"].integer() if "line" in fields else None,
        fields["severity"].one_of(SEVERITIES) if "severity" in fields else None,
    )


def _judge_file(path: str, expected: File, seen: Any, sees_captures: bool) -> Mismatch | None:
    expect(isinstance(seen, dict), f"what compile says about {path} is not an object")
    kind, functions, diagnostics = (seen.get(key) for key in ("kind", "functions", "diagnostics"))
    expect(kind in KINDS, f"the kind of {path} is {kind!r}, not one of {', '.join(KINDS)}")
    _check_functions(path, functions)
    _check_diagnostics(path, diagnostics)
    if expected.kind not in (None, kind):
        summary = f"{path} has to be of kind {expected.kind}, it is of kind {kind}"
        return Mismatch("different-kind", summary, f"kind {expected.kind}", f"kind {kind}")
    if mismatch := _judge_functions(path, expected.functions, functions, sees_captures):
        return mismatch
    return _judge_diagnostics(path, expected.diagnostics, diagnostics)


def _judge_functions(
    path: str, expected: tuple[Function, ...] | None, seen: Any, sees_captures: bool
) -> Mismatch | None:
    if expected is None:
        return None
    shown = "\n".join(map(str, expected)) or "(no server functions)"
    actual = "\n".join(map(_seen_function, seen)) or "(no server functions)"
    if len(expected) != len(seen):
        summary = f"{path} has to have {len(expected)} server functions, it has {len(seen)}"
        return Mismatch("different-functions", summary, shown, actual)
    for ours, theirs in zip(expected, seen, strict=True):
        same_name = not ours.name or ours.name[0] == theirs.get("name")
        if ours.where != theirs["where"] or not same_name:
            summary = f"a server function of {path} is another one"
            return Mismatch("different-functions", summary, shown, actual)
    for ours, theirs in zip(expected, seen, strict=True):
        if not sees_captures or ours.captures is None:
            continue
        if sorted(ours.captures) != sorted(theirs.get("captures") or ()):
            summary = f"a server function of {path} captures something else"
            return Mismatch("different-captures", summary, shown, actual)
    return None


def _judge_diagnostics(
    path: str, expected: tuple[Diagnostic, ...] | None, seen: list[Any]
) -> Mismatch | None:
    if expected is None:
        return None
    left = list(seen)
    for diagnostic in expected:
        found = next((item for item in left if diagnostic.matches(item)), None)
        if found is None:
            return _different_diagnostics(f"{path} lacks {diagnostic}", expected, seen)
        left.remove(found)
    if left:
        extra = _seen_diagnostic(left[0])
        return _different_diagnostics(f"{path} has {extra} too many", expected, seen, path, left[0])
    return None


def _different_diagnostics(
    summary: str,
    expected: tuple[Diagnostic, ...],
    seen: list[Any],
    path: str | None = None,
    at: Mapping[str, Any] | None = None,
) -> Mismatch:
    return Mismatch(
        "different-diagnostics",
        summary,
        "\n".join(map(str, expected)) or "(no diagnostics)",
        "\n".join(map(_seen_diagnostic, seen)) or "(no diagnostics)",
        path,
        at.get("line") if at else None,
    )


def _check_functions(path: str, functions: Any) -> None:
    expect(isinstance(functions, list), f"the functions of {path} are not a list")
    for function in functions:
        expect(isinstance(function, dict), f"a function of {path} is not an object")
        where, name = function.get("where"), function.get("name")
        expect(where in PLACES, f"a function of {path} is at {where!r}, not export or inline")
        expect(name is None or isinstance(name, str), f"a function of {path} is named {name!r}")
        captures = function.get("captures") or []
        is_texts = isinstance(captures, list) and all(isinstance(item, str) for item in captures)
        expect(is_texts, f"the captures of a function of {path} are not a list of names")


def _check_diagnostics(path: str, diagnostics: Any) -> None:
    expect(isinstance(diagnostics, list), f"the diagnostics of {path} are not a list")
    for diagnostic in diagnostics:
        expect(isinstance(diagnostic, dict), f"a diagnostic of {path} is not an object")
        code, line = diagnostic.get("code"), diagnostic.get("line")
        expect(isinstance(code, str), f"a diagnostic of {path} has the code {code!r}")
        expect(line is None or isinstance(line, int), f"a diagnostic of {path} is on line {line!r}")


def _seen_function(seen: Mapping[str, Any]) -> str:
    return _function_line(seen["where"], (seen.get("name"),), seen.get("captures"))


def _seen_diagnostic(seen: Mapping[str, Any]) -> str:
    return _diagnostic_line(seen["code"], seen.get("line"), seen.get("severity"))


def _function_line(where: str, name: tuple[str | None, ...], captures: Any) -> str:
    shown_name = f" {name[0] or '(no name)'}" if name else ""
    shown_captures = "" if captures is None else f" captures [{', '.join(sorted(captures))}]"
    return f"{where}{shown_name}{shown_captures}"


def _diagnostic_line(code: str, line: int | None, severity: str | None) -> str:
    return f"{severity or 'diagnostic'} {code}" + (f" on line {line}" if line else "")
