"""How the keys of a credential are asked for, as JSON. Owns what of a request is kept: all that is the same each time.

Facts
- What is made anew for each key is not kept: its name, its value or key pair, an idempotency key. Who gives one would
  have it for the first key only, so it is refused. A secret could not be written anyway.
- A lifetime is kept, in seconds, and counted anew for each key. A time of expiry could not be: it is refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from issuant.errors import InvalidRequestError, JournalCorruptError
from issuant.keys import KeyRequest, invalid

if TYPE_CHECKING:
    from issuant.providers import Provider

_MADE_ANEW = frozenset({"api_key", "csr_pem", "idempotency_key"})
_LIFETIME = "lifetime"


def dumps(request: KeyRequest) -> str:
    """Return what of a request is kept for the next key.

    Raises InvalidRequestError, naming the field, for what cannot be the same for the next one.
    """
    if request.expires_at is not None:
        raise invalid("expires_at", "the next key could not expire at the same time", "Give a lifetime.")
    kept: dict[str, object] = {}
    for name in _kept(type(request)) | _MADE_ANEW:
        value = getattr(request, name, None)
        if value is None:
            continue
        if name in _MADE_ANEW:
            raise invalid(name, "it is made anew for each key of a credential", "Leave it out.")
        kept[name] = _plain(name, value)
    if request.expires_in is not None:
        kept[_LIFETIME] = request.expires_in.total_seconds()
    return json.dumps(kept, sort_keys=True)


def loads(provider: Provider, text: str, *, name: str, expires_in: timedelta | None = None) -> KeyRequest:
    """Return the request for a credential's next key, of the provider's own class.

    Args:
        provider: the provider.
        text: what `dumps` returned.
        name: what the key is to be called.
        expires_in: its lifetime; None: the one that was kept.

    Raises JournalCorruptError for what `dumps` cannot have returned, InvalidRequestError where the provider refuses a
    field by now, or the name or lifetime.
    """
    kept = _parsed(text)
    lifetime = kept.pop(_LIFETIME, None)
    is_kept = kept.keys() <= _kept(provider.request)
    is_time = lifetime is None or (isinstance(lifetime, int | float) and math.isfinite(lifetime))
    if not (is_kept and is_time):
        raise _unreadable()
    if expires_in is None and lifetime is not None:
        expires_in = timedelta(seconds=lifetime)
    fields: dict[str, Any] = {**kept, "name": name, "expires_in": expires_in}
    return provider.request(**fields)


def _kept(kind: type[KeyRequest]) -> frozenset[str]:
    """Return the names of the fields that a provider's class of request adds, and that are the same for each key."""
    return frozenset(item.name for item in fields(kind)) - {item.name for item in fields(KeyRequest)} - _MADE_ANEW


def _plain(name: str, value: object) -> object:
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping) and all(isinstance(text, str) for pair in value.items() for text in pair):
        return dict(value)
    raise InvalidRequestError(f"{name}: a {type(value).__name__} cannot be kept for the next key.", field=name)


def _parsed(text: str) -> dict[str, Any]:
    found: object = None
    with suppress(ValueError, RecursionError):
        found = json.loads(text)
    if not isinstance(found, dict):
        raise _unreadable()
    return found


def _unreadable() -> JournalCorruptError:
    return JournalCorruptError(
        "how a credential's keys are asked for cannot be read.",
        advice="Enter the credential again: `issuant forget`, then `issuant adopt`.",
    )
