"""What the command tells of keys, users, approvals and secrets: names and values, ready for JSON.

Times are ISO 8601 in UTC, states are one word, and no value of a key or secret is among them. A time that UTC has no
year for keeps its own offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum

from issuant.inventory import Approval, Identity, ItemProblem, KeyInfo, UserInfo
from issuant.keys import StoredSecret

Facts = dict[str, object]

UNCERTAIN = "it is set up so, the provider does not tell"
"""What people are told of a caller that is not certain."""


def moment(when: datetime | None) -> str | None:
    """Return a time as it is printed."""
    if when is None:
        return None
    try:
        return when.astimezone(UTC).isoformat()
    except OverflowError:  # in UTC it is before the year 1, or after the year 9999
        return when.isoformat()


def word(state: Enum) -> str:
    """Return a state as one word, such as `pending_approval`."""
    return str(state.value).replace(" ", "_")


def of_key(key: KeyInfo) -> Facts:
    """Return what is told of a key."""
    return {
        "provider": key.provider,
        "id": key.id,
        "name": key.name,
        "status": word(key.status),
        "owner": key.owner,
        "account": key.account,
        "role": key.role,
        "created_at": moment(key.created_at),
        "expires_at": moment(key.expires_at),
        "last_used": moment(key.last_used),
        "hint": key.hint,
        "annotations": dict(key.annotations),
        "request_id": key.request_id,
    }


def of_user(user: UserInfo) -> Facts:
    """Return what is told of a user."""
    return {
        "provider": user.provider,
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "service_account": user.is_service_account,
        "state": user.state,
        "created_at": moment(user.created_at),
        "request_id": user.request_id,
    }


def of_secret(secret: StoredSecret) -> Facts:
    """Return what is told of a secret that a provider keeps."""
    return {
        "provider": secret.provider,
        "id": secret.id,
        "name": secret.name,
        "key_name": secret.key_name,
        "request_id": secret.request_id,
    }


def of_identity(identity: Identity) -> Facts:
    """Return what is told of whom a credential speaks for."""
    return {
        "provider": identity.provider,
        "id": identity.id,
        "name": identity.name,
        "email": identity.email,
        "role": identity.role,
        "account": identity.account,
        "certain": identity.is_certain,
        "request_id": identity.request_id,
    }


def of_approval(approval: Approval) -> Facts:
    """Return what is told of a request for approval."""
    return {
        "provider": approval.provider,
        "id": approval.id,
        "state": word(approval.state),
        "name": approval.name,
        "key_id": None if approval.key is None else approval.key.id,
        "candidates": [key.id for key in approval.candidates],
        "asked_at": moment(approval.asked_at),
        "expires_at": moment(approval.expires_at),
        "note": approval.note,
    }


def of_problem(problem: ItemProblem, provider: str) -> Facts:
    """Return what is told of an item that cannot be read."""
    return {
        "warning": "ItemProblem",
        "provider": provider,
        "position": problem.position,
        "id": problem.id,
        "name": problem.name,
        "faults": list(problem.faults),
        "request_id": problem.request_id,
    }


def joined(facts: Mapping[str, object]) -> Facts:
    """Return facts for people: lists and mappings as text, yes and no for what is or is not."""
    return {name: _joined(value) for name, value in facts.items()}


def _joined(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name}={text}" for name, text in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value
