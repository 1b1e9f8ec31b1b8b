"""YAML as this project reads and writes it: libyaml's speed, a place for everything, no surprises.

Rules of this module:

* A document is read as a tree of nodes, each with its line and column. What a node means is
  decided by whoever reads it.
* Plain scalars mean what they mean in JSON: `null` (also `~` and nothing), `true`, `false` and
  decimal numbers. `yes`, `on`, `1:30` and `2020-01-01` are texts. `-0` is the Number -0.
* What is written is read back as the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

import yaml

from conformance.problems import Place, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NULL, BOOL, NUMBER, STRING = (
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "float", "str")
)
MAPPING, SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
#: No case needs more; what reads the tree may follow it by recursion.
DEEPEST = 100
NUMERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")

_Resolvers = dict[str | None, list[tuple[str, re.Pattern[str]]]]


def _resolvers() -> _Resolvers:
    """Which plain scalars are not texts, by their first character."""
    table: _Resolvers = {}
    for tag, pattern, firsts in (
        (NULL, re.compile(r"~|null|"), ["~", "n", ""]),
        (BOOL, re.compile(r"true|false"), ["t", "f"]),
        (NUMBER, re.compile(rf"{NUMERAL.pattern}\Z"), [*"-0123456789"]),
    ):
        for first in firsts:
            table.setdefault(first, []).append((tag, re.compile(rf"(?:{pattern.pattern})\Z")))
    return table


class Loader(yaml.CSafeLoader):
    """libyaml's parser with the resolution of plain scalars described above."""

    yaml_implicit_resolvers: ClassVar[_Resolvers] = _resolvers()  # type: ignore[misc]  # typeshed has no type for it
    depth = 0

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:  # noqa: ARG002  (libyaml calls it)
        """Count the nesting, which libyaml follows on the C stack until that ends."""
        self.depth += 1
        if self.depth > DEEPEST and current_node is not None:
            reason = f"the nesting is deeper than {DEEPEST} levels"
            raise yaml.MarkedYAMLError(problem=reason, problem_mark=current_node.start_mark)

    def ascend_resolver(self) -> None:
        """Leave a node."""
        self.depth -= 1


class Dumper(yaml.CSafeDumper):
    """libyaml's emitter, which quotes exactly what the loader would misread."""

    yaml_implicit_resolvers: ClassVar[_Resolvers] = _resolvers()  # type: ignore[misc]  # as above


def read_bytes(path: Path, shown: str, kind: str = "corpus") -> bytes:
    """The bytes of a file, or a problem when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refused(
            Problem(f"{kind}.unreadable", f"the file cannot be read: {reason}", Place(shown))
        ) from None


def read_text(path: Path, shown: str, kind: str = "corpus") -> str:
    """The text of a UTF-8 file, or a problem that names the first wrong byte."""
    data = read_bytes(path, shown, kind)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(
            Problem(
                f"{kind}.not-utf8",
                f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8",
                Place(shown, line),
                "save the file as UTF-8 without any other encoding",
            )
        ) from None


def compose(text: str, shown: str, kind: str = "corpus") -> yaml.Node | None:
    """The tree of the one document in `text`; None when there is nothing in it."""
    loader = Loader(text)
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
        reason = ", ".join(part for part in (error.problem, error.context) if part)
        raise Refused(Problem(f"{kind}.yaml-syntax", reason, place)) from None
    except yaml.reader.ReaderError as error:
        raise Refused(Problem(f"{kind}.yaml-syntax", error.reason, Place(shown))) from None
    finally:
        loader.dispose()


def place_of(node: yaml.Node, shown: str) -> Place:
    """Where a node begins."""
    return Place(shown, node.start_mark.line + 1, node.start_mark.column + 1)


def unique_pairs(
    node: yaml.MappingNode, shown: str, kind: str = "corpus"
) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """The key texts, keys and values of a mapping; a key written twice is a problem."""
    seen: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Refused(
                Problem(f"{kind}.wrong-type", "a key is not a text", place_of(key, shown))
            )
        name = key.value
        if name in seen:
            first = seen[name].start_mark.line + 1
            raise Refused(
                Problem(
                    f"{kind}.duplicate-key",
                    f"the key {name!r} was already written on line {first}",
                    place_of(key, shown),
                    "keep one of the two",
                )
            )
        seen[name] = key
        yield name, key, value


def plain_scalar(node: yaml.ScalarNode) -> bool | float | str | None:
    """What an untagged scalar means."""
    if node.tag == NULL:
        return None
    if node.tag == BOOL:
        return bool(node.value == "true")
    if node.tag == NUMBER:
        return parse_numeral(str(node.value))
    return str(node.value)


def resolve_plain(text: str) -> str:
    """The tag of a plain scalar with this text."""
    for tag, pattern in Loader.yaml_implicit_resolvers.get(text[:1], []):
        if pattern.match(text):
            return tag
    return STRING


def parse_numeral(text: str) -> int | float:
    """The Number a decimal numeral stands for."""
    return int(text) if text.lstrip("-").isdigit() and text != "-0" else float(text)


def write(node: yaml.Node, *, width: int = 80) -> str:
    """The text of a tree of nodes."""
    written: str = yaml.serialize(node, Dumper=Dumper, width=width, allow_unicode=True)
    return written.removesuffix("...\n")
