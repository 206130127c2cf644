"""What the simulated Galileo keeps: its users and their API keys. Owns how a key is shown; a value is no part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class User:
    """A user of the organization."""

    id: str
    email: str
    role: str
    created: datetime


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A key as the vendor keeps it: its value is known by a hash alone. `expires` None is never."""

    id: str
    description: str
    created: datetime
    created_by: str
    expires: datetime | None
    last_used: datetime | None = None
    project_id: str | None
    project_role: str | None
    truncated: str
    fingerprint: str = field(repr=False)

    def document(self) -> dict[str, object]:
        """Return the key as the API shows it, without its value."""
        return {
            "id": self.id,
            "description": self.description,
            "expires_at": written(self.expires),
            "created_at": written(self.created),
            "updated_at": written(self.created),
            "last_used": written(self.last_used),
            "project_id": self.project_id,
            "project_role": self.project_role,
            "created_by": self.created_by,
            "truncated": self.truncated,
        }


def written(moment: datetime | None) -> str | None:
    """Return a time as the API writes it."""
    return None if moment is None else moment.isoformat()
