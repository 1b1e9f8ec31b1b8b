"""Build the project in a folder, run a client program against it, and print the result."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from refimpl.application import Application, Failed, Settings, build
from refimpl.cli.show import show
from refimpl.modules.graph import MODULE_EXTENSIONS
from refimpl.source.diagnostics import render

if TYPE_CHECKING:
    import argparse

    from refimpl.calls.network import Event

#: A client program that hands back what the server sent.
DEFAULT_CLIENT = "export default received => received"
CLIENT_FILE = "(client).js"

#: Endings of the files a project is read for.
READ = {*MODULE_EXTENSIONS, ".json"}

#: Bytes of one message that the trace shows.
SHOWN_BYTES = 400


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of this command."""
    parser.add_argument("folder", metavar="DIR", help="the project")
    parser.add_argument(
        "entry",
        metavar="ENTRY",
        nargs="?",
        help="path#export on the server, whose value the client program gets",
    )
    parser.add_argument(
        "--client",
        metavar="FILE",
        help="the client program, a path inside DIR (its default export is called)",
    )
    parser.add_argument("--trace", action="store_true", help="print every message, in order")
    parser.add_argument("--development", action="store_true", help="tell the client about errors")
    parser.add_argument("--concurrent", action="store_true", help="send calls without waiting")
    parser.add_argument("--seed", type=int, default=0, help="for randomness and keys; default 0")
    parser.add_argument(
        "--schedule",
        type=_integers,
        default=(),
        metavar="N,N,…",
        help="which of several due tasks is next",
    )


def _integers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part)


def carry_out(options: argparse.Namespace) -> int:
    """Run the project; 0 with a result, 1 without one."""
    folder = Path(options.folder)
    if not folder.is_dir():
        print(f"{options.folder}: error[input.missing]: there is no such folder", file=sys.stderr)
        return 2
    files = project_files(folder)
    client = options.client or CLIENT_FILE
    files.setdefault(client, DEFAULT_CLIENT if options.client is None else "")
    if options.client and not files[client]:
        print(f"{client}: error[input.missing]: the folder has no such file", file=sys.stderr)
        return 2
    settings = Settings(
        options.development,
        not options.concurrent,
        options.schedule,
        options.seed,
        output=lambda line: print(line, file=sys.stderr),
    )
    return run(files, client, options.entry, settings, trace=options.trace)


def run(
    files: dict[str, str], client: str, entry: str | None, settings: Settings, *, trace: bool
) -> int:
    """Build, run, print."""
    application = None
    try:
        application = build(files, settings, [client], whole_packages=False)
        for warning in application.project.warnings:
            print(warning, file=sys.stderr)
        page = application.render(entry, []) if entry else None
        application.load_functions_of_client()
        value = application.run_client(client, page)
    except Failed as failed:
        _print_trace(application, trace=trace)
        print_failure(failed, application, files)
        return 1
    _print_trace(application, trace=trace)
    print(application.client.ask(lambda: show(value)))
    application.close()
    return 0


def project_files(folder: Path) -> dict[str, str]:
    """The text files of a project by their paths inside it."""
    files = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if (
            path.is_file()
            and not any(part.startswith(".") for part in inside.parts)
            and path.suffix in READ
        ):
            try:
                files[inside.as_posix()] = path.read_text(encoding="utf-8-sig")
            except (UnicodeDecodeError, OSError):
                continue
    return files


def _print_trace(application: Application | None, *, trace: bool) -> None:
    if application is not None and trace:
        for event in application.network.trace:
            print(_traced(event, application))


def _traced(event: Event, application: Application) -> str:
    message = event.message
    moment = event.moment - application.network.beginning
    headers = json.dumps(message.headers, sort_keys=True)
    body = event.body[:SHOWN_BYTES].decode("utf-8", "replace").replace("\n", "⏎")
    more = "…" if len(event.body) > SHOWN_BYTES else ""
    start = message.method if hasattr(message, "method") else str(message.status)
    return f"{moment:8.1f} ms  {event.what} {event.call}: {start} {headers} {body}{more}"


def print_failure(failed: Failed, application: Application | None, files: dict[str, str]) -> None:
    """Say why a project or a run failed."""
    print(f"error[{failed.phase}/{failed.code}]: {failed}", file=sys.stderr)
    if failed.diagnostic is not None and failed.diagnostic.source_name in files:
        from refimpl.source.text import Source  # noqa: PLC0415 - only a failed compilation needs it

        source = Source(failed.diagnostic.source_name, files[failed.diagnostic.source_name])
        print(render(failed.diagnostic, source), file=sys.stderr)
    if application is not None:
        for line in application.endpoint.log:
            print(
                f"server log: {line.digest} {line.phase}/{line.code} {line.description}",
                file=sys.stderr,
            )
