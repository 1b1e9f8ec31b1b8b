"""Break one clause of the reference at a time and show which cases notice.

    python tests/strength/break_clauses.py            # the table
    python tests/strength/break_clauses.py NAME       # one defect, with pytest's own output

Each defect is the reference with exactly one thing wrong, named for its vice and tied to the clause
it violates. It counts as caught when a case of that very clause fails.
"""

from __future__ import annotations

# ruff: noqa: PLC0415, T201 - a script that prints, and breaks what it has just loaded
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
DEFECTS: dict[str, tuple[str, Callable[[], None]]] = {}


def defect(clause: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that breaks `clause` when it is called."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        DEFECTS[function.__name__] = clause, function
        return function

    return register


@defect("directive.escapes")
def compares_cooked_string() -> None:
    from refimpl.modules import kinds
    from refimpl.source.literals import unescape

    def directive(prologue, text):
        return next((member for member in prologue if unescape(member.raw) == text), None)

    replace(kinds.directive, directive)


@defect("directive.exact")
def ignores_case() -> None:
    from refimpl.modules import kinds

    def directive(prologue, text):
        return next((member for member in prologue if member.raw.lower() == text), None)

    replace(kinds.directive, directive)


@defect("module.conflict")
def lets_both_directives_stand() -> None:
    from refimpl.modules import kinds

    replace(kinds.conflict, lambda _source, _prologue: None)


@defect("export.value.fixed")
def takes_the_last_registration() -> None:
    from refimpl.references.registry import Registry

    def object_of(self, entry):
        from refimpl.references.registration import export_value

        module = self.modules.get(entry.path)
        if module is None or entry.function.where == "inline":
            return self._objects.get(entry.id)
        return export_value(module, entry.function.name)

    from refimpl.references.registration import Registration

    evaluated = Registration.evaluated

    def noting(self, module):
        self.registry.__dict__.setdefault("modules", {})[module.name] = module
        evaluated(self, module)

    Registration.evaluated = noting
    Registry.object_of = object_of


@defect("export.load")
def never_examines_exports() -> None:
    from refimpl.references.registration import Registration

    Registration.examine = lambda _self, _entry, _value: None


@defect("capture.at-creation")
def captures_at_the_call() -> None:
    from refimpl.functions import creation

    create, fresh_of = (
        creation.create_server_function,
        creation.ServerFunctionObject.call_environment,
    )

    def creating(definition, node, environment, name, new_captured):
        made = create(definition, node, environment, name, new_captured)
        LATE[made] = environment
        return made

    def call_environment(self):
        made = fresh_of(self)
        for capture in self.definition.captures:
            if self in LATE:
                made.bindings[capture.name] = LATE[self].lookup(capture.name)
        return made

    LATE = {}  # noqa: N806 - the table of one broken run
    replace(create, creating)
    creation.ServerFunctionObject.call_environment = call_environment


@defect("capture.unused")
def captures_too_much() -> None:
    from refimpl.functions import captures as module

    original = module.captures

    def captures(place):
        scope = place.function.scope.parent
        extra = []
        while scope is not None and scope.kind not in module.MODULE_SCOPES:
            extra += [module.Capture(name, constant=False) for name in scope.bindings]
            scope = scope.parent
        known = original(place)
        names = {capture.name for capture in (*known, *module.own_names(place))}
        return (*known, *(each for each in extra if each.name not in names))

    replace(original, captures)


@defect("reference.bind.again")
def binds_in_reverse() -> None:
    from refimpl.values import snapshot

    original = snapshot.unbound

    def unbound(function):
        target, bound = original(function)
        return target, bound[::-1]

    replace(original, unbound)


@defect("call.error.redacted")
def leaks_error_message() -> None:
    from refimpl.calls.endpoint import Endpoint

    failed = Endpoint.failed

    def leaking(self, *details):
        self.development = True
        return failed(self, *details)

    Endpoint.failed = leaking


@defect("call.order.sequential")
def sends_calls_at_once() -> None:
    from refimpl.calls.client import Client

    send_next = Client.send_next

    def concurrent(self):
        self.sequential = False
        send_next(self)

    Client.send_next = concurrent


@defect("call.arguments.sharing")
def copies_shared_objects_twice() -> None:
    from refimpl.values.snapshot import Snapshot

    Snapshot.remember = lambda _self, _value, made: made


@defect("capture.write.const")
def lets_constants_change() -> None:
    from refimpl.functions import captures

    captures.CONSTANT_KINDS = frozenset()


def replace(old: object, new: object) -> None:
    """Put `new` in the place of `old` in every module of the reference that names it."""
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").startswith("refimpl"):
            for name, value in [*vars(module).items()]:
                if value is old:
                    setattr(module, name, new)


class Breaking:
    """The pytest plugin that breaks the reference before anything is collected."""

    def __init__(self, name: str) -> None:
        self.break_it = DEFECTS[name][1]

    def pytest_collection(self) -> None:
        """Load what is to be broken, and break it."""
        import conformance.adapters.refimpl  # noqa: F401

        self.break_it()


def run_one(name: str, report: Path | None = None) -> int:
    """Run the corpus against the reference with one defect."""
    options = ["--impl=refimpl", "-q", "--tb=no", "--no-header", "-p", "no:cacheprovider"]
    written = ["--report", str(report)] if report else []
    return int(pytest.main([str(ROOT / "conformance"), *options, *written], [Breaking(name)]))


def failing_clauses(report: Path) -> list[str]:
    """The clause of every item that neither passed nor was left out."""
    found = json.loads(report.read_text(encoding="utf-8"))
    return [
        item["clause"]
        for item in found["results"]
        if item["verdict"] not in {"pass", "not-applicable"}
    ]


def table() -> int:
    """Break each clause in a process of its own; 1 when a defect is not caught by its own clause."""
    missed = 0
    print(f"{'defect':32}{'clause':26}{'failing items':>14}{'of its clause':>15}")
    for name, (clause, _) in DEFECTS.items():
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            command = [sys.executable, __file__, name, str(report)]
            subprocess.run(command, check=False, capture_output=True, cwd=ROOT, timeout=600)
            failing = failing_clauses(report)
        own = sum(each == clause for each in failing)
        missed += own == 0
        print(f"{name:32}{clause:26}{len(failing):14}{own:15}{'' if own else '   MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments:
        sys.exit(run_one(arguments[0], *map(Path, arguments[1:])))
    sys.exit(table())
