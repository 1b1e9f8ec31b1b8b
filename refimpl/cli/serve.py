"""Serve the functions of the project in a folder over HTTP, for demonstration, on this machine only."""

from __future__ import annotations

import ipaddress
import secrets
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from refimpl.application import BEGINNING, Application, Failed, Settings, build
from refimpl.calls.admission import ORIGIN, Admission
from refimpl.calls.world import World
from refimpl.cli.run import print_failure, project_files
from refimpl.serving.asgi import Service

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of this command."""
    parser.add_argument("folder", metavar="DIR", help="the project")
    parser.add_argument("--host", default="127.0.0.1", help="the address; default 127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="0: any that is free; default 8000")
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="permit a --host that other machines can reach; there is no protection but the origin",
    )
    parser.add_argument(
        "--origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a further origin whose pages may call, as https://app.example; may be repeated",
    )
    parser.add_argument("--development", action="store_true", help="tell clients about errors")


def carry_out(options: argparse.Namespace) -> int:
    """Serve until interrupted; 1 if the project is at fault, 2 if the command cannot be done."""
    problem = wrong_usage(options)
    if problem is not None:
        return refuse(*problem)
    try:
        import uvicorn  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError:
        return refuse("missing", "uvicorn: pip install 'use-server-conformance[serve]'")
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        text = f"{options.host}:{options.port}: {error.strerror}; another --port may be free"
        return refuse("address", text)
    with listener:
        origin = origin_of(options.host, listener.getsockname()[1])
        application = started(options, origin)
        if application is None:
            return 1
        service = Service(application, lambda: time.time() * 1000, say)
        announce(application, options.folder)
        config = uvicorn.Config(
            service, http="h11", lifespan="off", log_level="warning", proxy_headers=False
        )
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def wrong_usage(options: argparse.Namespace) -> tuple[str, str] | None:
    """What is wrong with the arguments, as a code and a text."""
    if not Path(options.folder).is_dir():
        return "missing", f"{options.folder}: there is no such folder"
    if not is_loopback(options.host) and not options.allow_remote:
        text = (
            f"{options.host} can be reached from other machines; add --allow-remote if you mean it"
        )
        return "remote", text
    for origin in options.origin:
        if not ORIGIN.fullmatch(origin):
            return "origin", f"{origin!r} is no origin; one is written as https://app.example"
    return None


def refuse(code: str, text: str) -> int:
    """Say why the command cannot be carried out."""
    say(f"error[input.{code}]: {text}")
    return 2


def say(line: str) -> None:
    """Tell whoever started the server."""
    print(line, file=sys.stderr, flush=True)


def is_loopback(host: str) -> bool:
    """Whether an address is one that only this machine reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens, so that a port that is taken is known before anything starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def origin_of(host: str, port: int) -> str:
    """The origin of the pages at an address."""
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}" if port == 80 else f"http://{named}:{port}"


def started(options: argparse.Namespace, origin: str) -> Application | None:
    """The project with its server modules loaded; None when it is at fault, which is said."""
    files = project_files(Path(options.folder))
    settings = Settings(
        options.development,
        seed=secrets.randbits(128),
        keys=(secrets.token_bytes(32),),
        output=say,
        admission=Admission(origin, frozenset(options.origin)),
    )
    application = None
    try:
        application = build(files, settings, world=World(now=max(BEGINNING, time.time() * 1000)))
        application.load_all_server_modules()
    except Failed as failed:
        print_failure(failed, application, files)
        return None
    return application


def announce(application: Application, folder: str) -> None:
    """Say where the functions are."""
    print(f"{folder} is served at {application.settings.admission.origin}/ (Ctrl+C ends it)")
    for entry in sorted(application.registry.entries.values(), key=lambda entry: entry.name):
        print(f"  {entry.id}  {entry.name}")
    sys.stdout.flush()
