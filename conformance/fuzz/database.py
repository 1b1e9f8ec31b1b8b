"""Where examples that disagreed are kept: a folder, or a Redis server that a fleet shares.

The rule of this module: keys carry the name of the plan, so that campaigns with other targets or
other implementations do not replay each other's examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from conformance.problems import Place, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

#: By which Hypothesis tells examples that are kept for other reasons than that they fail.
SUFFIXES = (b".secondary", b".pareto")
REDIS = ("redis://", "rediss://", "unix://")


class Named(ExampleDatabase):
    """A part of another database, under a name of its own."""

    def __init__(self, whole: ExampleDatabase, name: str) -> None:
        super().__init__()
        self.whole = whole
        self.name = name.encode()

    def key(self, key: bytes) -> bytes:
        """A key in the whole database: the name instead of what Hypothesis calls the test."""
        return self.name + next((suffix for suffix in SUFFIXES if key.endswith(suffix)), b"")

    def save(self, key: bytes, value: bytes) -> None:
        """Keep an example."""
        self.whole.save(self.key(key), value)

    def fetch(self, key: bytes) -> Iterable[bytes]:
        """The examples under a key."""
        return self.whole.fetch(self.key(key))

    def delete(self, key: bytes, value: bytes) -> None:
        """Forget an example."""
        self.whole.delete(self.key(key), value)


def opened(where: str, name: str) -> ExampleDatabase:
    """The database at a path or URL, for campaigns of one name."""
    return Named(_redis(where) if where.startswith(REDIS) else _folder(where), name)


def _folder(where: str) -> ExampleDatabase:
    return DirectoryBasedExampleDatabase(where)


def _redis(where: str) -> ExampleDatabase:
    try:
        from hypothesis.extra.redis import RedisExampleDatabase  # noqa: PLC0415  (an optional extra)
        from redis import Redis  # noqa: PLC0415  (likewise)
    except ImportError:
        fix = "pip install 'use-server-conformance[fleet]'"
        raise Refused(
            Problem("fuzz.no-redis", "a database on Redis needs its client", Place(where), fix)
        ) from None
    return RedisExampleDatabase(Redis.from_url(where))
