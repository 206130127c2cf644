"""Fireworks AI: API keys of a user, and stored secrets of an account.

Facts
- POST …/users/{user_id}/apiKeys shows the value (`key`) in its reply alone. An expiry that is absent means never.
- A secret's `name` is documented as accounts/<account>/secrets/<id>; a bare id is in use as well (unverified).
  The full name is sent.
- Errors are google.rpc.Status, {code, message, details} (unverified on the wire).
- No idempotency key is known: a create is sent once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import httpx
from issuant_fireworks import models
from issuant_fireworks.api.gateway import create_api_key, create_secret
from issuant_fireworks.servers import SERVERS
from issuant_fireworks.types import UNSET, Unset

from issuant.auth.header import BearerAuth, credential
from issuant.clock import Clock
from issuant.custody import Outcome, deliver
from issuant.errors import FieldProblem
from issuant.flow import Call, Flow, exchange
from issuant.keys import Capabilities, IssuedKey, KeyRequest, Sink, StoredSecret, VendorFields, invalid
from issuant.providers import Account, Option, Provider, base_url_variable, path_part, specific, variable
from issuant.replies import Reading, Reply, model, refusal, unusable
from issuant.secret import Secret, is_unicode

NAME = "fireworks"

_NOTHING = Secret("")

_SECRET_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
_LONGEST_NAME = 1000  # a resource name: an account, an id, and the words between
_STORED_WORDS = "accounts/secrets/name/keyName"  # in every reply, whatever the value is
_KEY_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")


@dataclass(frozen=True, init=False)
class FireworksAccount:
    """A Fireworks account: an API key, the account it acts in, and the user that keys are issued for.

    Raises CredentialError, naming the argument, for one that is missing or malformed.
    """

    provider: ClassVar[str] = NAME
    # Defaults, so that one that refuses its arguments half made can still be printed by a traceback.
    api_key: Secret = _NOTHING
    account_id: str | None = None
    user_id: str | None = None

    def __init__(self, *, api_key: Secret | str, account_id: str | None = None, user_id: str | None = None) -> None:
        api_key = Secret.wrap(api_key)
        api_key = credential(api_key, field="api_key")
        object.__setattr__(self, "api_key", api_key)
        object.__setattr__(self, "account_id", account_id)
        object.__setattr__(self, "user_id", user_id)

    @property
    def credentials(self) -> tuple[Secret, ...]:
        return (self.api_key,)

    def auth(self, base_url: str) -> httpx.Auth:
        return BearerAuth(self.api_key)


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


class FireworksAdapter:
    """Translates for Fireworks."""

    def __init__(self, account: Account, clock: Clock) -> None:
        if not isinstance(account, FireworksAccount):
            raise TypeError(f"a FireworksAccount is needed, not {type(account).__name__}")
        self._account = account
        self._clock = clock

    def issue(self, request: KeyRequest, sink: Sink | None) -> Flow[Outcome]:
        """Issue an API key for a user."""
        call = self._issue_call(specific(request, FireworksKeyRequest, provider=NAME))
        return (yield from deliver(self._issue(call), sink))

    def _issue_call(self, asked: FireworksKeyRequest) -> Call:
        annotations = models.GatewayApiKeyInputAnnotations()
        annotations.additional_properties.update(asked.annotations)
        expiry = asked.expiry(self._clock())
        key = models.GatewayApiKeyInput(
            display_name=asked.name,
            expire_time=UNSET if expiry is None else expiry,
            annotations=annotations if asked.annotations else UNSET,
        )
        return Call(
            operation="issue",
            arguments=create_api_key._get_kwargs(
                path_part(
                    asked.account_id or self._account.account_id, field="account_id", variable="FIREWORKS_ACCOUNT_ID"
                ),
                path_part(asked.user_id or self._account.user_id, field="user_id", variable="FIREWORKS_USER_ID"),
                body=models.GatewayCreateApiKeyBody(api_key=key),
            ),
        )

    def _issue(self, call: Call) -> Flow[Outcome]:
        reply = yield from exchange(call)
        if not reply.succeeded:
            raise refusal(reply, self._clock(), _explain)
        issued = _issued(reply)
        if not isinstance(issued, IssuedKey):
            raise unusable(reply, issued, id_field="keyId", value_field="key")
        return issued

    def put_secret(self, *, id: str, key_name: str, value: Secret, account_id: str | None) -> Flow[StoredSecret]:  # noqa: A002
        """Store a secret of the account."""
        account = path_part(account_id or self._account.account_id, field="account_id", variable="FIREWORKS_ACCOUNT_ID")
        if not isinstance(id, str) or not _SECRET_ID.match(id):
            raise invalid("id", "it is not lower case letters, digits and hyphens", "Give one like my-key.")
        if not isinstance(key_name, str) or not _KEY_NAME.match(key_name):
            raise invalid("key_name", "it is not upper case with underscores", "Give one like WOLFRAM_ALPHA_API_KEY.")
        if not value:
            raise invalid("value", "it is empty or no text", "Give the secret's value.")
        if not is_unicode(value.reveal()):
            raise invalid("value", "it holds half a surrogate pair, which is no UTF-8", "Check how it was read.")
        reply = yield from exchange(_put_call(account, id, key_name, value))
        if not reply.succeeded:
            raise refusal(reply, self._clock(), _explain)
        stored = _stored(reply, None if value.reveal() in f"{account}/{id}/{key_name}/{_STORED_WORDS}" else value)
        if not isinstance(stored, StoredSecret):
            raise unusable(reply, stored, id_field="name")
        return stored


# What follows holds values and replies as plain text, so none of it raises: a traceback would keep its locals.


def _issued(reply: Reply) -> IssuedKey | tuple[str, ...]:
    """Return the key in a reply, or what makes the reply unusable."""
    found = reply.fields()
    key = model(models.GatewayApiKey.from_dict, found)
    if key is None or found is None:
        return ()
    value = reply.issued(key.key)
    read = Reading(Unset, value)
    read.names(found)
    issued_id = read.identifier(key.key_id, "keyId")
    name = read.text(key.display_name, "displayName")
    created_at = read.moment(key.create_time, "createTime")
    expires_at = read.moment(key.expire_time, "expireTime")
    last_used = read.moment(key.last_used, "lastUsed")
    owner = read.text(key.email, "email")
    hint = read.text(key.prefix, "prefix")
    annotations = read.texts(getattr(key.annotations, "additional_properties", key.annotations), "annotations")
    if value is None:
        read.faults.append("key is not a usable value")
    if value is None or issued_id is None or read.faults:
        return tuple(read.faults)
    return IssuedKey(
        provider=NAME,
        id=issued_id,
        name=name or "",
        secret=value,
        expires_at=expires_at,
        created_at=created_at,
        last_used=last_used,
        owner=owner,
        hint=hint,
        annotations=annotations,
        request_id=reply.request_id,
        fields=found.without("key"),
    )


def _put_call(account: str, id: str, key_name: str, value: Secret) -> Call:  # noqa: A002 - the field's own name
    body = models.GatewaySecretInput(name=f"accounts/{account}/secrets/{id}", key_name=key_name, value=value.reveal())
    return Call(operation="put_secret", arguments=create_secret._get_kwargs(account, body=body), secrets=(value,))


def _stored(reply: Reply, value: Secret | None) -> StoredSecret | tuple[str, ...]:
    """Return the stored secret in a reply, or what makes the reply unusable."""
    found = reply.fields()
    secret = model(models.GatewaySecret.from_dict, found)
    if secret is None or found is None:
        return ()
    read = Reading(Unset, value)
    read.names(found)
    stored_name = read.identifier(secret.name, "name", most=_LONGEST_NAME)
    stored_key_name = read.text(secret.key_name, "keyName")
    if stored_name is None or stored_key_name is None or read.faults:
        return tuple(read.faults) or ("keyName is absent",)
    return StoredSecret(
        provider=NAME,
        id=stored_name.rsplit("/", 1)[-1],
        name=stored_name,
        key_name=stored_key_name,
        request_id=reply.request_id,
        fields=found.without("value"),
    )


def _explain(reply: Reply) -> tuple[str, str | None, tuple[FieldProblem, ...]]:
    found = reply.fields() or VendorFields({})
    return reply.redactor.text(found.get("message")), reply.redactor.code(found.get("code")), ()


def _account(env: Mapping[str, str]) -> FireworksAccount:
    key = credential(variable(env, "FIREWORKS_API_KEY", provider=NAME, holds="an API key"), field="FIREWORKS_API_KEY")
    return FireworksAccount(
        api_key=key,
        account_id=env.get("FIREWORKS_ACCOUNT_ID", "").strip() or None,
        user_id=env.get("FIREWORKS_USER_ID", "").strip() or None,
    )


PROVIDER = Provider(
    name=NAME,
    title="Fireworks AI",
    servers=SERVERS,
    capabilities=Capabilities(
        issues_keys=True,
        stores_secrets=True,
        sets_expiry=True,
        needs_approval=False,
        caller_makes="nothing",
        idempotent_create=False,
        note="Only admins issue keys for service accounts and for other users.",
    ),
    request=FireworksKeyRequest,
    options=(
        Option(field="account_id", flag="--account", help="The account, instead of FIREWORKS_ACCOUNT_ID."),
        Option(field="user_id", flag="--user", help="The user or service account, instead of FIREWORKS_USER_ID."),
        Option(field="annotations", flag="--annotation", help="A NAME=VALUE to keep with the key.", kind="pairs"),
    ),
    variables={
        "FIREWORKS_API_KEY": "an API key",
        "FIREWORKS_ACCOUNT_ID": "the account to act in",
        "FIREWORKS_USER_ID": "the user that keys are issued for",
        "FIREWORKS_BASE_URL": "another base URL (optional)",
    },
    account=_account,
    base_url=lambda env: base_url_variable(env, "FIREWORKS_BASE_URL"),
    adapter=FireworksAdapter,
)
