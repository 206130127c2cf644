"""Galileo's API keys in its own words. Owns the calls, and reading what comes back.

What reads holds replies as plain text, so none of it raises: a traceback would keep its locals.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from issuant_galileo import models
from issuant_galileo.api.api_keys import create_api_key, delete_api_key, list_api_keys
from issuant_galileo.api.auth import get_current_user
from issuant_galileo.models import CollaboratorRole
from issuant_galileo.types import UNSET, Unset

from issuant.flow import Call
from issuant.inventory import Identity, KeyInfo, Page, status_by_time
from issuant.keys import IssuedKey, VendorFields
from issuant.pages import read_page
from issuant.providers.galileo.account import NAME
from issuant.providers.galileo.request import GalileoKeyRequest
from issuant.replies import Explanation, Reading, Reply, model

_DENIAL = re.compile(r"not (?:found|deleted|allowed)|fail|error|denied|unable|cannot", re.IGNORECASE)

PAGE_SIZE = 100  # the vendor's default; what it takes at most is unverified


def create_call(asked: GalileoKeyRequest, expiry: datetime | None) -> Call:
    """Return the call that issues a key."""
    body = models.CreateApiKeyRequest(
        description=asked.name,
        expires_at=UNSET if expiry is None else expiry,
        project_id=UNSET if asked.project_id is None else asked.project_id,
        project_role=UNSET if asked.project_role is None else CollaboratorRole(asked.project_role),
        api_key=UNSET if asked.api_key is None else asked.api_key.reveal(),
    )
    return Call(
        operation="issue",
        arguments=create_api_key._get_kwargs(body=body),
        secrets=() if asked.api_key is None else (asked.api_key,),
        id_field="id",
        value_field="api_key",
    )


def list_call(user: UUID, start: int) -> Call:
    """Return the call that lists a page of a user's keys, from the one that has so many before it."""
    return Call(
        operation="keys",
        arguments=list_api_keys._get_kwargs(user, starting_token=start, limit=PAGE_SIZE),
        reads=True,
    )


def delete_call(key: UUID) -> Call:
    """Return the call that deletes a key."""
    return Call(operation="revoke", arguments=delete_api_key._get_kwargs(key), repeats=True)


def confirms_removal(fields: VendorFields) -> bool:
    """Tell whether the reply to a deletion confirms it: it has a message, and that does not deny it (unverified)."""
    message = fields.get("message")
    return isinstance(message, str) and _DENIAL.search(message) is None


def caller_call(operation: str) -> Call:
    """Return the call that tells who the caller is, for an operation of ours."""
    return Call(operation=operation, arguments=get_current_user._get_kwargs(), reads=True)


def read_issued(reply: Reply) -> IssuedKey | tuple[str, ...]:
    """Return the key in a reply, or what makes the reply unusable."""
    found = reply.fields()
    key = model(models.CreateApiKeyResponse.from_dict, found)
    if key is None or found is None:
        return ()
    value = reply.issued(key.api_key)
    read = Reading(Unset, value)
    read.names(found)
    facts = _facts(read, key)
    if value is None:
        read.faults.append("api_key is not a usable value")
    if value is None or read.faults:
        return tuple(read.faults)
    return IssuedKey(provider=NAME, secret=value, request_id=reply.request_id, fields=found.without("api_key"), **facts)


def read_listed(reply: Reply, listed: VendorFields, now: datetime) -> Page[KeyInfo]:
    """Return the keys that stand in the `api_keys` of `listed`, with their status at the moment `now`."""
    page = read_page(
        reply,
        listed.get("api_keys"),
        lambda fields: _read_item(reply, fields, now),
        id_field="id",
        name_field="description",
    )
    return page or Page(items=(), request_id=reply.request_id)


def _read_item(reply: Reply, found: VendorFields, now: datetime) -> KeyInfo | tuple[str, ...]:
    key = model(models.GetApiKeyResponse.from_dict, found)
    if key is None:
        return ("it is not as documented",)
    read = Reading(Unset, None)
    facts = _facts(read, key)
    if read.faults:
        return tuple(read.faults)
    return KeyInfo(
        provider=NAME,
        status=status_by_time(facts["expires_at"], now),
        role=read.text(getattr(key.project_role, "value", key.project_role), "project_role"),
        request_id=reply.request_id,
        fields=found.without("api_key"),
        **facts,
    )


def _facts(read: Reading, key: models.CreateApiKeyResponse | models.GetApiKeyResponse) -> dict[str, Any]:
    """Return what an issued key and a listed one both tell."""
    read.moment(key.updated_at, "updated_at")
    read.text(getattr(key.project_role, "value", key.project_role), "project_role")
    return {
        "id": read.identifier(key.id, "id") or "",
        "name": read.text(key.description, "description") or "",
        "created_at": read.moment(key.created_at, "created_at"),
        "expires_at": read.moment(key.expires_at, "expires_at"),
        "last_used": read.moment(key.last_used, "last_used"),
        "owner": read.identifier(key.created_by, "created_by"),
        "hint": read.text(key.truncated, "truncated"),
    }


def read_caller(reply: Reply) -> Identity | tuple[str, ...]:
    """Return who the caller is, or what makes the reply unusable."""
    found = reply.fields()
    user = model(models.CurrentUserDB.from_dict, found)
    if user is None or found is None:
        return ()
    read = Reading(Unset, None)
    user_id = read.identifier(user.id, "id")
    email = read.text(user.email, "email")
    names = (read.text(user.first_name, "first_name"), read.text(user.last_name, "last_name"))
    role = read.text(getattr(user.role, "value", user.role), "role")
    account = read.text(user.organization_name, "organization_name")
    if user_id is None or read.faults:
        return tuple(read.faults)
    return Identity(
        provider=NAME,
        id=user_id,
        name=" ".join(name for name in names if name),
        email=email,
        role=role,
        account=account,
        request_id=reply.request_id,
        fields=found,
    )


def explain(reply: Reply) -> Explanation:
    """Return the words, the code and the fields of an error body."""
    detail = (reply.fields() or VendorFields({})).get("detail")
    problems = reply.redactor.problems(detail)
    words = "; ".join(f"{'.'.join(map(str, item.location))}: {item.message}" for item in problems)
    return words or reply.redactor.text(detail), None, problems
