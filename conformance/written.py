"""What stands at one place of a YAML file, read as the type it has to have.

The rule of this module: whoever reads asks for a type; anything else at that place is a problem
with the place's line and column, and ends the reading of this one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import yaml

from conformance import notation, yaml_source
from conformance.problems import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from conformance.notation import Value
    from conformance.problems import Place


@dataclass(frozen=True, slots=True)
class Written:
    """One node of a file. `kind` is the first part of the codes of its problems."""

    node: yaml.Node
    file: str
    kind: str = "corpus"

    @property
    def place(self) -> Place:
        """Where it stands."""
        return yaml_source.place_of(self.node, self.file)

    def refuse(self, what: str, message: str, fix: str | None = None) -> NoReturn:
        """End the reading with a problem at this place."""
        raise Refused(Problem(f"{self.kind}.{what}", message, self.place, fix))

    @property
    def is_mapping(self) -> bool:
        """Whether fields or entries stand here."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether a list stands here."""
        return isinstance(self.node, yaml.SequenceNode)

    def entries(self) -> Iterator[tuple[str, Written]]:
        """The keys and what stands under them, in order."""
        if not isinstance(self.node, yaml.MappingNode) or self.node.tag != yaml_source.MAPPING:
            self.refuse("wrong-type", f"a mapping was expected here, not {self.described()}")
        for name, _, value in yaml_source.unique_pairs(self.node, self.file, self.kind):
            yield name, Written(value, self.file, self.kind)

    def fields(self, known: Collection[str], required: Collection[str] = ()) -> dict[str, Written]:
        """What stands under each key, where only `known` keys may and `required` keys must be."""
        found: dict[str, Written] = {}
        for name, value in self.entries():
            if name not in known:
                reason = f"the field {name!r} is unknown; known are {', '.join(sorted(known))}"
                value.refuse("unknown-field", reason)
            found[name] = value
        for name in required:
            if name not in found:
                self.refuse("missing-field", f"the field {name!r} is missing")
        return found

    def items(self) -> list[Written]:
        """The items of a list."""
        if not isinstance(self.node, yaml.SequenceNode) or self.node.tag != yaml_source.SEQUENCE:
            self.refuse("wrong-type", f"a list was expected here, not {self.described()}")
        return [Written(item, self.file, self.kind) for item in self.node.value]

    def text(self) -> str:
        """A text."""
        if self.node.tag != yaml_source.STRING or not isinstance(self.node, yaml.ScalarNode):
            self.refuse("wrong-type", f"a text was expected here, not {self.described()}")
        return str(self.node.value)

    def text_or_null(self) -> str | None:
        """A text, or null."""
        return None if self.node.tag == yaml_source.NULL else self.text()

    def texts(self) -> tuple[str, ...]:
        """One text or a list of texts."""
        if self.is_list:
            return tuple(item.text() for item in self.items())
        return (self.text(),)

    def one_of(self, allowed: Collection[str]) -> str:
        """One of some texts."""
        if (found := self.text()) not in allowed:
            self.refuse("invalid-value", f"{found!r} is none of {', '.join(sorted(allowed))}")
        return found

    def integer(self) -> int:
        """A whole number, 0 or more."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.tag == yaml_source.NUMBER:
            number = yaml_source.parse_numeral(self.node.value)
            if isinstance(number, int) and number >= 0:
                return number
        self.refuse("wrong-type", f"a whole number was expected here, not {self.described()}")

    def value(self) -> Value:
        """A JavaScript value in the notation."""
        return notation.value_of(self.node, self.file)

    def described(self) -> str:
        """What stands here, in a word or two."""
        if isinstance(self.node, yaml.ScalarNode):
            return repr(self.node.value) if self.node.value else "nothing"
        return "a mapping" if self.is_mapping else "a list"
