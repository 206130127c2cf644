"""The users of the simulated Fireblocks workspace and the approvals they wait for. Owns their states, not the wire.

Facts
- Creating an API user asks the owner and the admins of the workspace to approve. The request expires after 7 days;
  that is documented for users of the console.
- A user whose role signs has to be paired with a co-signer, and is PENDING_ACTIVATION until then; others are READY.
  Either can sign requests to the API, as no call of it needs the pairing.
- There is no way to rename, disable or delete an API user through the API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import TYPE_CHECKING, Literal

from .clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

ROLES = (
    "OWNER",
    "ADMIN",
    "SIGNER",
    "COLLATERALS_SIGNER",
    "EDITOR",
    "APPROVER",
    "VIEWER",
    "NON_SIGNING_ADMIN",
    "AUDITOR",
    "NCW_ADMIN",
    "NCW_SIGNER",
    "SECURITY_ADMIN",
    "SECURITY_AUDITOR",
)
SIGNING_ROLES = frozenset({"OWNER", "ADMIN", "SIGNER", "COLLATERALS_SIGNER", "NCW_ADMIN", "NCW_SIGNER"})
CREATOR_ROLES = frozenset({"OWNER", "ADMIN", "NON_SIGNING_ADMIN"})
CO_SIGNERS = ("SGX_MACHINE", "NITRO_MACHINE", "GCP_CONFIDENTIAL_SPACE", "FIREBLOCKS_CCMT")

_APPROVAL_LIFE = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class ApiUser:
    """An API user. Its `id` is the API key, its private key is the caller's alone."""

    id: str
    name: str
    role: str
    status: Literal["PENDING_ACTIVATION", "READY"]
    public_key: RSAPublicKey = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A user that was asked for. `user_id` is set once it is approved."""

    request_id: str
    name: str
    role: str
    co_signer_setup_type: str | None
    co_signer_setup_is_first_user: bool
    expires: datetime
    public_key: RSAPublicKey = field(repr=False)
    state: Literal["pending", "approved", "rejected", "expired"] = "pending"
    user_id: str | None = None


class Approvals(Mapping[str, Approval]):
    """The approvals by the request id, which is the X-Request-ID of the reply, and what the owner does with them."""

    def __init__(self, *, clock: Clock, lock: RLock, create: Callable[[Approval], ApiUser]) -> None:
        """Make users of approved ones with `create`. `lock` is the simulator's own."""
        self._clock = clock
        self._lock = lock
        self._create = create
        self._approvals: dict[str, Approval] = {}

    def __getitem__(self, request_id: str) -> Approval:
        with self._lock:
            approval = self._approvals[request_id]
            if approval.state == "pending" and approval.expires <= self._clock():
                return replace(approval, state="expired")
            return approval

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(tuple(self._approvals))

    def __len__(self) -> int:
        return len(self._approvals)

    def ask(
        self, *, request_id: str, public_key: RSAPublicKey, name: str, role: str, setup: str | None, first: bool
    ) -> None:
        """Store a new one, pending for 7 days."""
        self._approvals[request_id] = Approval(
            request_id=request_id,
            name=name,
            role=role,
            co_signer_setup_type=setup,
            co_signer_setup_is_first_user=first,
            expires=self._clock() + _APPROVAL_LIFE,
            public_key=public_key,
        )

    def approve(self, request_id: str) -> ApiUser:
        """Approve, and return the user, who can sign from now on. Raises LookupError unless it is pending."""
        with self._lock:
            approval = self._pending(request_id)
            user = self._create(approval)
            self._approvals[request_id] = replace(approval, state="approved", user_id=user.id)
            return user

    def reject(self, request_id: str) -> None:
        """Reject; no user comes of it. Raises LookupError unless it is pending."""
        with self._lock:
            self._approvals[request_id] = replace(self._pending(request_id), state="rejected")

    def _pending(self, request_id: str) -> Approval:
        if request_id not in self._approvals:
            raise LookupError(f"no approval has the request id {request_id!r}")
        approval = self[request_id]
        if approval.state != "pending":
            raise LookupError(f"the approval {request_id!r} is {approval.state}, not pending")
        return approval
