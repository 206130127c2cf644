"""The approvals that created API users wait for. Owns their states and who may decide them, not the wire.

Facts
- Creating an API user asks the owner and the admins of the workspace to approve. The request expires after 7 days;
  that is documented for users of the console.
- The quorum is a number that the workspace chooses, here `threshold`. That whoever asked cannot approve, and that one
  who rejects decides for all, is not verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import TYPE_CHECKING, Literal

from .clock import Clock
from .fireblocks_keys import PEM
from .fireblocks_users import CREATOR_ROLES, ApiUser

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

APPROVAL_LIFE = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The API user that is asked for."""

    name: str
    role: str
    public_key: RSAPublicKey = field(repr=False, metadata=PEM)
    co_signer_setup_type: str | None = None
    co_signer_setup_is_first_user: bool = False


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A user that was asked for by `initiator`. `user_id` is set once it is approved.

    `approved_by` are the users who approved through the API; what the owner does in the console is not among them.
    """

    request_id: str
    wish: Wish
    initiator: str
    asked: datetime
    expires: datetime
    state: Literal["pending", "approved", "rejected", "expired"] = "pending"
    approved_by: tuple[str, ...] = ()
    user_id: str | None = None

    @property
    def name(self) -> str:
        """The name of the user that is asked for."""
        return self.wish.name

    @property
    def role(self) -> str:
        """The role of the user that is asked for."""
        return self.wish.role

    def may_be_decided_by(self, user: ApiUser) -> bool:
        """Tell whether `user` is one of those who are asked."""
        return user.role in CREATOR_ROLES and user.id != self.initiator


class Approvals(Mapping[str, Approval]):
    """The approvals by their request ids, oldest first, and what the owner and the admins do with them.

    `threshold` is how many admins must approve through the API; an owner in the console decides alone.
    `kept` are they as they were stored, where one that nobody decided is pending for ever.
    """

    STATE = ("threshold", "kept")

    def __init__(self, *, clock: Clock, lock: RLock, create: Callable[[Wish], ApiUser]) -> None:
        """Make users of approved wishes with `create`. `lock` is the simulator's own."""
        self.threshold = 1
        self._clock = clock
        self._lock = lock
        self._create = create
        self.kept: dict[str, Approval] = {}

    def __getitem__(self, request_id: str) -> Approval:
        with self._lock:
            approval = self.kept[request_id]
            if approval.state == "pending" and approval.expires <= self._clock():
                return replace(approval, state="expired")
            return approval

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(tuple(self.kept))

    def __len__(self) -> int:
        return len(self.kept)

    def ask(self, wish: Wish, *, request_id: str, initiator: str) -> None:
        """Store a new one, pending for 7 days."""
        now = self._clock()
        self.kept[request_id] = Approval(
            request_id=request_id, wish=wish, initiator=initiator, asked=now, expires=now + APPROVAL_LIFE
        )

    def approve(self, request_id: str) -> ApiUser:
        """Approve as the owner does, and return the user, who can sign from now on.

        Raises LookupError unless it is pending.
        """
        with self._lock:
            return self._carry_out(self._pending(request_id))

    def approve_as(self, user: ApiUser, request_id: str) -> ApiUser | None:
        """Approve as one of the admins; return the user once enough have. Raises LookupError unless it is pending."""
        with self._lock:
            approval = self._pending(request_id)
            if user.id not in approval.approved_by:
                approval = replace(approval, approved_by=(*approval.approved_by, user.id))
                self.kept[request_id] = approval
            return self._carry_out(approval) if len(approval.approved_by) >= self.threshold else None

    def reject(self, request_id: str) -> None:
        """Reject; no user comes of it. Raises LookupError unless it is pending."""
        with self._lock:
            self.kept[request_id] = replace(self._pending(request_id), state="rejected")

    def _carry_out(self, approval: Approval) -> ApiUser:
        user = self._create(approval.wish)
        self.kept[approval.request_id] = replace(approval, state="approved", user_id=user.id)
        return user

    def _pending(self, request_id: str) -> Approval:
        if request_id not in self.kept:
            raise LookupError(f"no approval has the request id {request_id!r}")
        approval = self[request_id]
        if approval.state != "pending":
            raise LookupError(f"the approval {request_id!r} is {approval.state}, not pending")
        return approval
