"""The corpus as one JSON document, for tools that do not read the authors' YAML.

The rule of this module: a case is published as `spec/case.schema.json` describes it, with values as
tagged JSON, and the document says which corpus it was made from.
"""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

import yaml

from conformance import digests, notation, results, yaml_source
from conformance.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from conformance.corpus import CaseFile

VERSION = 1
#: Keys of an observation point under which a value in the notation stands.
VALUE_KEYS = frozenset({"args", "result", "ran", "value", "initial", "states"})


def bundle(root: Path, files: Iterable[CaseFile]) -> dict[str, Any]:
    """Every case of a corpus, in the order of their ids."""
    cases = [data for file in files for _, data in published(file)]
    return {
        "bundle": VERSION,
        "suite": metadata.version(results.DISTRIBUTION),
        "corpus": digests.of_corpus(root),
        "cases": sorted(cases, key=lambda case: str(case["id"])),
    }


def published(file: CaseFile) -> Iterator[tuple[Written, Any]]:
    """The cases of a file without problems: where each is written, and its JSON data."""
    if file.problems:
        return
    node = yaml_source.compose(yaml_source.read_text(file.path, file.shown), file.shown)
    for item in [] if node is None else Written(node, file.shown).items():
        yield item, _as_json(item)


def _as_json(written: Written, *, is_value: bool = False) -> Any:
    if is_value or written.node.tag.startswith("!"):
        return notation.encode(written.value())
    if written.is_mapping:
        return {
            name: _as_json(field, is_value=name in VALUE_KEYS) for name, field in written.entries()
        }
    if written.is_list:
        return [_as_json(item) for item in written.items()]
    assert isinstance(written.node, yaml.ScalarNode), "there are no other nodes"
    return yaml_source.plain_scalar(written.node)
