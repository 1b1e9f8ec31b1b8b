r"""Reading the YAML form of a value: what the authors of cases write.

Rules of this module:

* A tag says what YAML alone cannot: `!undefined`, `!date 2020-01-01T00:00:00.000Z`,
  `!map [[k, v]]`. The kinds are those of `model.KINDS`;
  where one field is the heart of a kind (`SHORT_FIELD`), the tag may stand on that field's content.
* An anchor is an object and an alias is the same object; an alias to an ancestor is a cycle.
* `!string` takes a JSON string without its quotes, for what YAML cannot hold: unpaired
  surrogates such as `!string 'a\ud800'`.
* A key of an object is its text, whatever it looks like.
"""

from __future__ import annotations

import json

import yaml

from conformance import yaml_source
from conformance.notation import model
from conformance.notation.model import HOLE, KINDS, UNDEFINED, Role, Special, Value
from conformance.notation.tagged import NUMBERS, MalformedValue, check_fields
from conformance.problems import Problem, Refused
from conformance.yaml_source import MAPPING, NULL, NUMBER, SEQUENCE, STRING

PLAIN = frozenset({NULL, yaml_source.BOOL, NUMBER, STRING})
#: Kinds whose YAML form may be just the content of this one field.
SHORT_FIELD = {
    "bigint": "value",
    "date": "value",
    "symbol": "key",
    "reference": "name",
    "error": "name",
    "temporary": "path",
    "map": "entries",
    "set": "values",
    "formdata": "entries",
    "promise": "value",
    "stream": "chunks",
    "iterator": "values",
}
DEFAULTS = {"stream": {"kind": "default"}, "iterator": {"kind": "sync"}}
#: Kinds whose mapping form is the fields; the mapping form of a map is its entries.
KEYED_ENTRIES = frozenset({"map", "formdata"})


def load(text: str, shown: str = "value") -> Value:
    """The value written in a YAML text."""
    node = yaml_source.compose(text, shown)
    return None if node is None else value_of(node, shown)


def value_of(node: yaml.Node, shown: str) -> Value:
    """The value a node of a case file stands for."""
    return _Reader(shown).read(node)


