"""Galileo: API keys of the caller.

Facts
- POST /v2/users/api_keys shows the value (`api_key`) in its reply alone. The request may bring the value itself;
  whether a duplicate or an odd format is refused is unverified.
- The API key goes into the header Galileo-API-Key; newer documents also name Splunk-AO-API-Key.
- 422 is {detail: [{loc, msg, type, input}]}, where input may echo a value and is never read;
  some paths answer {"detail": "a text"}. 401 is undeclared.
- Ids are UUIDs, of which a malformed one must not cost the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from issuant_galileo import models
from issuant_galileo.api.api_keys import create_api_key
from issuant_galileo.models import CollaboratorRole
from issuant_galileo.servers import SERVERS
from issuant_galileo.types import UNSET, Unset

from issuant.auth.header import BasicAuth, HeaderAuth, credential
from issuant.clock import Clock
from issuant.custody import Outcome, deliver
from issuant.errors import CredentialError, FieldProblem
from issuant.flow import Call, Flow, exchange
from issuant.keys import Capabilities, IssuedKey, KeyRequest, Sink, VendorFields, invalid
from issuant.providers import Option, Provider, base_url_variable, specific, variable
from issuant.replies import Reading, Reply, model, refusal, unusable, usable_secret
from issuant.secret import Secret

NAME = "galileo"
DEFAULT_HEADER = "Galileo-API-Key"

_CREDENTIAL = "an API key, or GALILEO_USERNAME and GALILEO_PASSWORD to a login"

ROLES = tuple(role.value for role in CollaboratorRole)


@dataclass(frozen=True, init=False)
class GalileoAccount:
    """A Galileo user: an API key, or a user name and password (basic auth).

    `header` is the header that an API key goes into.
    Raises CredentialError, naming the argument, for one that is missing or malformed, or where both kinds are given.
    """

    provider: ClassVar[str] = NAME
    # Defaults, so that one that refuses its arguments half made can still be printed by a traceback.
    api_key: Secret | None = None
    username: str | None = None
    password: Secret | None = None
    header: str = DEFAULT_HEADER

    def __init__(
        self,
        *,
        api_key: Secret | str | None = None,
        username: str | None = None,
        password: Secret | str | None = None,
        header: str = DEFAULT_HEADER,
    ) -> None:
        password = None if password is None else Secret.wrap(password)
        api_key = None if api_key is None else Secret.wrap(api_key)
        has_login = username is not None or password is not None
        if api_key is not None or not has_login:
            api_key = credential(api_key, field="api_key")
        if api_key is not None and has_login:
            raise CredentialError("both an API key and a login are given.", advice="Give one.", field="api_key")
        if has_login and (not username or not password):
            field = "password" if username else "username"
            raise CredentialError(f"{field} is missing.", advice="Give username and password.", field=field)
        object.__setattr__(self, "api_key", api_key)
        object.__setattr__(self, "username", username)
        object.__setattr__(self, "password", password)
        object.__setattr__(self, "header", header)

    @property
    def credentials(self) -> tuple[Secret, ...]:
        return tuple(secret for secret in (self.api_key, self.password) if secret is not None)

    def auth(self, base_url: str) -> httpx.Auth:
        if self.api_key is not None:
            return HeaderAuth(self.api_key, header=self.header)
        return BasicAuth(self.username or "", self.password or Secret(""))


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
        object.__setattr__(self, "project_id", _uuid(project_id))
        object.__setattr__(self, "project_role", project_role)
        object.__setattr__(self, "api_key", api_key)


def _uuid(value: UUID | str | None) -> UUID | None:
    if value is None or isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        pass
    raise invalid("project_id", "it is not a UUID", "Give the project's id.")


class GalileoAdapter:
    """Translates for Galileo."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def issue(self, request: KeyRequest, sink: Sink | None) -> Flow[Outcome]:
        """Issue an API key for the caller."""
        asked = specific(request, GalileoKeyRequest, provider=NAME)
        return (yield from deliver(self._issue(self._call(asked)), sink, asked.api_key))

    def _call(self, asked: GalileoKeyRequest) -> Call:
        expiry = asked.expiry(self._clock())
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
        )

    def _issue(self, call: Call) -> Flow[Outcome]:
        reply = yield from exchange(call)
        if not reply.succeeded:
            raise refusal(reply, self._clock(), _explain)
        issued = _issued(reply)
        if not isinstance(issued, IssuedKey):
            raise unusable(reply, issued, id_field="id", value_field="api_key")
        return issued


