"""Fireworks' API keys in its own words. Owns the calls, and reading what comes back.

What reads holds replies as plain text, so none of it raises: a traceback would keep its locals.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from issuant_fireworks import models
from issuant_fireworks.api.gateway import create_api_key, delete_api_key, list_api_keys
from issuant_fireworks.types import UNSET, Unset

from issuant.flow import Call
from issuant.inventory import KeyInfo, Page, status_by_time
from issuant.keys import IssuedKey, VendorFields
from issuant.providers.fireworks.account import NAME
from issuant.providers.fireworks.request import FireworksKeyRequest
from issuant.providers.fireworks.wire import exposed, faults_of, page_of, read_list
from issuant.replies import Reading, Reply, model


def create_call(account: str, user: str, asked: FireworksKeyRequest, expiry: datetime | None) -> Call:
    """Return the call that issues a key for a user."""
    annotations = models.GatewayApiKeyInputAnnotations()
    annotations.additional_properties.update(asked.annotations)
    key = models.GatewayApiKeyInput(
        display_name=asked.name,
        expire_time=UNSET if expiry is None else expiry,
        annotations=annotations if asked.annotations else UNSET,
    )
    body = models.GatewayCreateApiKeyBody(api_key=key)
    return Call(
        operation="issue",
        arguments=create_api_key._get_kwargs(account, user, body=body),
        id_field="keyId",
        value_field="key",
    )


def list_call(account: str, user: str, token: str | None) -> Call:
    """Return the call that lists a page of a user's keys."""
    return Call(operation="keys", arguments=list_api_keys._get_kwargs(account, user, **page_of(token)), reads=True)


def delete_call(account: str, user: str, id: str) -> Call:  # noqa: A002 - the field's own name
    """Return the call that deletes a key of a user."""
    body = models.GatewayDeleteApiKeyBody(key_id=id)
    return Call(operation="revoke", arguments=delete_api_key._get_kwargs(account, user, body=body), repeats=True)


def read_issued(reply: Reply, account: str, user: str) -> IssuedKey | tuple[str, ...]:
    """Return the key in a reply, or what makes the reply unusable."""
    found = reply.fields()
    key = model(models.GatewayApiKey.from_dict, found)
    if key is None or found is None:
        return ()
    value = reply.issued(key.key)
    read = Reading(Unset, value)
    facts = _facts(read, key, found)
    if value is None:
        read.faults.append("key is not a usable value")
    if value is None or read.faults:
        return tuple(read.faults)
    return IssuedKey(
        provider=NAME,
        account=account,
        owner=user,
        secret=value,
        request_id=reply.request_id,
        fields=found.without("key"),
        **facts,
    )


def read_listed(reply: Reply, account: str, user: str, now: datetime) -> tuple[Page[KeyInfo], str | None] | list[str]:
    """Return a page of a user's keys and the token of the next one, or what makes the reply unusable.

    Their status is that at the moment `now`.
    """
    return read_list(
        reply,
        "apiKeys",
        lambda fields: _read_item(reply, fields, account, user, now),
        id_field="keyId",
        name_field="displayName",
    )


def _read_item(reply: Reply, found: VendorFields, account: str, user: str, now: datetime) -> KeyInfo | tuple[str, ...]:
    value = exposed(found, "key")
    read = Reading(Unset, value)
    key = model(models.GatewayListedApiKey.from_dict, found)
    if key is None:
        read.faults.append("it is not as documented")
        return faults_of(reply, read, value)
    facts = _facts(read, key, found)
    if read.faults:
        return faults_of(reply, read, value)
    return KeyInfo(
        provider=NAME,
        status=status_by_time(facts["expires_at"], now),
        owner=user,
        account=account,
        request_id=reply.request_id,
        fields=found.without("key"),
        **facts,
    )


def _facts(
    read: Reading, key: models.GatewayApiKey | models.GatewayListedApiKey, found: VendorFields
) -> dict[str, Any]:
    """Return what an issued key and a listed one both tell."""
    read.names(found)
    read.text(key.email, "email")
    return {
        "id": read.identifier(key.key_id, "keyId") or "",
        "name": read.text(key.display_name, "displayName") or "",
        "created_at": read.moment(key.create_time, "createTime"),
        "expires_at": read.moment(key.expire_time, "expireTime"),
        "last_used": read.moment(key.last_used, "lastUsed"),
        "hint": read.text(key.prefix, "prefix"),
        "annotations": read.texts(getattr(key.annotations, "additional_properties", key.annotations), "annotations"),
    }
