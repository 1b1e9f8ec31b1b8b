"""One side with its realm: `side.value(text)` is what an expression evaluates to."""

import pytest

from refimpl.calls.world import Side
from refimpl.language.agent import Agent
from refimpl.language.errors import Throw
from refimpl.language.realm import Realm
from refimpl.language.scripts import script_evaluation
from refimpl.source import load
from refimpl.source.text import Source
from refimpl.values import model
from refimpl.values.contract import ARGUMENTS
from refimpl.values.revive import Revival
from refimpl.values.snapshot import Snapshot


class NoReferences:
    """Takes no note of errors, and knows no references."""

    def note_error(self, made, error):
        pass


class OneSide:
    """A side that knows no references; what fails while it is followed is in `failures`."""

    def __init__(self):
        agent = Agent()
        self.side = Side("test", agent, Realm(agent))
        self.failures = []

    def value(self, text):
        """The value of an expression."""
        realm = self.side.realm
        source = Source("value.js", f"globalThis.value = ({text})")
        with self.side.agent.enter(realm):
            script_evaluation(realm, load(source, "script"), source)
            return realm.global_object.get("value", realm.global_object)

    def failed(self, obstacle):
        """Note what failed later."""
        thrown = isinstance(obstacle, Throw)
        self.failures.append("thrown" if thrown else obstacle.code)
        return model.Error(message="failed")

    def snapshot(self, value, direction=ARGUMENTS, *, development=False):
        """The model of a value, after the jobs that following it takes."""
        taken = []
        copying = Snapshot(
            lambda function: None,  # noqa: ARG005 - no function is a reference
            direction,
            self.failed,
            development=development,
        )
        self.side.run(lambda: taken.append(copying.take(value)))
        return taken[0]

    def revive(self, value):
        """The guest value of a model."""
        return self.side.ask(lambda: Revival(NoReferences()).make(value))

    def model(self, text, direction=ARGUMENTS, **options):
        """The model of an expression's value."""
        return self.snapshot(self.value(text), direction, **options)

    def tell(self, text, value):
        """What a guest function makes of a value that arrived: the model of its result."""
        function = self.value(text)
        made = self.revive(value)
        return self.snapshot(self.side.ask(lambda: function.call(made, [made])))


@pytest.fixture
def side():
    """One side, closed when the test ends."""
    made = OneSide()
    yield made
    made.side.ask(made.side.agent.close)
