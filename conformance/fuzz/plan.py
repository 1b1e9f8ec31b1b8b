"""What a campaign is about, as data that can be sent to another process or machine."""

from __future__ import annotations

from dataclasses import dataclass

#: Examples of one batch: the unit of work, of sending ahead and of saying how far it is.
BATCH = 200
#: Seconds for one answer. To read a message takes milliseconds; one that nobody answers costs them all.
PATIENCE, FOR_A_MESSAGE = 10.0, 1.0
MESSAGES = frozenset({"messages", "wire"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What is generated, who is asked, and with what luck."""

    target: str
    subject: str
    opinion: str = "refimpl"
    seed: int = 0
    #: Where examples that disagreed are kept for the next campaign: a folder or `redis://…`.
    database: str | None = None
    batch: int = BATCH
    #: Seconds for one answer, if they are not the usual.
    patience: float | None = None
    #: How often one disagreement is asked for again while it is made smaller, by how it was drawn and
    #: then by what it says; and the seconds for all of that, where they pass sooner.
    tries: int = 1000
    shrinking: float = 40.0
    #: So many new disagreements of one batch are made smaller; the next batch sees the others.
    news: int = 4

    @property
    def name(self) -> str:
        """What it is called in the keys of a database and in file names."""
        return f"{self.target}-{self.subject}-{self.opinion}"

    @property
    def waits(self) -> float:
        """Seconds for one answer."""
        usual = FOR_A_MESSAGE if self.target in MESSAGES else PATIENCE
        return usual if self.patience is None else self.patience

    def seed_of(self, batch: int) -> int:
        """The seed of one batch."""
        return self.seed * 1_000_003 + batch


@dataclass(frozen=True, slots=True)
class Known:
    """A disagreement that was found before: another of its kind is no news."""

    signature: str
    features: frozenset[str]
    #: The clause that the subject is known to fail by it, if it is.
    clause: str | None = None
    #: What tells the example from others, after it was made smaller.
    digest: str | None = None

    def covers(self, signature: str, features: frozenset[str]) -> bool:
        """Whether a disagreement is this one again, with more around it."""
        return signature == self.signature and self.features <= features

    def is_same(self, other: Known) -> bool:
        """Whether another disagreement, drawn for other clauses, has come to the same example."""
        return self.digest is not None and self.digest == other.digest
