"""Fireblocks: API users. A request for one ends in an approval by people, and the key pair is the caller's.

Facts
- POST /management/api_users answers 200 with no body: an approval request has been sent. There is no id and no key
  in it; X-Request-ID is all that it tells, and that this is the id of the approval request is unverified. A 200 with a
  body is nothing that anybody knows, and no success.
- The id of the API user, once approved, is its API key; the private key signs. Nothing secret ever comes back.
- Idempotency-Key: at most 40 characters, good for 24 hours, replays the stored reply. A lost reply is therefore asked
  for again with the same key and the same body, by itself. After an internal error the same key gives 400: the API
  users and all pending approvals are looked at first, and only where neither shows a trace of the request it is sent
  once more, with a new key; never where the caller gave the key, nor after the failure of a gateway. An internal error
  is a 500 in the vendor's own shape, with words and a code: that no other status means one is unverified.
- Roles that sign need a co-signer set-up. Which roles these are is unverified beyond "management/signer role".
- Only admins and non-signing admins list API users; a credential that may not list them lives all the same.
- The approvals are a beta of the vendor. That a request is approved they alone tell; where they do not know it, or are
  not to be read, the state is unknown, and the API users of its name and role are candidates: nothing else links the
  two, and one of that name may be older. A request that is not decided expires after 7 days, which is documented for
  users of the console.
- All that waits is shown to admins, non-signing admins, security admins and security auditors; whoever is refused that
  gets the requests that wait for an approval of their own.
- Approving and rejecting are left to the generated client: an approval is signed with a key for approvals, and a
  program that asks and approves as well defeats the quorum.
- A pairing token is good for an hour from its first issue: repeating an idempotency key brings the old one.
- An API user is renamed, disabled and deleted in the console alone; what the menus are called there is unverified.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from issuant_fireblocks.servers import SERVERS

from issuant.clock import Clock
from issuant.custody import Outcome, check, store_first
from issuant.errors import IssuantError, NotFoundError, PermissionDeniedError
from issuant.flow import Call, Flow, Stream, collect, exchange, offload
from issuant.inventory import Approval, Identity, KeyInfo, Page, PairingToken, WhitelistedIps
from issuant.keys import Capabilities, KeyRequest, PendingApproval, Sink, invalid
from issuant.pages import paged
from issuant.providers import Provider, path_part, specific
from issuant.providers.fireblocks import approvals, refusals, traces, users
from issuant.providers.fireblocks.account import NAME, VARIABLES, FireblocksAccount, account, base_url
from issuant.providers.fireblocks.request import (
    CO_SIGNER_SETUPS,
    LONGEST_NAME,
    OPTIONS,
    ROLES,
    SIGNING_ROLES,
    FireblocksKeyRequest,
    Wanted,
    read_wanted,
    usable_key,
)
from issuant.providers.fireblocks.turning import FireblocksTurning
from issuant.replies import Reply, unreadable, unusable
from issuant.secret import Secret

__all__ = [
    "CO_SIGNER_SETUPS",
    "LONGEST_NAME",
    "NAME",
    "PROVIDER",
    "ROLES",
    "SIGNING_ROLES",
    "FireblocksAccount",
    "FireblocksAdapter",
    "FireblocksKeyRequest",
]

_PAIRING_LIFE = timedelta(hours=1)


class FireblocksAdapter:
    """Translates for Fireblocks."""

    def __init__(self, account: FireblocksAccount, clock: Clock) -> None:
        self._api_key = account.api_key
        self._clock = clock

    def issue(self, request: KeyRequest, sink: Sink | None) -> Flow[Outcome]:
        """Ask for an API user. A private key made here is in the sink, on disk, before anything is sent."""
        asked = specific(request, FireblocksKeyRequest, provider=NAME)
        made: Secret | None = None
        if asked.csr_pem is None:
            from issuant.auth.fireblocks import make_key_pair

            # A request may be refused, and must not have written over a key that is in use.
            found = None if sink is None else (yield from check(sink, vacant=True))
            pair = yield from offload(lambda: make_key_pair(asked.name))
            made, csr_pem = pair.private_key, pair.csr_pem
            if sink is not None:
                yield from store_first(sink, made, found)
        elif sink is None:
            csr_pem = asked.csr_pem
        else:
            raise invalid("sink", "with a request of your own there is no value to store", "Leave the sink out.")
        kept = made if sink is None else None
        stored_in = sink.description if sink is not None else None
        course = traces.Course(key=usable_key(asked.idempotency_key))
        try:
            reply = yield from self._asked_for(asked, csr_pem, made, stored_in, course)
        except IssuantError as error:
            error.private_key = kept
            error.csr_pem = csr_pem
            error.stored_in = stored_in
            course.complete(error)
            raise
        return PendingApproval(
            provider=NAME,
            name=asked.name,
            request_id=reply.request_id,
            idempotency_key=course.key,
            private_key=kept,
            csr_pem=csr_pem,
            role=asked.role,
            stored_in=stored_in,
        )

    def _asked_for(
        self,
        asked: FireblocksKeyRequest,
        csr_pem: str,
        made: Secret | None,
        stored_in: str | None,
        course: traces.Course,
    ) -> Flow[Reply]:
        since = self._clock()
        reply = yield from exchange(users.create_call(asked, csr_pem, course.key, made, stored_in))
        if asked.idempotency_key is None and refusals.is_internal_error(reply):
            since += reply.clock_skew(self._clock()) or timedelta()
            course.seen = yield from self._seen(asked.name, since)
            if not course.seen:
                course.begin_anew(reply.attempts)
                reply = yield from exchange(users.create_call(asked, csr_pem, course.key, made, stored_in))
        if not reply.succeeded:
            raise refusals.refused(reply, self._clock())
        if reply.broke_off or not reply.is_empty:
            raise refusals.with_body(reply)
        return reply

    def _seen(self, name: str, since: datetime) -> Flow[str]:
        """Tell in sentences what of a request for a user there may be; empty where there is certainly nothing."""
        found: list[str] = []

        def take(page: Page[Approval]) -> bool:
            found.append(traces.of_approvals(since, page))
            return bool(found[-1])

        listed = "API users"
        try:
            found.append(traces.of_users(name, (yield from self._listed("issue"))))
            if not found[-1]:
                listed = "all approval requests"
                yield from collect(self._waiting("issue", may_be_part=False), take)
        except IssuantError as error:
            return traces.unseen(listed, error)
        return found[-1]

    def keys(self, *, owner: str | None, everyone: bool) -> Stream[KeyInfo]:
        """List the API users, which nobody owns, all at once."""
        if owner is not None:
            raise invalid("owner", "nobody owns an API user of Fireblocks", "Leave the owner out.")
        yield (yield from self._listed("keys"))

    def whoami(self) -> Flow[Identity]:
        """Find the API user of the credential in the list of all."""
        try:
            page = yield from self._listed("whoami")
        except PermissionDeniedError as error:
            error.advice = refusals.on_listing(error)
            raise
        own = next((key for key in page.items if Secret(key.id) == self._api_key), None)
        if own is None:
            raise refusals.without_caller(page)
        return Identity(
            provider=NAME, id=own.id, name=own.name, role=own.role, request_id=own.request_id, fields=own.fields
        )

    def approval(self, request: PendingApproval | str) -> Flow[Approval]:
        """Tell what became of a request; where Fireblocks does not tell, the API users of its name may."""
        wanted = read_wanted(request)
        told = yield from self._told(wanted)
        if wanted.name is None:
            return approvals.without_name(told)
        if not approvals.leaves_user_open(told):
            return told
        try:
            page = yield from self._listed("approval")
        except PermissionDeniedError:
            page = None
        return approvals.with_user(told, wanted, page)

    def _told(self, wanted: Wanted) -> Flow[Approval]:
        if wanted.request_id is None:
            return approvals.untold(wanted, "The request has no id that could be asked for.")
        try:
            reply = yield from self._answered(approvals.get_call(wanted.request_id))
        except (NotFoundError, PermissionDeniedError) as error:
            if wanted.name is None:
                raise
            return approvals.untold(wanted, f"Fireblocks does not tell of the request (HTTP {error.status}).")
        told = approvals.read_one(reply, wanted)
        if not isinstance(told, Approval):
            raise unreadable(reply, told)
        return told

    def approvals(self) -> Stream[Approval]:
        """List what waits for anybody; for a credential that may not see that, what waits for its own approval."""
        yield from self._waiting("approvals", may_be_part=True)

    def _waiting(self, operation: str, *, may_be_part: bool) -> Stream[Approval]:
        everyone = True

        def fetch(token: str | None) -> Flow[tuple[Page[Approval], str | None]]:
            nonlocal everyone
            try:
                return (yield from self._waiting_page(approvals.list_call(operation, token, everyone=everyone)))
            except PermissionDeniedError:
                if token is not None or not may_be_part:
                    raise
            everyone = False
            return (yield from self._waiting_page(approvals.list_call(operation, None, everyone=False)))

        yield from paged(fetch, provider=NAME, operation=operation)

    def _waiting_page(self, call: Call) -> Flow[tuple[Page[Approval], str | None]]:
        reply = yield from self._answered(call)
        found = approvals.read_listed(reply)
        if len(found) != 2 or not isinstance(found[0], Page):
            raise unreadable(reply, found)
        return found

    def pairing_token(self, user: str, *, idempotency_key: str | None) -> Flow[PairingToken]:
        """Issue a token, which is good for an hour from before it was asked for."""
        key = usable_key(idempotency_key)
        call = users.pairing_call(path_part(user, field="user"), key)
        expires_at = self._clock() + _PAIRING_LIFE
        try:
            reply = yield from self._answered(call)
            token = users.read_pairing(reply, key, expires_at)
            if not isinstance(token, PairingToken):
                raise unusable(reply, token)
        except IssuantError as error:
            error.idempotency_key = key
            error.advice = refusals.on_pairing(error)
            raise
        return token

    def whitelisted_ips(self, user: str) -> Flow[WhitelistedIps]:
        """Tell the addresses that a user may send from."""
        reply = yield from self._answered(users.addresses_call(path_part(user, field="user")))
        found = users.read_addresses(reply)
        if not isinstance(found, WhitelistedIps):
            raise unreadable(reply, found)
        return found

    def _listed(self, operation: str) -> Flow[Page[KeyInfo]]:
        reply = yield from self._answered(users.list_call(operation))
        page = users.read_listed(reply)
        if page is None:
            raise unreadable(reply, ("users is not a list",))
        return page

    def _answered(self, call: Call) -> Flow[Reply]:
        reply = yield from exchange(call)
        if not reply.succeeded:
            raise refusals.refused(reply, self._clock())
        return reply


PROVIDER = Provider(
    name=NAME,
    title="Fireblocks",
    servers=SERVERS,
    capabilities=Capabilities(
        issues_keys=True,
        stores_secrets=False,
        sets_expiry=False,
        needs_approval=True,
        caller_makes="a key pair",
        idempotent_create=True,
        note="An owner or admins approve each API user; only a person can delete one, in the console.",
        lists_keys=True,
        lists_everyones_keys=True,
        tells_caller=True,
        follows_approvals=True,
        sets_up_devices=True,
    ),
    promises_names=False,
    codes_refusals=True,
    request=FireblocksKeyRequest,
    options=OPTIONS,
    variables=VARIABLES,
    account=account,
    base_url=base_url,
    turning=FireblocksTurning(),
    adapter=lambda account, clock: FireblocksAdapter(cast("FireblocksAccount", account), clock),
    by_hand={
        "revoke": "An owner of the workspace deletes the API user in the console, where users are managed, by its name "
        "and id (what the menus are called there is unverified)."
    },
)
