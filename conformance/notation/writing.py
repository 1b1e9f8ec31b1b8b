"""Writing a value in the YAML form, as an author would: short things on one line.

The rule of this module: one node per object, made before its content, so that the emitter finds
what is shared and what is cyclic, and writes the anchors.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import yaml

from conformance import yaml_source
from conformance.depth import room_to_recurse
from conformance.notation.authored import DEFAULTS, SHORT_FIELD
from conformance.notation.model import KINDS, SAFE_INTEGER, Role, Special, Value
from conformance.notation.tagged import special_number
from conformance.yaml_source import BOOL, MAPPING, NULL, NUMBER, SEQUENCE, STRING

if TYPE_CHECKING:
    from collections.abc import Iterable

SURROGATE = re.compile("[\ud800-\udfff]")
#: What an object that is still being written, or an alias, is assumed to take.
ALIAS_SIZE = 6


def dump(value: Value, *, width: int = 80) -> str:
    """The value as YAML text no wider than `width` where that is possible."""
    with room_to_recurse():
        return yaml_source.write(_Writer(width).node(value), width=width)


class _Writer:
    def __init__(self, width: int) -> None:
        self.width = width
        self.objects: dict[int, yaml.Node] = {}
        self.sizes: dict[int, int] = {}

    def node(self, value: Value) -> yaml.Node:
        """The node of a value; an object written before is the same node again."""
        if id(value) in self.objects and isinstance(value, list | dict | Special):
            return self.objects[id(value)]
        if isinstance(value, list):
            return self.sequence(value, SEQUENCE, value)
        if isinstance(value, dict):
            return self.mapping(value, MAPPING, [(k, v, Role.VALUE) for k, v in value.items()])
        if isinstance(value, Special):
            return self.special(value)
        return self.sized(_scalar(value))

    def sequence(self, owner: Value, tag: str, items: Iterable[Value]) -> yaml.Node:
        node = yaml.SequenceNode(tag, [])
        self.objects[id(owner)] = node
        node.value.extend([self.node(item) for item in items])
        return self.laid_out(node, node.value)

    def mapping(
        self, owner: Value, tag: str, pairs: Iterable[tuple[str, Value, Role]]
    ) -> yaml.Node:
        node = yaml.MappingNode(tag, [])
        self.objects[id(owner)] = node
        for key, content, role in pairs:
            node.value.append((self.sized(_scalar(key)), self.field(content, role)))
        return self.laid_out(node, [part for pair in node.value for part in pair])

    def field(self, content: Value, role: Role) -> yaml.Node:
        if role is Role.TEXT:
            return self.sized(_scalar(content))
        # A list of values or of entries is written like any list; nobody else holds it.
        return self.node(content)

    def special(self, value: Special) -> yaml.Node:
        tag = f"!{value.kind}"
        defaults = DEFAULTS.get(value.kind, {})
        stated = {k: v for k, v in value.fields.items() if k not in defaults or defaults[k] != v}
        short = SHORT_FIELD.get(value.kind, "")
        if not stated or (value.kind == "date" and stated["value"] is None):
            return self.scalar(value, tag, "")
        if [*stated] == [short] and (role := KINDS[value.kind].fields[short]) is not Role.VALUE:
            content = stated[short]
            if role is not Role.TEXT:
                return self.sequence(value, tag, content)
            if isinstance(content, str) and content and not SURROGATE.search(content):
                return self.scalar(value, tag, content)
        roles = KINDS[value.kind].fields
        return self.mapping(value, tag, [(k, v, roles[k]) for k, v in value.fields.items()])

    def scalar(self, value: Special, tag: str, text: str) -> yaml.Node:
        misread = text and yaml_source.resolve_plain(text) == NULL
        node = self.sized(yaml.ScalarNode(tag, text, style='"' if misread else None))
        if not KINDS[value.kind].primitive:
            self.objects[id(value)] = node
        return node

    def sized(self, node: yaml.ScalarNode) -> yaml.Node:
        tag = 0 if node.tag.startswith("tag:") else len(node.tag) + 1
        self.sizes[id(node)] = len(node.value) + tag
        return node

    def laid_out(self, node: yaml.CollectionNode, parts: list[yaml.Node]) -> yaml.Node:
        """On one line if there is room."""
        size = sum(self.sizes.get(id(part), ALIAS_SIZE) + 2 for part in parts) + 2
        node.flow_style = size <= self.width
        self.sizes[id(node)] = size
        return node


def _scalar(value: Value) -> yaml.ScalarNode:
    if value is None:
        return yaml.ScalarNode(NULL, "null")
    if isinstance(value, bool):
        return yaml.ScalarNode(BOOL, "true" if value else "false")
    if isinstance(value, int | float):
        name = special_number(value)
        return (
            yaml.ScalarNode("!number", name) if name else yaml.ScalarNode(NUMBER, _numeral(value))
        )
    assert isinstance(value, str)
    if SURROGATE.search(value):
        return yaml.ScalarNode("!string", json.dumps(value)[1:-1], style="'")
    return yaml.ScalarNode(STRING, value)


def _numeral(value: float) -> str:
    if float(value).is_integer() and abs(value) <= SAFE_INTEGER:
        return str(int(value))
    return repr(value)
