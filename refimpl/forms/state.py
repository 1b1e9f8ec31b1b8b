"""Form state: what a function returned, on its way to the one form it is for.

Rules of this module:

* State is the last of the bound arguments of the form's function, so that it is the argument
  before the form's data.
* It goes to a form with the same key, the same function and as much bound to it. A key is made of
  the place of the form on the page, or of its permalink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.values import model

if TYPE_CHECKING:
    from refimpl.values.model import Value


@dataclass(frozen=True)
class FormState:
    """The result of a submission, and which form it is the state of."""

    value: Value
    key: str
    function: str
    bound: int  #: how many values are bound, the state not counted

    def belongs_to(self, key: str, reference: model.ServerReference) -> bool:
        """Whether it is for the form with this key. Clauses: form.state.own, form.react.state."""
        own = (key, reference.id, len(reference.bound or ()))
        return own == (self.key, self.function, self.bound)


def state_key(number: int, permalink: str | None) -> str:
    """The key of the state of a form. Clause: form.state.permalink."""
    return f"k{number}" if permalink is None else f"p{permalink}"


def with_state(reference: model.ServerReference, state: Value) -> model.ServerReference:
    """The reference with its form's state bound. Clause: form.state."""
    return model.ServerReference(reference.id, [*(reference.bound or ()), state])
