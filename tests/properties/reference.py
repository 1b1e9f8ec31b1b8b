"""What the properties ask of the reference, and how much they may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import settings

from conformance.adapters.refimpl import Reference
from refimpl.application import Application, Settings, build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.fuzz.generators.programs import Program

REFERENCE = Reference()


def budget(share: int) -> settings:
    """So many examples of every hundred that the profile allows."""
    return settings(max_examples=settings().max_examples * share // 100)


def compiled(files: Mapping[str, str]) -> dict[str, Any]:
    """The compile observation, without the lines of diagnostics."""
    found = REFERENCE.compile(files)
    for module in found.values():
        for diagnostic in module["diagnostics"]:
            del diagnostic["line"]
    return found


def functions(found: dict[str, Any], program: Program) -> dict[str, Any]:
    """The server functions of a compile observation, in the modules of which the program knows."""
    return {path: found[path]["functions"] for path in program.compiled()}


def result(program: Program, files: Mapping[str, str], **how: Any) -> Any:
    """What the client program ends with."""
    given = {"entry": program.entry, "client": program.client()} | how
    return REFERENCE.run(files=files, **given)["result"]


def ran(program: Program, settings: Settings, client: str | None = None) -> Application:
    """The program after a run, to be looked into."""
    files = {**program.files(), "client.js": client or program.client()}
    application = build(files, settings, ["client.js"])
    page = application.render(program.entry, [])
    application.load_functions_of_client()
    application.run_client("client.js", page)
    return application
