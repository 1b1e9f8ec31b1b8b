"""What can be wrong with a complete run as a whole, though every item has its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance import results
from conformance.verdict import NOT_APPLICABLE, PASS, TELLING, UNSUPPORTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.conversation import Conversation
    from conformance.results import Record


def unmet_known_failures(
    conversations: Iterable[Conversation], records: list[Record]
) -> Iterator[str]:
    """Entries of the lists that are about no item of the run."""
    for conversation in conversations:
        label = conversation.implementation.label
        met = {(record["case"], record["observation"]) for record in results.of(label, records)}
        for case, observation in sorted(conversation.known.keys() - met):
            yield f"{label}: known failure {case} [{observation}] is about no case of the corpus"


def unused_capabilities(implementations: Mapping[str, Any], records: list[Record]) -> Iterator[str]:
    """Capabilities that were declared and then denied each time."""
    for label, hello in sorted(implementations.items()):
        for capability in hello.get("capabilities", ()):
            asked = [
                record["verdict"]
                for record in results.of(label, records)
                if record["observation"] == capability and record["verdict"] != NOT_APPLICABLE
            ]
            if asked and all(kind == UNSUPPORTED for kind in asked):
                yield (
                    f"{label}: declares the capability {capability} and answered unsupported "
                    f"to all {len(asked)} requests"
                )


def unfounded_choices(implementations: Mapping[str, Any], records: list[Record]) -> Iterator[str]:
    """Declared choices whose own cases, as far as they could be asked, fail each time."""
    for label, hello in sorted(implementations.items()):
        for choice, option in sorted(hello.get("choices", {}).items()):
            asked = [
                record["verdict"]
                for record in results.of(label, records)
                if option in record.get("requires", {}).get(choice, ())
                and record["verdict"] in TELLING
            ]
            if asked and PASS not in asked:
                yield (
                    f"{label}: declares {choice}: {option} and passes none of the {len(asked)} "
                    "points that are for those who do"
                )
