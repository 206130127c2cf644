"""The users of the simulated Fireblocks workspace, and how they are paired. Owns their states, not the wire.

Facts
- A user whose role signs has to be paired with a co-signer, and is PENDING_ACTIVATION until then; others are READY.
  Either can sign requests to the API, as no call of it needs the pairing; that is not verified.
- `enabled` says whether a user is READY here; that is not verified.
- A pairing token is for a user that is PENDING_ACTIVATION, and lives one hour. That several may be out is not verified.
- There is no way to rename, disable or delete an API user through the API; an owner deletes it in the console.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from .base import fingerprint
from .clock import Clock
from .fireblocks_keys import PEM

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

Status = Literal["PENDING_ACTIVATION", "READY"]

ROLES = (
    "OWNER",
    "ADMIN",
    "SIGNER",
    "COLLATERALS_SIGNER",
    "EDITOR",
    "APPROVER",
    "VIEWER",
    "NON_SIGNING_ADMIN",
    "AUDITOR",
    "NCW_ADMIN",
    "NCW_SIGNER",
    "SECURITY_ADMIN",
    "SECURITY_AUDITOR",
)
SIGNING_ROLES = frozenset({"OWNER", "ADMIN", "SIGNER", "COLLATERALS_SIGNER", "NCW_ADMIN", "NCW_SIGNER"})
CREATOR_ROLES = frozenset({"OWNER", "ADMIN", "NON_SIGNING_ADMIN"})
CO_SIGNERS = ("SGX_MACHINE", "NITRO_MACHINE", "GCP_CONFIDENTIAL_SPACE", "FIREBLOCKS_CCMT")
PAIRING_LIFE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class ApiUser:
    """An API user. Its `id` is the API key, its private key is the caller's alone."""

    id: str
    name: str
    role: str
    status: Status
    public_key: RSAPublicKey = field(repr=False, metadata=PEM)
    whitelisted_ips: tuple[str, ...] = ()

    @property
    def is_enabled(self) -> bool:
        """Whether the user is set up."""
        return self.status == "READY"

    def document(self) -> dict[str, object]:
        """Return the user as a list has it."""
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role,
            "enabled": self.is_enabled,
            "status": self.status,
            "userType": "API",
        }


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """What a pairing token stands for."""

    user_id: str
    until: datetime


class Pairings:
    """The pairing tokens that are out, by their hashes."""

    STATE = ("kept",)

    def __init__(self, *, clock: Clock) -> None:
        """Start with none."""
        self.kept: dict[str, Pairing] = {}
        self._clock = clock

    def issue(self, token: str, user_id: str) -> None:
        """Let `token` stand for a user for an hour."""
        self.kept[fingerprint(token)] = Pairing(user_id=user_id, until=self._clock() + PAIRING_LIFE)

    def use(self, token: str) -> str:
        """Return the id of a token's user, and drop every token of that user.

        Raises LookupError for a token that is unknown, used up or expired.
        """
        pairing = self.kept.get(fingerprint(token))
        if pairing is None or pairing.until <= self._clock():
            raise LookupError("the pairing token is unknown, used up or expired")
        self.forget(pairing.user_id)
        return pairing.user_id

    def forget(self, user_id: str) -> None:
        """Drop every token of a user."""
        self.kept = {mark: pairing for mark, pairing in self.kept.items() if pairing.user_id != user_id}
