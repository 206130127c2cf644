"""Fireblocks, simulated. Owns the operations on API users and their approvals: who may ask, and what is answered.

Facts
- A created user is a request for approval: 200 with no body and no media type. Nothing secret ever comes back.
- X-Request-ID is on every reply, on refusals too. That it is also the id of the approval request is not verified:
  `approvals_have_own_ids` makes the two differ.
- Refusals of the pairing token and of approvals are {"message", "code"}. Of the others 403, 404 and 5xx are
  {"error": {"type", "message"}}, and 400, 401 and the rest are {"message", "code"} as well.
  The code of a refusal that is no 401 is not documented; here it is the status.
- Which status a decided approval, an approver who is not asked, a wrong signature and a user who is not there have is
  not documented: here 409, 403, 400 and 404.
- A user who waits for approval is not listed, and the latest user comes first; neither is verified.
- The list of addresses is empty where none was set; that is not verified.
- Nothing tells when a user called last.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from http.client import responses
from pathlib import Path
from random import Random
from typing import ClassVar, TypeVar

from .base import Route
from .clock import Clock, system_clock
from .faulting import Paging
from .fireblocks_approvals import Approval
from .fireblocks_approving import read_signature
from .fireblocks_console import Console
from .fireblocks_keys import is_signed_by
from .fireblocks_queue import Queue, payload, read_question
from .fireblocks_token import (
    NOT_ACCEPTED,
    TokenError,
    check_claims,
    read_subject,
    read_token,
)
from .fireblocks_users import CREATOR_ROLES, ApiUser
from .fireblocks_wishes import read_wish
from .fireblocks_workspace import FireblocksWorkspace
from .messages import NO_HEADERS, Headers, RefusedError, Reply, Request

_T = TypeVar("_T")

_ERROR_TYPES = {403: "FORBIDDEN", 404: "NOT_FOUND"}
_DECIDER_ROLES = CREATOR_ROLES | {"APPROVER", "SIGNER", "SECURITY_ADMIN"}
_READER_ROLES = _DECIDER_ROLES | {"SECURITY_AUDITOR"}
_OVERSEER_ROLES = frozenset({"ADMIN", "NON_SIGNING_ADMIN", "SECURITY_ADMIN", "SECURITY_AUDITOR"})


class FireblocksSimulator(FireblocksWorkspace):
    """The API of one workspace. What the owner does in the console is done with the methods of the workspace."""

    base_path: ClassVar[str] = "/v1"
    paging: ClassVar[Paging | None] = Paging(field="next", parameter="pageCursor")

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start with one admin. Raises ImportError when cryptography is missing."""
        super().__init__(clock=clock, random=random)
        self.queue = Queue(self.approvals, self.users, clock=self.clock, new_cursor=self.new_uuid)

    def routes(self) -> tuple[Route, ...]:
        """Return the operations that are simulated."""
        users, approvals = f"{self.base_path}/management/api_users", f"{self.base_path}/approvals"
        return (
            Route(method="POST", path=users, answer=self._create_api_user),
            Route(method="GET", path=users, answer=self._list_api_users),
            Route(method="POST", path=f"{users}/{{userId}}/pairing_token", answer=self._issue_pairing_token),
            Route(method="GET", path=f"{users}/{{userId}}/whitelist_ip_addresses", answer=self._list_addresses),
            Route(method="GET", path=approvals, answer=self._list_approvals),
            Route(method="GET", path=f"{approvals}/{{requestId}}", answer=self._get_approval),
            Route(method="POST", path=f"{approvals}/{{requestId}}/approve", answer=self._approve),
            Route(method="POST", path=f"{approvals}/{{requestId}}/reject", answer=self._reject),
        )

    def console(self) -> tuple[Route, ...]:
        """Return what is done in the console."""
        return Console(self).routes()

    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return one of the vendor's two error bodies, with a request id."""
        if status == 401:
            return self._refuse_token(TokenError(-7, NOT_ACCEPTED))
        text = message or responses.get(status, "Unknown")
        kind = "INTERNAL" if status >= 500 else _ERROR_TYPES.get(status)
        fields = {**headers, **self._fields()}
        if kind is None:
            return Reply.json(status, {"message": text, "code": status}, fields)
        return Reply.json(status, {"error": {"type": kind, "message": text}}, fields)

    def env(self, base_url: str, folder: Path) -> dict[str, str]:
        """Return the variables of the vendor's own SDK; the private key is written to a file below `folder`.

        Version 35.1.0 of that SDK takes the text of the key and no path: give it `private_key_pem` in its place.
        """
        path = folder / "fireblocks_secret.key"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            # The mode above is only for a file that is new.
            path.chmod(0o600)
            file.write(self.private_key_pem)
        return {
            "FIREBLOCKS_API_KEY": self.api_key,
            "FIREBLOCKS_SECRET_KEY": str(path),
            "FIREBLOCKS_BASE_PATH": base_url,
        }

    def internal_error(self, request: Request) -> None:
        """Burn the idempotency key of a request that gets a 5xx."""
        self.outcomes.burn(request)

    def _create_api_user(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._admit(request, "createApiUser", CREATOR_ROLES, is_typed=True)
        wish = self._checked(lambda: read_wish(request))

        def ask() -> Reply:
            request_id = self.new_uuid()
            own_id = self.new_uuid() if self.approvals_have_own_ids else request_id
            self.approvals.ask(wish, request_id=own_id, initiator=caller.id)
            return Reply(status=200, headers=Headers([("X-Request-ID", request_id)]))

        return self._checked(lambda: self.outcomes.once(request, caller.id, ask))

    def _list_api_users(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._admit(request, "getApiUsers", CREATOR_ROLES, is_typed=True)
        return self._json(200, {"users": [user.document() for user in reversed(self.users.values())]})

    def _issue_pairing_token(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._admit(request, "issueApiUserPairingToken", CREATOR_ROLES)

        def issue() -> Reply:
            user = self.users.get(parts["userId"])
            if user is None:
                raise self._refused(404, "API user not found")
            if user.status != "PENDING_ACTIVATION":
                raise self._refused(409, f"The API user is {user.status}, not PENDING_ACTIVATION")
            token = self.new_secret("fireblocks_TEST_pairing")
            self.pairings.issue(token, user.id)
            return self._json(201, {**user.document(), "pairingToken": token})

        return self._checked(lambda: self.outcomes.once(request, caller.id, issue))

    def _list_addresses(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._admit(request, "getWhitelistIpAddresses", CREATOR_ROLES, is_typed=True)
        user = self.users.get(parts["userId"])
        if user is None:
            raise RefusedError(self.refuse(404, "API user not found"))
        return self._json(200, {"userId": user.id, "whitelistedIps": list(user.whitelisted_ips)})

    def _list_approvals(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._admit(request, "getApprovals", _READER_ROLES)
        question = self._checked(lambda: read_question(request.query, is_list=True))
        if question.is_of_others:
            self._oversee(caller, question.user_id)
        return self._json(200, self._checked(lambda: self.queue.page(question, caller)))

    def _get_approval(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._admit(request, "getApprovalById", _READER_ROLES)
        question = self._checked(lambda: read_question(request.query, is_list=False))
        if question.is_of_others:
            self._oversee(caller, question.user_id)
        return self._json(200, self.queue.item(self._approval(parts), question, caller))

    def _approve(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._admit(request, "approveApproval", _DECIDER_ROLES)
        given = self._checked(lambda: read_signature(request))
        approval = self._decidable(parts, caller)
        if not self.approval_keys.have_signed(given, caller.id, payload(approval)):
            raise self._refused(400, "The signature is not one of a registered approval key of the caller")

        def approve() -> Reply:
            self._decide(lambda: self.approvals.approve_as(caller, approval.request_id))
            return self._no_content()

        return self._checked(lambda: self.outcomes.once(request, caller.id, approve))

    def _reject(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._admit(request, "rejectApproval", _DECIDER_ROLES)
        approval = self._decidable(parts, caller)

        def reject() -> Reply:
            self._decide(lambda: self.approvals.reject(approval.request_id))
            return self._no_content()

        return self._checked(lambda: self.outcomes.once(request, caller.id, reject))

    def _admit(self, request: Request, operation: str, roles: Collection[str], *, is_typed: bool = False) -> ApiUser:
        """Return the caller, who has signed, has not called too often, and has one of `roles`.

        `is_typed` says which of the two error bodies refuses another role.
        """
        caller = self._authenticate(request)
        self.throttle(f"{caller.id} {operation}")
        if caller.role not in roles:
            message = f"The role {caller.role} may not do this"
            raise RefusedError(self.refuse(403, message)) if is_typed else self._refused(403, message)
        self._checked(lambda: self.outcomes.check(request))
        return caller

    def _oversee(self, caller: ApiUser, user_id: str | None) -> None:
        if caller.role not in _OVERSEER_ROLES:
            raise self._refused(403, f"The role {caller.role} may not read the approvals of others")
        if user_id is not None and user_id not in self.users:
            raise self._refused(404, "User not found")

    def _approval(self, parts: Mapping[str, str]) -> Approval:
        if parts["requestId"] not in self.approvals:
            raise self._refused(404, "Approval request not found")
        return self.approvals[parts["requestId"]]

    def _decidable(self, parts: Mapping[str, str], caller: ApiUser) -> Approval:
        approval = self._approval(parts)
        if not approval.may_be_decided_by(caller):
            raise self._refused(403, "The caller is not asked to approve this request")
        return approval

    def _decide(self, act: Callable[[], object]) -> None:
        try:
            act()
        except LookupError as error:
            raise self._refused(409, str(error)) from None

    def _checked(self, read: Callable[[], _T]) -> _T:
        """Return what `read` returns; the ValueError of a reader becomes 400."""
        try:
            return read()
        except ValueError as error:
            raise self._refused(400, str(error)) from None

    def _refused(self, status: int, message: str) -> RefusedError:
        """Return a refusal in the form {"message", "code"}."""
        return RefusedError(Reply.json(status, {"message": message, "code": status}, self._fields()))

    def _json(self, status: int, document: object) -> Reply:
        return Reply.json(status, document, self._fields())

    def _no_content(self) -> Reply:
        return Reply(status=204, headers=Headers(self._fields().items()))

    def _fields(self) -> Mapping[str, str]:
        return {"X-Request-ID": self.new_uuid()}

    def _authenticate(self, request: Request) -> ApiUser:
        now = self.clock().timestamp()
        try:
            token = read_token(request)
            user = self.users.get(read_subject(token, request))
            if user is None:
                raise TokenError(-7, NOT_ACCEPTED)
            if not is_signed_by(user.public_key, token.signature, token.signed):
                raise TokenError(-1, "invalid signature")
            self.nonces.use(user.id, check_claims(token, request, now), now)
        except TokenError as error:
            raise RefusedError(self._refuse_token(error)) from None
        return user

    def _refuse_token(self, error: TokenError) -> Reply:
        return Reply.json(401, {"message": error.message, "code": error.code}, self._fields())
