"""What can be asked of Fireworks. Owns the fields of a request for a key, and the rules for ids and names.

Facts
- Ids of secrets and users are lower case with hyphens, key names of secrets upper case with underscores. For users this
  is read off the vendor's examples.
- The role `custom` needs a permission preset, which cannot be given here; whether it is refused without is unverified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from issuant_fireworks.models import GatewayUserRole

from issuant.keys import KeyRequest, invalid
from issuant.secret import Secret, is_unicode

ROLES = (*(role.value for role in GatewayUserRole), "custom")

_LONGEST_DISPLAY_NAME = 63  # of a user: "fewer than 64 characters"
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
_KEY_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")


@dataclass(frozen=True, kw_only=True)
class FireworksKeyRequest(KeyRequest):
    """A Fireworks API key to be issued.

    Attributes:
        account_id: the account, where it is not the connection's.
        user_id: the user or service account that shall own the key, where it is not the connection's.
        annotations: key-value pairs to keep with the key.
    """

    account_id: str | None = None
    user_id: str | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        KeyRequest.__post_init__(self)
        if not isinstance(self.annotations, Mapping):
            raise invalid("annotations", "it is no mapping", "Give texts by name.")
        for name, value in self.annotations.items():
            if not isinstance(name, str) or not name or not isinstance(value, str):
                raise invalid("annotations", "a name is empty, or a value is no text", "Give texts by name.")
            if not (is_unicode(name) and is_unicode(value)):
                raise invalid(
                    "annotations", "one holds half a surrogate pair, which is no UTF-8", "Check how it was read."
                )


def check_listed_id(id: object) -> str:  # noqa: A002 - the field's own name
    """Return an id that the vendor gave, of a key or a user. Raises InvalidRequestError for what can be none."""
    if not isinstance(id, str) or not id or not id.isprintable() or id != id.strip():
        raise invalid("id", "it is empty, or has a blank at an end or a control character", "Give it as it is listed.")
    return id


def check_id(id: object) -> str:  # noqa: A002 - the field's own name
    """Return an id that the caller made, of a secret or a new user. Raises InvalidRequestError for others."""
    if not isinstance(id, str) or not _ID.match(id):
        raise invalid("id", "it is not lower case letters, digits and hyphens", "Give one like my-key.")
    return id


def check_secret(key_name: object, value: Secret) -> None:
    """Raise InvalidRequestError for a key name or a value that no secret has."""
    if not isinstance(key_name, str) or not _KEY_NAME.match(key_name):
        raise invalid("key_name", "it is not upper case with underscores", "Give one like WOLFRAM_ALPHA_API_KEY.")
    if not value:
        raise invalid("value", "it is empty or no text", "Give the secret's value.")
    if not is_unicode(value.reveal()):
        raise invalid("value", "it holds half a surrogate pair, which is no UTF-8", "Check how it was read.")


def check_user(role: object, name: object, email: object) -> None:
    """Raise InvalidRequestError for a role, a display name or an address that no user has."""
    if role not in ROLES:
        raise invalid("role", "it is unknown", f"Give one of {', '.join(ROLES)}.")
    if not isinstance(name, str) or not name.isprintable() or len(name) > _LONGEST_DISPLAY_NAME:
        raise invalid("name", f"it is no printable text of at most {_LONGEST_DISPLAY_NAME} characters", "Give another.")
    if email is not None and (not isinstance(email, str) or not email.strip() or not email.isprintable()):
        raise invalid("email", "it is empty or not printable", "Give an address, or leave it out.")
