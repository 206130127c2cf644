"""What can be asked of Galileo. Owns the fields of a request for a key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from issuant_galileo.models import CollaboratorRole

from issuant.keys import KeyRequest, invalid
from issuant.replies import usable_secret
from issuant.secret import Secret

# UUID() takes more: hyphens anywhere or none, blanks, underscores, digits of other scripts.
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

ROLES = tuple(role.value for role in CollaboratorRole)


@dataclass(frozen=True, init=False)
class GalileoKeyRequest(KeyRequest):
    """A Galileo API key to be issued; its name goes into the description.

    Attributes:
        project_id: the project that the key is limited to, a UUID.
        project_role: one of ROLES, the role of the key in that project.
        api_key: a value made by you; without one, Galileo makes it.
    """

    project_id: UUID | None = None
    project_role: str | None = None
    api_key: Secret | None = None

    def __init__(
        self,
        *,
        name: str,
        expires_in: timedelta | None = None,
        expires_at: datetime | None = None,
        project_id: UUID | str | None = None,
        project_role: str | None = None,
        api_key: Secret | str | None = None,
    ) -> None:
        api_key = None if api_key is None else Secret.wrap(api_key)
        KeyRequest.__init__(self, name=name, expires_in=expires_in, expires_at=expires_at)
        if project_role is not None and project_role not in ROLES:
            raise invalid("project_role", "it is unknown", f"Give one of {', '.join(ROLES)}.")
        if api_key is not None and usable_secret(api_key.reveal()) is None:
            raise invalid("api_key", "it is empty, or holds a blank or a control character", "Give a printable value.")
        if api_key is not None and api_key.reveal() in name:
            raise invalid("api_key", "it stands in the name, which is shown", "Give another name or value.")
        object.__setattr__(
            self, "project_id", None if project_id is None else read_uuid(project_id, field="project_id")
        )
        object.__setattr__(self, "project_role", project_role)
        object.__setattr__(self, "api_key", api_key)


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID in its one form with four hyphens, in whichever case."""
    return _UUID.fullmatch(text) is not None


def read_uuid(value: object, *, field: str) -> UUID:
    """Return `value` as a UUID. Raises InvalidRequestError, naming `field`, where it is none."""
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and is_uuid(value):
        return UUID(value)
    raise invalid(field, "it is not a UUID", "Give it as Galileo shows it.")
