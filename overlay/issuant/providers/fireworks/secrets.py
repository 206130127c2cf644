"""Fireworks' stored secrets in its own words. Owns the calls, and reading what comes back.

What reads holds replies as plain text, so none of it raises: a traceback would keep its locals.
"""

from __future__ import annotations

from issuant_fireworks import models
from issuant_fireworks.api.gateway import create_secret, delete_secret, get_secret, list_secrets, update_secret
from issuant_fireworks.types import Unset

from issuant.advice import AGAIN, LOOK_FIRST
from issuant.flow import Call
from issuant.inventory import Page
from issuant.keys import StoredSecret, VendorFields
from issuant.providers.fireworks.account import NAME
from issuant.providers.fireworks.wire import exposed, faults_of, page_of, read_list, read_name
from issuant.replies import Reading, Reply, model
from issuant.secret import Secret

_WORDS = "accounts/secrets/name/keyName"  # in every reply, whatever the value is


def create_call(account: str, id: str, key_name: str, value: Secret, *, repeats: bool) -> Call:  # noqa: A002
    """Return the call that stores a new secret."""
    body = models.GatewaySecretInput(name=f"accounts/{account}/secrets/{id}", key_name=key_name, value=value.reveal())
    return Call(
        operation="put_secret",
        arguments=create_secret._get_kwargs(account, body=body),
        secrets=(value,),
        repeats=repeats,
        id_field="name",
        held={"advice": AGAIN if repeats else LOOK_FIRST},
    )


def update_call(account: str, id: str, key_name: str, value: Secret) -> Call:  # noqa: A002 - the field's own name
    """Return the call that puts another value in the place of a secret's."""
    body = models.GatewayUpdateSecretBody(key_name=key_name, value=value.reveal())
    return Call(
        operation="put_secret",
        arguments=update_secret._get_kwargs(account, id, body=body),
        secrets=(value,),
        repeats=True,
        id_field="name",
        held={"advice": AGAIN},
    )


def list_call(account: str, token: str | None) -> Call:
    """Return the call that lists a page of the account's secrets."""
    return Call(operation="secrets", arguments=list_secrets._get_kwargs(account, **page_of(token)), reads=True)


def get_call(account: str, id: str) -> Call:  # noqa: A002 - the field's own name
    """Return the call that asks for one secret."""
    return Call(operation="secret", arguments=get_secret._get_kwargs(account, id), reads=True)


def delete_call(account: str, id: str) -> Call:  # noqa: A002 - the field's own name
    """Return the call that deletes a secret."""
    return Call(operation="delete_secret", arguments=delete_secret._get_kwargs(account, id), repeats=True)


def traced(account: str, id: str, key_name: str, value: Secret) -> Secret | None:  # noqa: A002
    """Return the value by which a reply that repeats it is recognised, None where every reply would seem to."""
    return None if value.reveal() in f"{account}/{id}/{key_name}/{_WORDS}" else value


def read_created(reply: Reply, value: Secret | None) -> StoredSecret | tuple[str, ...]:
    """Return the secret in the reply to a create, or what makes the reply unusable."""
    found = reply.fields()
    return () if found is None else _read(reply, found, model(models.GatewaySecret.from_dict, found), value)


def read_updated(reply: Reply, value: Secret | None) -> StoredSecret | tuple[str, ...]:
    """Return the secret in the reply to an update, or what makes the reply unusable."""
    found = reply.fields()
    return () if found is None else _read(reply, found, model(models.GatewayStoredSecret.from_dict, found), value)


def read_found(reply: Reply) -> StoredSecret | tuple[str, ...]:
    """Return the secret in the reply to a question for it, or what makes the reply unusable."""
    found = reply.fields()
    return () if found is None else _read_item(reply, found)


def read_listed(reply: Reply) -> tuple[Page[StoredSecret], str | None] | list[str]:
    """Return a page of secrets and the token of the next one, or what makes the reply unusable."""
    return read_list(reply, "secrets", lambda fields: _read_item(reply, fields), id_field="name", name_field="keyName")


def _read_item(reply: Reply, found: VendorFields) -> StoredSecret | tuple[str, ...]:
    value = exposed(found, "value")
    return _read(reply, found, model(models.GatewayStoredSecret.from_dict, found), value)


def _read(
    reply: Reply,
    found: VendorFields,
    secret: models.GatewaySecret | models.GatewayStoredSecret | None,
    value: Secret | None,
) -> StoredSecret | tuple[str, ...]:
    read = Reading(Unset, value)
    if secret is None:
        read.faults.append("it is not as documented")
        return faults_of(reply, read, value)
    read.names(found)
    name, secret_id = read_name(read, secret.name)
    key_name = read.text(secret.key_name, "keyName")
    if key_name is None:
        read.faults.append("keyName is absent")
    if key_name is None or read.faults:
        return faults_of(reply, read, value)
    return StoredSecret(
        provider=NAME,
        id=secret_id,
        name=name,
        key_name=key_name,
        request_id=reply.request_id,
        fields=found.without("value"),
    )
