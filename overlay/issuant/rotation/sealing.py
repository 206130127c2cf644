"""Values under seal. Owns how a secret is written into the journal, and how one is told from another without it.

Facts
- AES-256-GCM with a random nonce of 96 bits: some billions of values may be sealed before two nonces are likely to
  meet. What a value is for is bound to it, so that one moved to another row does not open.
- Three keys are derived from the one that is kept (HKDF-SHA256): what seals, what makes fingerprints, and what the
  journal holds to know its key again. None of them tells the others.
"""

from __future__ import annotations

import hmac
import json
import os
from base64 import b64decode
from collections.abc import Mapping

from issuant.errors import MissingExtraError, SealError
from issuant.secret import Secret

_MISSING: str | None = None
try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
except ImportError as missing:
    _MISSING = missing.name
if _MISSING is not None:
    raise MissingExtraError(f"rotation needs {_MISSING}, which is not installed.", advice="Install issuant[rotation].")

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12


class Seal:
    """What seals values and opens them again.

    Args:
        key: 32 random bytes in base64, as `sealkey.find_key` returns them.

    Attributes:
        check: identifies the key without telling it.

    Raises SealError for anything else.
    """

    def __init__(self, key: Secret) -> None:
        if not is_key(key):
            raise SealError("the sealing key is malformed.", advice=f"It is {KEY_BYTES} random bytes in base64.")
        self._cipher = AESGCM(_derived(key, "seal"))
        self._prints = hmac.new(_derived(key, "fingerprint"), digestmod="sha256")
        self.check = _derived(key, "check").hex()

    def seal(self, plain: Mapping[str, Secret], *, context: str) -> bytes:
        """Return secrets by name under seal. `context` says what they are for; they open with the same one only."""
        nonce = os.urandom(_NONCE_BYTES)
        text = Secret(json.dumps({name: value.reveal() for name, value in plain.items()}))
        return _VERSION + nonce + self._cipher.encrypt(nonce, text.reveal().encode(), _bound(context))

    def open(self, blob: bytes, *, context: str) -> dict[str, Secret]:
        """Return what was sealed. Raises SealError for what was changed, or is another context's or another key's."""
        nonce, content = blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :]
        if blob[:1] == _VERSION and len(nonce) == _NONCE_BYTES:
            try:
                text = Secret(self._cipher.decrypt(nonce, content, _bound(context)).decode())
            except (InvalidTag, ValueError):  # ValueError: shorter than a tag
                pass
            else:
                return {name: Secret(value) for name, value in json.loads(text.reveal()).items()}
        raise SealError(
            "a sealed value cannot be opened: it was changed, or is not where it belongs.",
            advice="The value is lost; what it was for can be rotated again once its key has been looked at.",
        )

    def fingerprint(self, value: Secret) -> str:
        """Return what tells a value from any other, and tells nothing of it without the key."""
        prints = self._prints.copy()
        prints.update(value.reveal().encode(errors="surrogatepass"))
        return prints.hexdigest()


def is_key(key: Secret) -> bool:
    """Tell whether a text is a key that seals: 32 bytes in base64."""
    try:
        return len(b64decode(key.reveal(), validate=True)) == KEY_BYTES
    except ValueError:
        return False


def _derived(key: Secret, purpose: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"issuant journal {purpose}".encode())
    return derivation.derive(b64decode(key.reveal()))


def _bound(context: str) -> bytes:
    return _VERSION + context.encode(errors="surrogatepass")
