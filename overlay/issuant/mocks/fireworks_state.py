"""What the simulated Fireworks account holds: users, API keys and secrets. Owns their fields and how each is shown.

Facts
- A key's value is known by a hash alone, and a secret's value is never shown again: neither has a field here that
  leads to the wire.
- Fields that are not set are left out, as in the reply to a create. A gateway that writes empty ones is as likely; not
  verified.
- The state of a user is always READY: creating and updating take no time here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .base import HASHED

ADMIN = "admin"
ROLES = (ADMIN, "user", "contributor", "inference-user")


@dataclass(frozen=True, kw_only=True)
class User:
    """A user or a service account, by its id within the account."""

    user_id: str
    role: str
    service_account: bool
    display_name: str
    email: str
    created: datetime
    updated: datetime

    @property
    def is_admin(self) -> bool:
        """Whether it may do to others what they may do to themselves."""
        return self.role == ADMIN

    def shown(self, account_id: str) -> dict[str, object]:
        """Return it as it is sent. `name` is the full resource name."""
        found: dict[str, object] = {
            "name": f"accounts/{account_id}/users/{self.user_id}",
            "displayName": self.display_name,
            "serviceAccount": self.service_account,
            "createTime": timestamp(self.created),
            "role": self.role,
            "email": self.email,
            "state": "READY",
            "updateTime": timestamp(self.updated),
        }
        return {name: value for name, value in found.items() if value != ""}


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A key as the vendor keeps it: its value is known by a hash alone. `expires` None is never."""

    key_id: str
    user_id: str
    display_name: str
    created: datetime
    expires: datetime | None
    annotations: Mapping[str, str]
    prefix: str
    fingerprint: str = field(repr=False)
    last_used: datetime | None = None

    def shown(self, email: str) -> dict[str, object]:
        """Return it as it is listed, without its value. `email` is its owner's."""
        found: dict[str, object] = {
            "keyId": self.key_id,
            "displayName": self.display_name,
            "createTime": timestamp(self.created),
            "secure": True,
            "email": email,
            "prefix": self.prefix,
            "annotations": dict(self.annotations),
        }
        if self.expires is not None:
            found["expireTime"] = timestamp(self.expires)
        if self.last_used is not None:
            found["lastUsed"] = timestamp(self.last_used)
        return found


@dataclass(frozen=True, kw_only=True)
class StoredSecret:
    """A secret of the account. `name` is the full resource name; in a state that is kept `value` is a hash."""

    name: str
    key_name: str
    value: str = field(repr=False, metadata=HASHED)

    def shown(self) -> dict[str, object]:
        """Return it as it is sent, without its value."""
        return {"name": self.name, "keyName": self.key_name}


def timestamp(instant: datetime) -> str:
    """Return a time as protojson writes it."""
    return instant.isoformat().replace("+00:00", "Z")
