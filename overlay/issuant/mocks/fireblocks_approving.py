"""The signatures that approve at the Fireblocks simulator. Owns the approval keys of its users, and reading the body.

Facts
- An approval is signed with a key that was registered for it, not with the one that signs requests. The vendor takes
  four algorithms; RSA_PS256 alone is taken here.
- With a key id that key must have signed, otherwise any key of the caller.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .fireblocks_keys import PEM, is_approved_by
from .fireblocks_wishes import read_fields
from .messages import Request

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What an approval is given with. `key_id` None is any of the caller's keys."""

    key_id: str | None
    value: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ApprovalKey:
    """A key that signs approvals."""

    public_key: RSAPublicKey = field(repr=False, metadata=PEM)


class ApprovalKeys:
    """The keys by their users and ids."""

    STATE = ("kept",)

    def __init__(self) -> None:
        """Start with none."""
        self.kept: dict[str, dict[str, ApprovalKey]] = {}

    def add(self, user_id: str, key_id: str, key: RSAPublicKey) -> None:
        """Let `key` sign for a user."""
        self.kept.setdefault(user_id, {})[key_id] = ApprovalKey(public_key=key)

    def forget(self, user_id: str) -> None:
        """Drop every key of a user."""
        self.kept.pop(user_id, None)

    def have_signed(self, given: Signature, user_id: str, text: str) -> bool:
        """Tell whether a signature is over `text`, and of the key that it names or of any key of the user."""
        keys = self.kept.get(user_id, {})
        tried = [key for key_id, key in keys.items() if given.key_id in (None, key_id)]
        return any(is_approved_by(key.public_key, given.value, text.encode()) for key in tried)


def read_signature(request: Request) -> Signature:
    """Return the signature that a body approves with. Raises ValueError, saying what is wrong with it."""
    given = read_fields(request, "signature")
    text, key_id = given.get("signature"), given.get("keyId")
    if not isinstance(text, str):
        raise ValueError("signature must be a string")
    if "keyId" in given and not isinstance(key_id, str):
        raise ValueError("keyId must be a string")
    return Signature(key_id=None if key_id is None else str(key_id), value=_decoded(text))


def _decoded(text: str) -> bytes:
    """Return the bytes of a signature; of what is no base64url none, which no key has made."""
    if _BASE64URL.fullmatch(text) is None:
        return b""
    bare = text.rstrip("=")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        return b""