class _Reader:
    """Turns the nodes of one file into values."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        #: An alias is the node of its anchor, so identity of nodes is identity of objects.
        self.objects: dict[int, tuple[yaml.Node, Value]] = {}

    def read(self, node: yaml.Node) -> Value:
        if id(node) in self.objects:
            return self.objects[id(node)][1]
        if node.tag in PLAIN and isinstance(node, yaml.ScalarNode):
            if node.tag == NUMBER:
                return model.number(yaml_source.parse_numeral(node.value))
            return yaml_source.plain_scalar(node)
        if node.tag == SEQUENCE and isinstance(node, yaml.SequenceNode):
            array: list[Value] = []
            self.objects[id(node)] = (node, array)
            array.extend(self.read(item) for item in node.value)
            return array
        if node.tag == MAPPING and isinstance(node, yaml.MappingNode):
            return self.record(node)
        return self.tagged(node)

    def record(self, node: yaml.MappingNode) -> Value:
        record: dict[str, Value] = {}
        self.objects[id(node)] = (node, record)
        for name, key, item in yaml_source.unique_pairs(node, self.shown):
            record[self.string(key) if key.tag == "!string" else name] = self.read(item)
        return record

    def tagged(self, node: yaml.Node) -> Value:
        name = node.tag.removeprefix("!")
        if name in ("number", "string") and isinstance(node, yaml.ScalarNode):
            return self.number(node) if name == "number" else self.string(node)
        if name not in KINDS or not node.tag.startswith("!"):
            raise self.refused(node, "corpus.unknown-tag", f"the tag {node.tag} is not one of ours")
        if name in ("undefined", "hole"):
            return UNDEFINED if name == "undefined" else HOLE
        value = Special(name)
        self.objects[id(node)] = (node, value)
        for field, content in self.fields(name, node).items():
            value.fields[field] = content
        try:
            check_fields(value, node.tag)
        except MalformedValue as error:
            raise self.refused(node, "corpus.invalid-value", error.reason) from None
        return value

    def number(self, node: yaml.ScalarNode) -> Value:
        if node.value in NUMBERS:
            return NUMBERS[node.value]
        if yaml_source.NUMERAL.fullmatch(node.value):
            return model.number(yaml_source.parse_numeral(node.value))
        raise self.refused(node, "corpus.invalid-value", f"{node.value!r} is not a number")

    def string(self, node: yaml.Node) -> str:
        try:
            return model.text(str(json.loads(f'"{node.value}"', strict=False)))
        except ValueError:
            raise self.refused(
                node, "corpus.invalid-value", f"{node.value!r} is not the inside of a JSON string"
            ) from None

    def fields(self, kind: str, node: yaml.Node) -> dict[str, Value]:
        """The fields of a special value, from the short form or from the mapping of fields."""
        roles = KINDS[kind].fields
        short = SHORT_FIELD.get(kind)
        if isinstance(node, yaml.MappingNode) and kind not in KEYED_ENTRIES:
            return {**DEFAULTS.get(kind, {}), **self.stated_fields(kind, node)}
        if isinstance(node, yaml.ScalarNode) and not node.value:
            if not roles.keys() - KINDS[kind].optional:
                return {}
            if kind == "date":
                return {"value": None}
        if short is None:
            what = f"!{kind} needs a mapping with {' and '.join(roles)}"
            raise self.refused(node, "corpus.wrong-type", what)
        return {**DEFAULTS.get(kind, {}), short: self.field(self.untagged(node), roles[short])}

    def stated_fields(self, kind: str, node: yaml.MappingNode) -> dict[str, Value]:
        definition = KINDS[kind]
        stated: dict[str, Value] = {}
        for name, key, item in yaml_source.unique_pairs(node, self.shown):
            if name not in definition.fields:
                known = ", ".join(definition.fields) or "no fields"
                reason = f"!{kind} has no field {name!r}, it has {known}"
                raise self.refused(key, "corpus.unknown-field", reason)
            stated[name] = self.field(item, definition.fields[name])
        defaults = DEFAULTS.get(kind, {})
        for name in definition.fields:
            if name not in stated and name not in definition.optional and name not in defaults:
                raise self.refused(node, "corpus.missing-field", f"!{kind} lacks {name!r}")
        return stated

    def field(self, node: yaml.Node, role: Role) -> Value:
        if role is Role.TEXT:
            return self.text(node)
        if role is Role.VALUE:
            return self.read(node)
        if isinstance(node, yaml.MappingNode) and role is Role.ENTRIES:
            pairs = yaml_source.unique_pairs(node, self.shown)
            return [[self.read(key), self.read(item)] for _, key, item in pairs]
        if not isinstance(node, yaml.SequenceNode):
            raise self.refused(node, "corpus.wrong-type", "a list was expected here")
        if role is Role.VALUES:
            return [self.read(item) for item in node.value]
        return [self.entry(item) for item in node.value]

    def entry(self, node: yaml.Node) -> list[Value]:
        if isinstance(node, yaml.SequenceNode) and len(node.value) == 2:
            return [self.read(item) for item in node.value]
        raise self.refused(node, "corpus.wrong-type", "an entry is a list of two values")

    def text(self, node: yaml.Node) -> str | None:
        if isinstance(node, yaml.ScalarNode):
            if node.tag == "!string":
                return self.string(node)
            return None if node.tag == NULL else str(node.value)
        raise self.refused(node, "corpus.wrong-type", "a text was expected here")

    def untagged(self, node: yaml.Node) -> yaml.Node:
        """The node as it would be without its tag: what the tag applies to."""
        if isinstance(node, yaml.ScalarNode):
            plain = not node.style
            tag = yaml_source.resolve_plain(node.value) if plain else STRING
            return yaml.ScalarNode(tag, node.value, node.start_mark, node.end_mark, node.style)
        tag = SEQUENCE if isinstance(node, yaml.SequenceNode) else MAPPING
        return type(node)(tag, node.value, node.start_mark, node.end_mark)

    def refused(self, node: yaml.Node, code: str, message: str) -> Refused:
        return Refused(Problem(code, message, yaml_source.place_of(node, self.shown)))
