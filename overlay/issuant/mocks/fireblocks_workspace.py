"""The workspace behind the Fireblocks simulator. Owns its state, and what is done in the console instead of the API.

Facts
- Users are deleted, and approved without a signature, in the console alone.
- Which keys sign approvals is registered through the API, by operations that are not simulated.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, ClassVar

from .base import Simulator
from .clock import Clock, system_clock
from .fireblocks_approvals import Approvals, Wish
from .fireblocks_approving import ApprovalKeys
from .fireblocks_idempotency import Outcomes
from .fireblocks_keys import mock_private_key, private_pem, public_key_of, require_cryptography
from .fireblocks_token import Nonces
from .fireblocks_users import ROLES, SIGNING_ROLES, ApiUser, Pairings, Status

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


class FireblocksWorkspace(Simulator):
    """One workspace, its API users and their approvals; how it is asked over HTTP is the subclass's.

    `api_key` and `private_key_pem` are an admin's, who is READY; `users` are by id, which is the API key.
    `approvals` are by request id, and are approved or rejected there as an owner would in the console.
    `register_approval_key` gives a user a key to sign approvals with; `pair` uses a pairing token up.
    `approvals_have_own_ids` says whether a request id is another than the X-Request-ID of the reply.
    """

    name: ClassVar[str] = "fireblocks"

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start with one admin. Raises ImportError when cryptography is missing."""
        require_cryptography()
        super().__init__(clock=clock, random=random)
        self.users: dict[str, ApiUser] = {}
        self.approvals = Approvals(clock=self.clock, lock=self.lock, create=self._create)
        self.approvals_have_own_ids = False
        self.approval_keys = ApprovalKeys()
        self.pairings = Pairings(clock=self.clock)
        self.outcomes = Outcomes(clock=self.clock)
        self.nonces = Nonces()
        self.private_key_pem = private_pem(mock_private_key())
        self.api_key = self.add_user(role="ADMIN", status="READY").id

    def add_user(
        self,
        *,
        role: str,
        name: str = "mock-user",
        public_key: RSAPublicKey | None = None,
        status: Status | None = None,
        whitelisted_ips: Collection[str] = (),
    ) -> ApiUser:
        """Add an API user by hand, as the console would. Without a key, the user signs with `private_key_pem`.

        Raises ValueError for an unknown role.
        """
        if role not in ROLES:
            raise ValueError(f"no role {role!r}; there are {', '.join(ROLES)}")
        with self.lock:
            user = ApiUser(
                id=self.new_uuid(),
                name=name,
                role=role,
                status=status or ("PENDING_ACTIVATION" if role in SIGNING_ROLES else "READY"),
                public_key=public_key or public_key_of(self.private_key_pem),
                whitelisted_ips=tuple(whitelisted_ips),
            )
            self.users[user.id] = user
            return user

    def remove_user(self, user_id: str) -> None:
        """Delete an API user as an owner does in the console: nothing of it is accepted any more.

        Raises LookupError where there is none.
        """
        with self.lock:
            if self.users.pop(user_id, None) is None:
                raise LookupError(f"no API user has the id {user_id!r}")
            self.approval_keys.forget(user_id)
            self.pairings.forget(user_id)

    def register_approval_key(self, user_id: str, *, public_key: RSAPublicKey | None = None) -> str:
        """Register a key that approvals of a user are signed with, and return its id; unset, it is `private_key_pem`.

        Raises LookupError where there is no such user.
        """
        with self.lock:
            if user_id not in self.users:
                raise LookupError(f"no API user has the id {user_id!r}")
            key_id = self.new_uuid()
            self.approval_keys.add(user_id, key_id, public_key or public_key_of(self.private_key_pem))
            return key_id

    def pair(self, token: str) -> ApiUser:
        """Pair the user of a pairing token as a co-signer does, and return it, READY. A token is used up by it.

        Raises LookupError for a token that is unknown, used up or expired.
        """
        with self.lock:
            user = replace(self.users[self.pairings.use(token)], status="READY")
            self.users[user.id] = user
            return user

    def _create(self, wish: Wish) -> ApiUser:
        return self.add_user(role=wish.role, name=wish.name, public_key=wish.public_key)
