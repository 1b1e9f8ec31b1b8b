"""Real React, one process for each release and decoder, started when first asked for."""

import pytest

from conformance.implementations import installation
from tests.interop.agreement import Parties


@pytest.fixture(scope="session")
def parties():
    """Everybody; without Node.js or the registry the tests are skipped."""
    made = Parties()
    problem = made.of("react").problem
    if problem and not installation.required():
        pytest.skip(problem)
    yield made
    made.close()