def _issued(reply: Reply) -> IssuedKey | tuple[str, ...]:
    """Return the key in a reply, or what makes the reply unusable.

    It holds the reply as plain text and so raises nothing: a traceback would keep its locals.
    """
    found = reply.fields()
    key = model(models.CreateApiKeyResponse.from_dict, found)
    if key is None or found is None:
        return ()
    value = reply.issued(key.api_key)
    read = Reading(Unset, value)
    read.names(found)
    issued_id = read.identifier(key.id, "id")
    name = read.text(key.description, "description")
    created_at = read.moment(key.created_at, "created_at")
    expires_at = read.moment(key.expires_at, "expires_at")
    last_used = read.moment(key.last_used, "last_used")
    owner = read.identifier(key.created_by, "created_by")
    hint = read.text(key.truncated, "truncated")
    read.moment(key.updated_at, "updated_at")
    read.text(getattr(key.project_role, "value", key.project_role), "project_role")
    if value is None:
        read.faults.append("api_key is not a usable value")
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
        request_id=reply.request_id,
        fields=found.without("api_key"),
    )


def _explain(reply: Reply) -> tuple[str, str | None, tuple[FieldProblem, ...]]:
    detail = (reply.fields() or VendorFields({})).get("detail")
    problems = reply.redactor.problems(detail)
    words = "; ".join(f"{'.'.join(map(str, item.location))}: {item.message}" for item in problems)
    return words or reply.redactor.text(detail), None, problems


def _account(env: Mapping[str, str]) -> GalileoAccount:
    header = env.get("GALILEO_API_KEY_HEADER", "").strip() or DEFAULT_HEADER
    if not env.get("GALILEO_API_KEY", "").strip() and env.get("GALILEO_USERNAME", "").strip():
        password = Secret(variable(env, "GALILEO_PASSWORD", provider=NAME, holds="the password"))
        return GalileoAccount(username=env["GALILEO_USERNAME"].strip(), password=password)
    key = credential(
        variable(
            env,
            "GALILEO_API_KEY",
            provider=NAME,
            holds=_CREDENTIAL,
        ),
        field="GALILEO_API_KEY",
    )
    return GalileoAccount(api_key=key, header=header)


def _base_url(env: Mapping[str, str]) -> str | None:
    api, console = base_url_variable(env, "GALILEO_API_URL"), base_url_variable(env, "GALILEO_CONSOLE_URL")
    if api is not None or console is None or urlsplit(console).hostname == "app.galileo.ai":
        return api
    # A console of one's own means a cluster of one's own; its key must not go to the public one.
    raise CredentialError(
        "GALILEO_CONSOLE_URL is set, and GALILEO_API_URL is not.",
        advice="Set GALILEO_API_URL to the base URL of that cluster's API.",
        field="GALILEO_API_URL",
        provider=NAME,
    )


PROVIDER = Provider(
    name=NAME,
    title="Galileo",
    servers=SERVERS,
    capabilities=Capabilities(
        issues_keys=True,
        stores_secrets=False,
        sets_expiry=True,
        needs_approval=False,
        caller_makes="the value, if it likes",
        idempotent_create=False,
        note="A key belongs to the user whose credential asked for it.",
    ),
    request=GalileoKeyRequest,
    options=(
        Option(field="project_id", flag="--project", help="The id of the project that the key is limited to."),
        Option(field="project_role", flag="--project-role", help="Its role there.", kind="choice", choices=ROLES),
        Option(
            field="api_key",
            flag="--value-from",
            help="A file with a value made by you, - for standard input.",
            kind="secret-file",
        ),
    ),
    variables={
        "GALILEO_API_KEY": "an API key",
        "GALILEO_API_KEY_HEADER": "the header it goes into (optional)",
        "GALILEO_USERNAME": "a user name, where there is no API key",
        "GALILEO_PASSWORD": "the password of that user",
        "GALILEO_API_URL": "another base URL (optional)",
        "GALILEO_CONSOLE_URL": "the console of a cluster of your own (needs GALILEO_API_URL)",
    },
    account=_account,
    base_url=_base_url,
    adapter=lambda _, clock: GalileoAdapter(clock),
)
