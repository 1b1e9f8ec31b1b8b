"""A project put together: files in; a server, a client and the network between them out.

Rules of this module:

* Nothing is evaluated before the whole project has compiled.
* The server evaluates the entry, then every server module that client code imports; only then
  does the client program start.
* Whatever goes wrong ends in one `Failed`, with the phase and the code of SPEC.md Annex E.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from refimpl.calls.admission import Admission
from refimpl.calls.channel import SESSION_BYTES, Channel
from refimpl.calls.client import Client
from refimpl.calls.client_references import ClientReferences, StillLoading
from refimpl.calls.endpoint import SUCCESS, Endpoint
from refimpl.calls.messages import Response
from refimpl.calls.network import Network
from refimpl.calls.replay import Replays
from refimpl.calls.server_references import ServerReferences
from refimpl.calls.signals import call_with_signal
from refimpl.calls.world import Side, SideTimers, TooManyTasks, World
from refimpl.forms.submissions import Submissions
from refimpl.functions.project import Project, compile_project
from refimpl.language.agent import Agent, LimitExceeded, Limits, intrinsic
from refimpl.language.algorithms.utf16 import to_code_points
from refimpl.language.errors import ErrorObject, Throw, describe
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject, hidden, same_value
from refimpl.language.promises import perform_promise_then, promise_resolve
from refimpl.language.realm import Realm
from refimpl.language.values import Value, undefined
from refimpl.modules.kinds import ModuleKind
from refimpl.references.hosts import ClientHost, ProjectHost, ServerHost
from refimpl.references.registry import Registry
from refimpl.references.sealing import KEY_BYTES, Sealer
from refimpl.values.outcome import DecodeError, Rejected
from refimpl.values.revive import Revival
from refimpl.wire.codec import FlightCodec
from refimpl.wire.form_codec import FlightForms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from refimpl.calls.faults import Fault
    from refimpl.calls.messages import Silence
    from refimpl.language.environment import Environment
    from refimpl.language.modules import ModuleNamespace
    from refimpl.source.diagnostics import Diagnostic
    from refimpl.values import model
    from refimpl.values.outcome import Outcome

#: Milliseconds since the epoch at which every run begins: 2020-01-01T00:00:00Z.
BEGINNING = 1_577_836_800_000.0


class Failed(Exception):  # noqa: N818 - a way for a run to end, as a value would be
    """The run ended without a result; `phase` and `code` are those of SPEC.md Annex E."""

    def __init__(
        self, phase: str, code: str, message: str, diagnostic: Diagnostic | None = None
    ) -> None:
        super().__init__(message)
        self.phase = phase
        self.code = code
        self.diagnostic = diagnostic


@dataclass(frozen=True)
class Settings:
    """What a run depends on besides its files. The same settings give the same bytes."""

    development: bool = False
    sequential: bool = True
    schedule: tuple[int, ...] = ()
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    output: Callable[[str], None] = lambda line: None  # noqa: ARG005 - nobody listens
    admission: Admission = field(default_factory=Admission)
    faults: tuple[Fault, ...] = ()
    #: Calls the client's host cancels: the number of the call, and milliseconds after the start.
    cancels: tuple[tuple[int, float], ...] = ()
    #: Whether the client program gets one more argument, by which it makes calls with a signal.
    signals: bool = False
    #: The keys captures are sealed with: the first seals, each opens. None: one drawn by chance.
    keys: tuple[bytes, ...] | None = None


class Application:
    """One build of one project, running."""

    def __init__(self, project: Project, settings: Settings, world: World | None = None) -> None:
        if project.errors:
            first = project.errors[0]
            raise Failed("compile", first.code, str(first), first)
        self.project = project
        self.settings = settings
        chance = random.Random(settings.seed)  # noqa: S311 - a run is repeatable by design
        self.world = world or World(settings.schedule, BEGINNING)
        self.registry = Registry(project)
        drawn = (chance.randbytes(KEY_BYTES),)
        sealer = Sealer(drawn if settings.keys is None else settings.keys, chance.randbytes)
        self.server_references = ServerReferences(self.registry, sealer, self.module_scope)
        self.client_references = ClientReferences(self.client_export)
        output, timers = settings.output, SideTimers(self.world)
        self.server_host = ServerHost(
            project, self.registry, output, timers, self.server_references.new_captured
        )
        self.server = self._side("server", self.server_host, timers)
        timers = SideTimers(self.world)
        self.client_host = ClientHost(
            project, self.registry, output, timers, self.client_references.proxy
        )
        self.client = self._side("client", self.client_host, timers)
        codec = FlightCodec(
            development=settings.development, request_body=settings.admission.body_limit
        )
        self.network = Network(self.world, self.client, self.server, settings.faults)
        self.endpoint = Endpoint(
            self.server_references,
            self.server_host.evaluated,
            codec,
            lambda: chance.randbytes(5).hex(),
            development=settings.development,
            admission=settings.admission,
        )
        self.network.handle = Replays(self.endpoint.handle).handle
        forms = FlightForms(request_body=settings.admission.body_limit)
        self.submissions = Submissions(self.endpoint, forms)
        session = chance.randbytes(SESSION_BYTES).hex()
        self.channel = Channel(self.network, settings.admission.origin, session)
        self.caller = Client(
            self.channel, self.client_references, codec, sequential=settings.sequential
        )
        self.client_references.call = self.caller.call
        self.codec = codec
        self.page: Response | None = None
        #: The modules of the entries that were rendered.
        self.rendered: list[str] = []

    def _side(self, name: str, host: ProjectHost, timers: SideTimers) -> Side:
        agent = Agent(self.settings.limits, seed=self.settings.seed, now=self.world.now)
        host.realm = Realm(agent, host)
        timers.side = Side(name, agent, host.realm)
        timers.side.ask(self.define_process)
        return timers.side

    def define_process(self) -> None:
        """Define `process.env.NODE_ENV`, by which libraries tell production from development."""
        mode = "development" if self.settings.development else "production"
        env, process = (JSObject(intrinsic("%Object.prototype%")) for _ in range(2))
        env.props["NODE_ENV"] = mode
        process.props["env"] = env
        intrinsic("%globalThis%").props["process"] = hidden(process)

    def close(self) -> None:
        """Let go of everything that waits, without running any of it."""
        for side in (self.server, self.client):
            side.ask(side.agent.close)

    # --- modules --------------------------------------------------------------------------------

    def module_scope(self, path: str) -> Environment:
        """The scope of a module of the server, which has been evaluated."""
        return self.server_host.module(path).environment

    def client_export(self, path: str, name: str) -> Value:
        """An export of a client module, which is evaluated when it is first met.

        Clause: security.client.modules.
        """
        compiled = self.project.modules.get(path)
        if compiled is None or compiled.kind is not ModuleKind.CLIENT:
            raise DecodeError("malformed.kind", f"{path[:80]!r} is no client module")
        module = self.client_host.module(path)
        try:
            module.link()
        except Throw as thrown:
            self.client_host.import_failed(thrown.value, linking=True)
            raise
        evaluation = module.evaluate()
        if evaluation.state == "pending":
            raise StillLoading(path, evaluation)
        if evaluation.state == "rejected":
            evaluation.is_handled = True
            self.client_host.import_failed(evaluation.result, linking=False)
            raise Throw(evaluation.result)
        namespace = module.get_namespace()
        if not namespace.has_property(name):
            raise DecodeError("malformed.kind", f"{path[:80]!r} has no export {name[:80]!r}")
        return namespace.get(name, namespace)

    def load(self, side: Side, host: ProjectHost, path: str) -> ModuleNamespace:
        """Link and evaluate the module at `path` and everything it imports; its namespace.

        Clauses: module.evaluation-error, module.top-level-await, import.missing.
        """
        if path not in self.project.files:
            raise Failed("load", "module-not-found", f"there is no file {path}")

        def evaluate() -> Value:
            module = host.module(path)
            try:
                module.link()
            except Throw as thrown:
                _fail_load(host, thrown.value, linking=True)
            return module.evaluate()

        outcome = self.settled(side, evaluate)
        if isinstance(outcome, Throw):
            _fail_load(host, outcome.value, linking=False)
        return side.ask(host.module(path).get_namespace)

    def load_server(self, path: str) -> ModuleNamespace:
        """Load a module on the server."""
        return self.load(self.server, self.server_host, path)

    def load_functions_of_client(self) -> None:
        """Load the server modules that client code imports, as far as anything leads there."""
        reached = self.project.reached([*self.project.client_roots, *self.rendered])
        for path in self.project.client_graph():
            if path not in reached:
                continue
            module = self.project.modules.get(path)
            if module is not None and module.kind is ModuleKind.SERVER:
                self.load_server(path)

    # --- running --------------------------------------------------------------------------------

    def settled(self, side: Side, task: Callable[[], Value]) -> Value | Throw:
        """Run `task` on a side until the promise of its value settles."""
        settled: list[Value | Throw] = []

        def start() -> None:
            try:
                promise = promise_resolve(intrinsic("%Promise%"), task())
            except Throw as thrown:
                settled.append(thrown)
                return
            perform_promise_then(
                promise, settled.append, lambda reason: settled.append(Throw(reason))
            )

        self.run_until(side, start, lambda: bool(settled))
        return settled[0]

    def run_until(
        self, side: Side, start: Callable[[], object], finished: Callable[[], bool]
    ) -> None:
        """Run `start` on a side, and then the world until `finished` holds."""
        try:
            side.run(start)
            self.world.run(until=finished)
        except LimitExceeded as limit:
            raise Failed(
                "call", f"limit.{type(limit).__name__}", "the run exceeded a limit"
            ) from None
        except TooManyTasks as error:
            raise Failed("call", "limit.tasks", str(error)) from None
        if not finished():
            raise Failed("call", "pending", f"the {side.name} waits for something that never comes")

    def render(self, entry: str, arguments: Iterable[model.Value]) -> Response:
        """Evaluate `path#export` on the server; the response that carries its value.

        Clauses: call.result.reference, capture.unsupported.
        """
        path, _, name = entry.partition("#")
        self.rendered.append(path)
        namespace = self.load_server(path)
        if not namespace.has_property(name or "default"):
            raise Failed("load", "export-not-found", f"{path} has no export {name!r}")

        def evaluate() -> Value:
            value = namespace.get(name or "default", namespace)
            if not isinstance(value, FunctionObject):
                return value
            return value.call(undefined, Revival(self.server_references).make_all(arguments))

        outcome = self.settled(self.server, evaluate)
        if isinstance(outcome, Throw):
            raise Failed("call", "thrown", _text(outcome.value))
        responses: list[Response] = []
        self.run_until(
            self.server,
            lambda: responses.append(self.endpoint.fulfilled(outcome)),
            lambda: bool(responses),
        )
        self.page = responses[0]
        if self.page.status != SUCCESS:
            failure = self.endpoint.log[-1]
            raise Failed(failure.phase, failure.code, failure.description)
        return self.page

    def receive_page(self, page: Response) -> model.Value:
        """Carry the page to the client, as far as its root."""
        outcomes: list[Outcome] = []

        def received(response: Response | Silence) -> None:
            self.caller.read(response, outcomes.append)

        self.run_until(
            self.client, lambda: self.channel.open(page, received), lambda: bool(outcomes)
        )
        (outcome,) = outcomes
        if isinstance(outcome, Rejected):
            raise Failed(outcome.phase, outcome.code, outcome.message or "the page did not arrive")
        return outcome.value

    def revived(self, value: model.Value) -> Value:
        """The page as the client program gets it, when the client modules it leads to are there.

        Clauses: module.evaluation-error, module.top-level-await, import.missing.
        """
        made: list[Value | StillLoading] = []

        def revive() -> None:
            try:
                made.append(Revival(self.client_references).make(value))
            except DecodeError as error:
                raise Failed("decode", error.code, str(error)) from None
            except StillLoading as loading:
                made.append(loading)
            except Throw as thrown:
                _fail_load(self.client_host, thrown.value, linking=False)

        self.run_until(self.client, revive, lambda: bool(made))
        (found,) = made
        if isinstance(found, StillLoading):
            self.settled(self.client, lambda: found.evaluation)
            return self.revived(value)
        return found

    def run_client(self, path: str, page: Response | None) -> Value:
        """Evaluate the client program and call its default export with what the server sent."""
        received = [] if page is None else [self.revived(self.receive_page(page))]
        namespace = self.load(self.client, self.client_host, path)
        if not namespace.has_property("default"):
            raise Failed("load", "export-not-found", f"{path} has no default export")

        def start() -> Value:
            program = namespace.get("default", namespace)
            if not isinstance(program, FunctionObject):
                return program
            further = [call_with_signal(self.caller)] if self.settings.signals else []
            return program.call(undefined, [*received, *further])

        for number, delay in self.settings.cancels:
            cancel = partial(self.caller.cancel, number)
            self.world.after(delay, self.client, f"cancel {number}", cancel)
        outcome = self.settled(self.client, start)
        if isinstance(outcome, Throw):
            self.fail_call(outcome.value)
        return outcome

    def fail_call(self, error: Value) -> NoReturn:
        """End the run with what the client program threw. Clause: module.evaluation-error."""
        fault = self.client_references.faults.get(error) if isinstance(error, JSObject) else None
        if fault is not None:
            raise Failed(fault.phase, fault.code, _text(error))
        code = self.client_host.faults.get(error) if isinstance(error, ErrorObject) else None
        if code is not None:
            raise Failed("load", code, _text(error))
        by_module = any(same_value(error, thrown) for thrown in self.client_host.thrown)
        raise Failed("load" if by_module else "call", "thrown", _text(error))

    def load_all_server_modules(self) -> None:
        """Load every server module, reached or not."""
        for path, module in self.project.modules.items():
            if module.kind is ModuleKind.SERVER:
                self.load_server(path)

    def given_to_client(self) -> dict[str, bytes]:
        """Every byte a client is given, by what it is: modules, manifests, messages.

        Clauses: reference.withheld, import.by-client.text, security.bundles.
        """
        given: dict[str, bytes] = {}
        for path in self.project.client_graph():
            module = self.project.modules.get(path)
            if module is not None and module.kind is ModuleKind.SERVER:
                ids = {entry.function.name: entry.id for entry in self.registry.exports_of(path)}
                given[f"manifest {path}"] = json.dumps(ids).encode()
            else:
                given[f"module {path}"] = self.project.files[path].encode("utf-8", "surrogatepass")
        if self.page is not None:
            given["page"] = self.page.body.data
        for event in self.network.trace:
            if event.what == "response sent" and event.call > 0:
                name = f"response {event.call}"
                given[name] = given.get(name, b"") + event.body
        return given

    def run_out(self) -> None:
        """Let every response that was begun come to its end."""

        def ended() -> bool:
            messages = [event.message for event in self.network.trace]
            responses = [each for each in [*messages, self.page] if isinstance(each, Response)]
            return all(response.body.state != "open" for response in responses)

        self.world.run(until=ended)

    def served_by(self, other: Application) -> None:
        """Let the server of another build, in the same world, answer this build's client.

        Clauses: call.skew, call.skew.removed, call.skew.captures.
        """
        self.network.server = other.server
        self.network.handle = other.network.handle

    def exposes(self) -> list[str]:
        """The names of every callable function, sorted. Clause: registry.only."""
        return sorted(entry.name for entry in self.registry.entries.values())


def build(
    files: Mapping[str, str],
    settings: Settings,
    client_roots: Iterable[str] = (),
    *,
    whole_packages: bool = True,
    world: World | None = None,
) -> Application:
    """Compile `files` and set up both sides; raises `Failed` with phase compile."""
    project = compile_project(files, client_roots, whole_packages=whole_packages)
    return Application(project, settings, world)


def _fail_load(host: ProjectHost, error: Value, *, linking: bool) -> NoReturn:
    code = host.faults.get(error) if isinstance(error, ErrorObject) else None
    if code is None:
        code = "export-not-found" if linking else "thrown"
    raise Failed("load", code, _text(error))


def _text(value: Value) -> str:
    return to_code_points(describe(value))
