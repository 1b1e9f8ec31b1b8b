"""Captures at rest: what the client carries for the server, closed to it.

Rules of this module:

* AES-GCM with a fresh nonce; the function's id is the associated data, so that what was sealed
  for one function cannot be opened for another.
* Keys and nonces are given, never drawn here. Previous keys open; only the first key seals.
* Whatever is wrong with a token, the answer is the same.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NONCE_BYTES = 12
KEY_BYTES = 32


class BrokenSeal(Exception):  # noqa: N818 - an event at the boundary, reported as a refusal
    """The token was not sealed here for this function, or was changed."""


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[bytes], random_bytes: Callable[[int], bytes]) -> None:
        self.ciphers = [AESGCM(key) for key in keys]
        self.random_bytes = random_bytes

    def seal(self, function: str, content: bytes) -> str:
        """A token that only `open` with the same function id gives the content of."""
        nonce = self.random_bytes(NONCE_BYTES)
        sealed = self.ciphers[0].encrypt(nonce, content, function.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode("ascii")

    def open(self, function: str, token: str) -> bytes:
        """The content of a token; raises `BrokenSeal`."""
        try:
            sealed = base64.urlsafe_b64decode(token)
        except ValueError:
            raise BrokenSeal from None
        if base64.urlsafe_b64encode(sealed).decode("ascii") != token:
            raise BrokenSeal
        nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        for cipher in self.ciphers:
            try:
                return cipher.decrypt(nonce, ciphertext, function.encode())
            except (InvalidTag, ValueError):
                continue
        raise BrokenSeal
