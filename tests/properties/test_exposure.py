"""What a client can call is in the declared exposure set, always, and nothing else can be called."""

from hypothesis import given
from hypothesis import strategies as st

from conformance.fuzz.generators.programs import Program, programs
from refimpl.application import Application, Settings
from refimpl.calls.messages import FUNCTION_HEADER
from refimpl.language.promises import perform_promise_then
from refimpl.language.values import Value, undefined
from tests.properties.reference import budget, ran


def refusal(application: Application, identifier: str) -> str | None:
    """The code with which the call of a made-up reference to `identifier` fails, if it does."""
    faults: list[str | None] = []

    def failed(error: Value) -> None:
        faults.append(application.client_references.faults[error].code)

    def start() -> None:
        promise = application.client_references.proxy(identifier).call(undefined, [])
        perform_promise_then(promise, lambda _: faults.append(None), failed)

    application.client.run(start)
    application.world.run()
    (fault,) = faults
    return fault


@budget(20)
@given(programs(), st.data())
def test_callable_and_declared_are_the_same_set(program: Program, data: st.DataObject):
    application = ran(program, Settings())
    entries = application.registry.entries
    called = [event.message for event in application.network.trace if event.what == "request sent"]

    assert {request.headers[FUNCTION_HEADER] for request in called} <= {*entries}
    assert program.exposes == sorted(entry.name for entry in entries.values())
    for identifier in entries:
        assert refusal(application, identifier) != "unknown-function"
    near = [
        other
        for known, entry in entries.items()
        for other in (known[:-1], known.upper(), f"{known}#", entry.name)
    ]
    anything = st.text(st.characters(codec="ascii"), max_size=24)
    other = data.draw(anything | st.sampled_from(near) if near else anything)
    if other not in entries:
        assert refusal(application, other) == "unknown-function"
