"""`result` is what the body of an async function returns, through JSON."""

import json

import pytest

FRAME = """(async () => { %s })().then(
  value => print(JSON.stringify(value)), error => print(JSON.stringify(`threw ${error.name}`)))"""


@pytest.fixture
def result(run):
    """Run a body; what it returns, or `threw Name`."""
    return lambda body: json.loads(run(FRAME % body)[-1])
