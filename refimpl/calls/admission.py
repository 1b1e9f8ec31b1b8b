"""What a request has to be before anything it says is looked at: the server's checks at the door.

Rules of this module:

* Nothing here reads the body, and nothing that a request says of itself decides whom it may trust:
  the server's own origin and those it allows are configured.
* An origin is compared as it is serialized, whole. So `null`, a list, another spelling and a
  prefix are all the same thing: an origin that is not on the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.calls.messages import Refusal

if TYPE_CHECKING:
    from refimpl.calls.messages import Request

#: Limit `request.body`: bytes of a request's body; what any server accepts is `BODY_FLOOR`.
BODY_LIMIT = 1_048_576
BODY_FLOOR = 65_536

#: The serialization of an origin: scheme, host, and a port only where it is not the usual one.
ORIGIN = re.compile(
    r"https?://(?:[a-z0-9]+(?:[.-][a-z0-9]+)*|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?"
)


@dataclass(frozen=True)
class Admission:
    """Which requests a server considers at all."""

    origin: str = "https://app.example"
    allowed_origins: frozenset[str] = frozenset()
    body_limit: int = BODY_LIMIT

    def __post_init__(self) -> None:
        """Refuse a configuration that would admit more than its author can have meant."""
        for origin in (self.origin, *self.allowed_origins):
            if not ORIGIN.fullmatch(origin):
                message = f"{origin!r} is not the serialization of an http or https origin"
                raise ValueError(message)
        if self.body_limit < BODY_FLOOR:
            message = f"a body limit is at least {BODY_FLOOR} bytes"
            raise ValueError(message)

    def check(self, request: Request, types: frozenset[str]) -> None:
        """Raise the `Refusal` of a request that is not to be considered; `types` are media types.

        Clauses: dispatch.before-effect, dispatch.method, dispatch.body-limit.
        """
        if request.method != "POST":
            raise Refusal("method-not-allowed")
        self.check_origin(request.headers.get("origin"))
        if not accepts(types, request.headers.get("content-type", "")):
            raise Refusal("unsupported-media-type")
        if len(request.body) > self.body_limit:
            raise Refusal("body-too-large")

    def check_origin(self, origin: str | None) -> None:
        """Refuse an origin that is not on the list, and none.

        Clauses: dispatch.origin, dispatch.origin.null, dispatch.origin.one,
        dispatch.origin.absent, dispatch.origin.allowed, dispatch.origin.configured.
        """
        if origin != self.origin and origin not in self.allowed_origins:
            raise Refusal("origin-refused")


def accepts(types: frozenset[str], content_type: str) -> bool:
    """Whether a Content-Type is of one of these media types, in UTF-8.

    Clauses: dispatch.content-type, dispatch.content-type.charset.
    """
    essence, *parameters = (part.strip().lower() for part in content_type.split(";"))
    names = [parameter.partition("=")[::2] for parameter in parameters]
    charsets = {value.strip('"') for name, value in names if name == "charset"}
    return essence in types and charsets <= {"utf-8"}
