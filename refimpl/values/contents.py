"""The contents of captures: copied when a server function object is made, copied again per call.

Rules of this module:

* All captures of one object are one copy: what two of them share stays shared.
* A captured value outside the contract stays what it is: it works in calls on the server, and is
  an error, naming the binding, when the reference is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from refimpl.values import model
from refimpl.values.contract import CAPTURES, UnsupportedValue
from refimpl.values.revive import Revival
from refimpl.values.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.functions import FunctionObject
    from refimpl.language.values import Value
    from refimpl.values.contract import Obstacle
    from refimpl.values.revive import References


class CapturedContents:
    """The captured values of one server function object, as models.

    Clauses: capture.values, capture.separate-copies.
    """

    def __init__(
        self,
        references: References,
        reference_of: Callable[[FunctionObject], model.ServerReference | None],
        models: list[model.Value] | None = None,
    ) -> None:
        self.references = references
        self.reference_of = reference_of
        #: Filled in place by `take`, so that a reference to an object in the making holds them too.
        self.models: list[model.Value] = [] if models is None else models

    def take(self, names: list[str], values: list[Value]) -> None:
        """Copy `values` now.

        Clauses: capture.snapshot, capture.contents, capture.unsupported, value.one-shot.captured.
        """
        copying = Snapshot(self.reference_of, CAPTURES, _never)
        for name, value in zip(names, values, strict=True):
            try:
                self.models.append(copying.take(value, name, 0))
            except UnsupportedValue as error:
                self.models.append(model.Unsupported(value, name, error.code))

    def fresh(self) -> list[Value]:
        """A copy of the values for one call. Clauses: capture.fresh, capture.sharing."""
        return Revival(self.references).make_all(self.models)


def _never(failure: Obstacle) -> NoReturn:
    """Nothing that is captured is followed, so nothing fails later."""
    raise AssertionError(failure)
