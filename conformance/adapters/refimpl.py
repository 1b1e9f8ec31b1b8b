"""The adapter of the reference: it asks `refimpl` what the suite asks any implementation."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from conformance.adapters import Refusal, from_class, wire
from conformance.adapters.forms import browser
from conformance.adapters.gathering import gather
from conformance.adapters.observation import observe, supply
from conformance.adapters.requests import Requester
from conformance.notation import tagged
from conformance.protocol import CAPABILITIES
from refimpl import __version__
from refimpl.application import Application, Failed, Settings, build
from refimpl.calls.admission import Admission
from refimpl.calls.faults import Fault
from refimpl.functions.project import compile_project
from refimpl.references.sealing import KEY_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refimpl.calls.world import World
    from refimpl.functions.compilation import ServerFunction
    from refimpl.functions.project import Project
    from refimpl.source.diagnostics import Diagnostic

#: Keys of two builds, for captures that one seals and the other opens.
OLD_KEY, NEW_KEY = (bytes([number]) * KEY_BYTES for number in (1, 2))
NEW_KEYS = {"kept": (OLD_KEY,), "rotated": (NEW_KEY, OLD_KEY), "replaced": (NEW_KEY,)}

#: The path of a client program that has none of its own.
CLIENT_FILE = "client.js"


class Reference:
    """One method per operation of the adapter protocol."""

    name = "refimpl"
    version = __version__
    capabilities = CAPABILITIES
    choices = {  # noqa: RUF012 - a constant of the class
        "misplaced-directive": "warning",
        "export-not-async": "compile-error",
        "re-export": "register",
        "async-generator": "register",
        "capture-granularity": "binding",
        "capture-snapshot": "creation",
        "dispatch-order": "sequential",
        "inline-directive": "supported",
        "wire-profile": "react-19.3",
        "decode-codes": "exact",
    }

    def compile(self, files: Mapping[str, str]) -> dict[str, Any]:
        """The kind, the server functions and the diagnostics of every module."""
        project = compile_project(files)
        if project.errors:
            _refuse_compilation(project.errors[0])
        return {path: _compiled(project, path) for path in project.modules}

    def run(
        self,
        *,
        files: Mapping[str, str],
        client: str,
        entry: str | None = None,
        args: list[Any] | None = None,
        client_file: str = CLIENT_FILE,
        mode: str = "production",
        schedule: list[int] | None = None,
        seed: int = 0,
        faults: list[dict[str, Any]] | None = None,
        host: str | None = None,
    ) -> dict[str, Any]:
        """The value the client program ends with."""
        settings = _settings(mode, schedule, seed, faults or [])
        settings = replace(settings, signals=host is not None)
        application = _built({**files, client_file: client}, settings, [client_file])
        try:
            return _ended(application, client_file, entry, args)
        except Failed as failed:
            _refuse(failed)
        finally:
            application.close()

    def dispatch(
        self,
        *,
        files: Mapping[str, str],
        requests: list[dict[str, Any]],
        entry: str | None = None,
        args: list[Any] | None = None,
        mode: str = "production",
        seed: int = 0,
        allow: list[str] | None = None,
        watch: str | None = None,
    ) -> dict[str, Any]:
        """The answers to raw requests, and what they set off."""
        admission = Admission(allowed_origins=frozenset(allow or ()))
        settings = replace(_settings(mode, None, seed), admission=admission)
        application = _built(files, settings, [])
        try:
            page = application.render(entry, supply(args or [])) if entry else None
            application.load_all_server_modules()
            requester = Requester(application, page)
            return {"answers": [requester.send(request, watch) for request in requests]}
        except Failed as failed:
            _refuse(failed)
        finally:
            application.close()

    def forms(
        self,
        *,
        files: Mapping[str, str],
        entry: str,
        page: list[dict[str, Any]],
        submissions: list[dict[str, Any]],
        javascript: bool,
        args: list[Any] | None = None,
        mode: str = "production",
        seed: int = 0,
        allow: list[str] | None = None,
        watch: str | None = None,
    ) -> dict[str, Any]:
        """What submissions of the forms of a page set off."""
        admission = Admission(allowed_origins=frozenset(allow or ()))
        settings = replace(_settings(mode, None, seed), admission=admission)
        application = _built(files, settings, [])
        try:
            requester = Requester(application, application.render(entry, supply(args or [])))
            application.load_all_server_modules()
            visitor = browser(requester, page, javascript=javascript)
            return {"answers": [visitor.submit(wanted, watch) for wanted in submissions]}
        except Failed as failed:
            _refuse(failed)
        finally:
            application.close()

    def skew(
        self,
        *,
        files: Mapping[str, str],
        after: Mapping[str, str],
        client: str,
        keys: str = "kept",
        entry: str | None = None,
        args: list[Any] | None = None,
        client_file: str = CLIENT_FILE,
        mode: str = "production",
        schedule: list[int] | None = None,
        seed: int = 0,
    ) -> dict[str, Any]:
        """The value the client program of the old build ends with when the new build answers."""
        settings = replace(_settings(mode, schedule, seed), keys=(OLD_KEY,))
        old = _built({**files, client_file: client}, settings, [client_file])
        settings = replace(settings, keys=NEW_KEYS[keys], seed=seed + 1)
        new = _built(after, settings, [], old.world)
        try:
            old.served_by(new)
            if entry and entry.partition("#")[0] in after:
                new.load_server(entry.partition("#")[0])
            new.load_all_server_modules()
            return _ended(old, client_file, entry, args)
        except Failed as failed:
            _refuse(failed)
        finally:
            old.close()
            new.close()

    def exposes(self, files: Mapping[str, str], entry: str | None = None) -> dict[str, Any]:
        """The functions a client can call."""
        application = _built(files, Settings(), [])
        try:
            if entry is not None:
                application.load_server(entry.partition("#")[0])
            application.load_all_server_modules()
            return {"functions": application.exposes()}
        except Failed as failed:
            _refuse(failed)
        finally:
            application.close()

    def withholds(
        self,
        *,
        files: Mapping[str, str],
        entry: str | None = None,
        args: list[Any] | None = None,
        client: str | None = None,
        client_file: str = CLIENT_FILE,
    ) -> dict[str, Any]:
        """Every byte the client is given: its modules, and the responses."""
        program = {client_file: client} if client is not None else {}
        application = _built({**files, **program}, Settings(), [*program])
        try:
            if client is not None:
                _run(application, client_file, entry, args)
            elif entry is not None:
                application.render(entry, [])
            application.run_out()
        except Failed as failed:
            if failed.phase == "compile":
                _refuse(failed)
        finally:
            application.close()
        given = application.given_to_client()
        return {"artifacts": {name: _artifact(content) for name, content in given.items()}}

    def encode(
        self,
        *,
        message: str,
        value: Any,
        references: list[str] | None = None,  # noqa: ARG002  (a codec asks no registry)
        clients: list[str] | None = None,  # noqa: ARG002  (likewise)
        mode: str = "production",
    ) -> dict[str, Any]:
        """The message for a value."""
        return wire.encode(message, value, mode)

    def decode(
        self,
        *,
        message: str,
        body: Any,
        type: str | None = None,  # noqa: A002  (the protocol's name)
        split: list[int] | None = None,
        limits: Mapping[str, int] | None = None,
        references: list[str] | None = None,  # noqa: ARG002  (a codec asks no registry)
        clients: list[str] | None = None,  # noqa: ARG002  (likewise)
        mode: str = "production",  # noqa: ARG002  (a decoder reads both)
    ) -> dict[str, Any]:
        """The value in a message."""
        return wire.decode(message, body, type, split or [], limits or {})


def _settings(
    mode: str, schedule: list[int] | None, seed: int, faults: list[dict[str, Any]] | None = None
) -> Settings:
    suffered = [
        Fault(
            fault["call"],
            fault.get("message", "request"),
            fault["do"],
            fault.get("at", 0),
            fault.get("piece"),
        )
        for fault in faults or ()
        if fault["do"] != "cancel"
    ]
    cancels = [
        (fault["call"], float(fault.get("at", 0)))
        for fault in faults or ()
        if fault["do"] == "cancel"
    ]
    return Settings(
        mode == "development",
        schedule=tuple(schedule or ()),
        seed=seed,
        faults=tuple(suffered),
        cancels=tuple(cancels),
    )


def _built(
    files: Mapping[str, str], settings: Settings, roots: list[str], world: World | None = None
) -> Application:
    try:
        return build(files, settings, roots, world=world)
    except Failed as failed:
        _refuse(failed)


def _ended(
    application: Application, client_file: str, entry: str | None, args: list[Any] | None
) -> dict[str, Any]:
    """How a client program ended, seen on the client."""
    value = _run(application, client_file, entry, args)
    gathered = gather(application, value)
    with application.client.agent.enter(application.client.realm):
        observed = observe(value, application.client.realm, gathered)
    return {"result": tagged.encode(observed)}


def _run(
    application: Application, client_file: str, entry: str | None, args: list[Any] | None
) -> Any:
    page = application.render(entry, supply(args or [])) if entry else None
    application.load_functions_of_client()
    return application.run_client(client_file, page)


def _artifact(content: bytes) -> Any:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def _compiled(project: Project, path: str) -> dict[str, Any]:
    module = project.modules[path]
    return {
        "kind": str(module.kind),
        "functions": [_function(function) for function in project.server_functions(path)],
        "diagnostics": [
            {"code": found.code, "line": found.line, "severity": found.severity}
            for found in module.diagnostics
        ],
    }


def _function(function: ServerFunction) -> dict[str, Any]:
    return {
        "where": function.where,
        "name": function.name,
        "captures": [capture.name for capture in function.captures],
    }


def _refuse_compilation(error: Diagnostic) -> NoReturn:
    raise Refusal("compile", error.code, error.message, error.source_name, error.line)


def _refuse(failed: Failed) -> NoReturn:
    if failed.diagnostic is not None:
        _refuse_compilation(failed.diagnostic)
    raise Refusal(failed.phase, failed.code, str(failed))


conformance_adapter = from_class(Reference)
