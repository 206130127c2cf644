"""Galileo: API keys of the caller.

Facts
- POST /v2/users/api_keys shows the value (`api_key`) in its reply alone. The request may bring the value itself;
  whether a duplicate or an odd format is refused is unverified.
- The API key goes into the header Galileo-API-Key; newer documents also name Splunk-AO-API-Key.
- 422 is {detail: [{loc, msg, type, input}]}, where input may echo a value and is never read;
  some paths answer {"detail": "a text"}. 401 is undeclared.
- Ids are UUIDs, of which a malformed one must not cost the key.
- The list is that of a user, whose id GET /current_user tells. A page begins after a number of keys, so that a key
  deleted meanwhile moves another out of sight; `walk` notices.
- A deletion answers 200 with a message, whose words are unverified: one that denies is no confirmation.
"""

from __future__ import annotations

from uuid import UUID

from issuant_galileo.servers import SERVERS

from issuant.clock import Clock
from issuant.custody import Outcome, deliver
from issuant.errors import IssuantError
from issuant.flow import Call, Flow, Stream, answered, removed
from issuant.inventory import Identity, KeyInfo, Page, Removed
from issuant.keys import Capabilities, IssuedKey, KeyRequest, Sink
from issuant.pages import paged
from issuant.providers import Option, Provider, specific
from issuant.providers.galileo import keys
from issuant.providers.galileo.account import (
    DEFAULT_HEADER,
    NAME,
    SCHEMES,
    VARIABLES,
    GalileoAccount,
    Scheme,
    account,
    base_url,
)
from issuant.providers.galileo.request import ROLES, GalileoKeyRequest, is_uuid, read_uuid
from issuant.providers.galileo.turning import GalileoTurning
from issuant.providers.galileo.walk import Walk
from issuant.replies import Reply, unreadable, unusable

__all__ = [
    "DEFAULT_HEADER",
    "PROVIDER",
    "ROLES",
    "SCHEMES",
    "GalileoAccount",
    "GalileoAdapter",
    "GalileoKeyRequest",
    "Scheme",
]


class GalileoAdapter:
    """Translates for Galileo."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._caller: str | None = None

    def issue(self, request: KeyRequest, sink: Sink | None) -> Flow[Outcome]:
        """Issue an API key for the caller."""
        asked = specific(request, GalileoKeyRequest, provider=NAME)
        call = keys.create_call(asked, asked.expiry(self._clock()))
        return (yield from deliver(self._issue(call), sink, asked.api_key))

    def _issue(self, call: Call) -> Flow[Outcome]:
        reply = yield from self._answered(call)
        issued = keys.read_issued(reply)
        if not isinstance(issued, IssuedKey):
            raise unusable(reply, issued)
        return issued

    def keys(self, *, owner: str | None, everyone: bool) -> Stream[KeyInfo]:
        """List the keys of a user, the caller if nobody else is named."""
        user = read_uuid((yield from self._own_id()) if owner is None else owner, field="owner")
        walk = Walk()
        yield from paged(lambda token: self._page(user, walk), provider=NAME, operation="keys")

    def _page(self, user: UUID, walk: Walk) -> Flow[tuple[Page[KeyInfo], str | None]]:
        reply = yield from self._answered(keys.list_call(user, walk.start))
        faults = walk.take(reply)
        if faults:
            raise unreadable(reply, faults)
        page = keys.read_listed(reply, walk.fresh, reply.moment(self._clock()))
        return page, walk.token

    def canonical_id(self, id: str) -> str:  # noqa: A002 - the field's own name
        """Return the id of a key as Galileo writes it, in lower case."""
        return id.lower() if is_uuid(id) else id

    def _own_id(self) -> Flow[str]:
        if self._caller is not None:
            return self._caller
        try:
            return (yield from self._asked_who("keys")).id
        except IssuantError as error:
            error.reason = f"it was asked who calls, and {error.reason}"
            raise

    def revoke(self, id: str, *, owner: str | None) -> Flow[Removed]:  # noqa: A002 - the field's own name
        """Delete a key. Its owner need not be named."""
        reply = yield from removed(
            keys.delete_call(read_uuid(id, field="id")),
            self._clock,
            keys.explain,
            confirms=keys.confirms_removal,
        )
        return Removed(provider=NAME, id=id, request_id=reply.request_id)

    def whoami(self) -> Flow[Identity]:
        """Tell who the caller is."""
        return (yield from self._asked_who("whoami"))

    def _asked_who(self, operation: str) -> Flow[Identity]:
        reply = yield from self._answered(keys.caller_call(operation))
        found = keys.read_caller(reply)
        if not isinstance(found, Identity):
            raise unreadable(reply, found)
        self._caller = found.id
        return found

    def _answered(self, call: Call) -> Flow[Reply]:
        return answered(call, self._clock, keys.explain)


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
        lists_keys=True,
        revokes_keys=True,
        tells_caller=True,
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
    variables=VARIABLES,
    account=account,
    base_url=base_url,
    turning=GalileoTurning(),
    adapter=lambda _, clock: GalileoAdapter(clock),
)
