"""Real React, one process for each version and mode, started when first asked for."""

import pytest

from conformance.implementations import installation
from tests.interop.react import React


@pytest.fixture(scope="session")
def react():
    """The process of a version and mode; without Node.js or the registry the test is skipped."""
    running = {}

    def of(version, *, development=False):
        key = (version, development)
        if key not in running:
            try:
                running[key] = React(version, development=development)
            except installation.InstallationError as error:
                if installation.required():
                    raise
                pytest.skip(str(error))
        return running[key]

    yield of
    for process in running.values():
        process.close()
