"""What the bodies of Fireworks requests may hold. Owns the fields of keys, users and secrets; changes nothing.

Facts
- readOnly fields of a request count for nothing.
- The empty display name of a key is the unset one in proto3, and becomes "default". One of blanks alone is refused
  here; what the vendor does with it is not verified.
- A secret's `name` may be its full resource name or the bare id.
- An update of a user must say its role, and leaves alone what else it does not say. The role `custom` is refused, as
  permission presets are not simulated.
- That ids are lower case with hyphens is read off the documents' examples, for users too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .fireworks_state import ROLES
from .fireworks_wire import invalid, read_flag, read_text
from .reading import read_instant

LONGEST_DISPLAY_NAME = 63

_ID = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_USER_ID = re.compile(_ID, re.ASCII)
_SECRET_NAME = re.compile(rf"(?:accounts/([A-Za-z0-9_-]+)/secrets/)?({_ID})", re.ASCII)
_KEY_NAME = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class WantedKey:
    """A key that is asked for."""

    display_name: str = "default"
    expires: datetime | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)


def read_key(body: Mapping[str, object]) -> WantedKey:
    """Return the key that a body asks for. Raises RefusedError for one that cannot be made."""
    wanted = body.get("apiKey")
    if not isinstance(wanted, dict):
        raise invalid("apiKey", "an object is required")
    display_name = read_text(wanted, "displayName")
    if display_name and not display_name.strip():
        raise invalid("displayName", "nothing but blanks")
    expires = read_instant(wanted.get("expireTime"))
    if "expireTime" in wanted and expires is None:
        raise invalid("expireTime", "not an RFC 3339 time with an offset")
    annotations = wanted.get("annotations", {})
    if not isinstance(annotations, dict) or not all(isinstance(value, str) for value in annotations.values()):
        raise invalid("annotations", "not a map of strings")
    return WantedKey(display_name=display_name or "default", expires=expires, annotations=annotations)


def read_key_id(body: Mapping[str, object]) -> str:
    """Return the id of the key that a body means. Raises RefusedError where there is none."""
    return _required(body, "keyId")


def read_user(body: Mapping[str, object]) -> dict[str, Any]:
    """Return what a body says of a user, by the names of User's fields. Raises RefusedError for what cannot be."""
    role, display_name = _required(body, "role"), read_text(body, "displayName")
    if role not in ROLES:
        raise invalid("role", f"not one of {', '.join(ROLES)}")
    if display_name is not None and len(display_name) > LONGEST_DISPLAY_NAME:
        raise invalid("displayName", f"longer than {LONGEST_DISPLAY_NAME} characters")
    said = {
        "role": role,
        "display_name": display_name,
        "email": read_text(body, "email"),
        "service_account": read_flag(body, "serviceAccount"),
    }
    return {name: value for name, value in said.items() if value is not None}


def read_user_id(text: str) -> str:
    """Return a user's id. Raises RefusedError for a text that is none."""
    if _USER_ID.fullmatch(text) is None:
        raise invalid("userId", "not lower case letters, digits and hyphens")
    return text


def user_id_of(email: str) -> str:
    """Return the id that is made of an e-mail address, an empty text where nothing of it will do."""
    return re.sub(r"[^a-z0-9]+", "-", email.partition("@")[0].lower()).strip("-")


def read_secret(body: Mapping[str, object], account_id: str) -> tuple[str, str, str]:
    """Return the full name of a new secret, its key name and its value. Raises RefusedError for what cannot be."""
    name, key_name, value = (_required(body, name) for name in ("name", "keyName", "value"))
    found = _SECRET_NAME.fullmatch(name)
    if found is None or found[1] not in (None, account_id):
        raise invalid("name", f"not an id or accounts/{account_id}/secrets/ and an id")
    return f"accounts/{account_id}/secrets/{found[2]}", _key_name(key_name), value


def read_secret_change(body: Mapping[str, object]) -> tuple[str, str | None]:
    """Return the key name and the value that a secret shall have, None for the one that it has."""
    return _key_name(_required(body, "keyName")), read_text(body, "value")


def _key_name(text: str) -> str:
    if _KEY_NAME.fullmatch(text) is None:
        raise invalid("keyName", "not upper case letters, digits and underscores")
    return text


def _required(body: Mapping[str, object], name: str) -> str:
    text = read_text(body, name)
    if text is None:
        raise invalid(name, "a string is required")
    return text
