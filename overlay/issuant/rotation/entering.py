"""A credential as it is entered: what is asked for, where its value is kept, and what its provider has to bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from issuant.errors import UnsupportedError
from issuant.keys import KeyRequest, invalid
from issuant.providers import Provider, specific
from issuant.rotation.placing import id_place, is_id_place
from issuant.rotation.records import Credential
from issuant.rotation.templates import dumps
from issuant.sinks import lasting

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.turning import Turning


def entry(
    name: str,
    provider: Provider,
    base_url: str,
    account: Account,
    request: KeyRequest,
    places: tuple[str, ...],
    now: datetime,
) -> Credential:
    """Return a credential that has no key yet; what it is good within is not known yet either."""
    asked = specific(request, provider.request, provider=provider.name)
    return Credential(
        name=name,
        provider=provider.name,
        base_url=base_url,
        scope="",
        stem=asked.name,
        request=dumps(asked),
        sinks=places,
        key_id=None,
        key_name=None,
        owner=turning_of(provider).owner(account, asked),
        expires_at=None,
        fingerprint=None,
        entered_at=now,
        rotated_at=None,
    )


def places(sinks: Sequence[str], id_sinks: Sequence[str]) -> tuple[str, ...]:
    """Return the lines of the places that take the value, and of those that take the id.

    Raises InvalidRequestError for what is no list of texts, SinkNotReadyError for a text that names no sink.
    """
    return (*_lasting(sinks, "sinks"), *map(id_place, _lasting(id_sinks, "id_sinks")))


def moved(credential: Credential, sinks: Sequence[str] | None) -> Credential:
    """Return a credential as it is when its value is kept in `sinks`; where its id goes stays."""
    if sinks is None:
        return credential
    ids = (place for place in credential.sinks if is_id_place(place))
    return replace(credential, sinks=(*_lasting(sinks, "sinks"), *ids))


def _lasting(sinks: Sequence[str], field: str) -> tuple[str, ...]:
    if isinstance(sinks, str) or not all(isinstance(sink, str) for sink in sinks):
        raise invalid(field, "it is no list of texts", 'Give one such as ["file:PATH"].')
    return tuple(map(lasting, sinks))


def turning_of(provider: Provider) -> Turning:
    """Return how a provider's keys are rotated. Raises UnsupportedError where they cannot be."""
    if provider.turning is None:
        raise UnsupportedError(
            f"keys of {provider.title} cannot be rotated here.",
            advice="Issue a new key, and revoke the old one.",
            provider=provider.name,
            operation="rotate",
        )
    return provider.turning
