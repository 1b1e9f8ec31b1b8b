"""A world for small programs: `run` gives what they print, `World` shows the inside."""

import pytest

from refimpl.language.agent import Agent, Limits
from refimpl.language.algorithms.utf16 import to_code_points
from refimpl.language.errors import Throw, throw_syntax_error
from refimpl.language.functions import create_builtin_function
from refimpl.language.host import Host
from refimpl.language.modules import SourceTextModule
from refimpl.language.objects import hidden
from refimpl.language.operations import to_string
from refimpl.language.realm import Realm
from refimpl.language.scripts import script_evaluation
from refimpl.language.values import undefined
from refimpl.source import load
from refimpl.source.text import Source


class RecordingHost(Host):
    """Modules are texts in a dict; what is printed and rejected is recorded."""

    def __init__(self, files=None):
        self.files = files or {}
        self.modules = {}
        self.printed = []
        self.rejections = []

    def print(self, text):
        self.printed.append(to_code_points(text))

    def promise_rejection(self, promise, operation):  # noqa: ARG002 - the hook's signature
        self.rejections.append(operation)

    def load_module(self, specifier, referrer, attributes):  # noqa: ARG002 - the hook's signature
        if specifier not in self.modules:
            if specifier not in self.files:
                throw_syntax_error(f"no module {specifier}")
            source = Source(specifier, self.files[specifier])
            self.modules[specifier] = SourceTextModule(self.realm, load(source), source)
        return self.modules[specifier]


class World:
    """One agent with one realm and a recording host."""

    def __init__(self, files=None, host=None, limits=None):
        self.host = host or RecordingHost(files)
        self.agent = Agent(limits or Limits())
        self.realm = self.host.realm = Realm(self.agent, self.host)
        with self.agent.enter(self.realm):
            self.define("print", lambda _, *values: self.print(values))

    def print(self, values):
        self.host.print(" ".join(map(to_string, values)))
        return undefined

    def define(self, name, behaviour):
        function = create_builtin_function(behaviour, 0, name)
        self.realm.global_object.props[name] = hidden(function)

    def script(self, text, name="script.js"):
        """Run a script and then its jobs."""
        source = Source(name, text)
        with self.agent.enter(self.realm):
            script_evaluation(self.realm, load(source, "script"), source)
            self.agent.run_jobs()
        return self.host.printed

    def module(self, name):
        """Link and evaluate a module and run the jobs; raises what it rejects with."""
        with self.agent.enter(self.realm):
            module = self.host.load_module(name, None, {})
            module.link()
            promise = module.evaluate()
            self.agent.run_jobs()
        if promise.state == "rejected":
            raise Throw(promise.result)
        return self.host.printed


@pytest.fixture
def world():
    """Make worlds that are closed when the test ends."""
    made = []

    def make(files=None, **options):
        made.append(World(files, **options))
        return made[-1]

    yield make
    for each in made:
        each.agent.close()


@pytest.fixture
def run(world):
    """Run a script; the lines it prints."""
    return lambda text, name="script.js": world().script(text, name)


@pytest.fixture
def load_all(world):
    """Evaluate the module `main.js` of some files; the lines they print."""
    return lambda files, main="main.js": world(files).module(main)


@pytest.fixture
def throws(world):
    """Run a script that throws; what it throws, in words."""

    def thrown(text):
        with pytest.raises(Throw) as caught:
            world().script(text)
        return str(caught.value)

    return thrown
