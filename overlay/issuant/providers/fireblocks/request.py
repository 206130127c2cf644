"""What can be asked of Fireblocks. Owns the fields of a request for an API user, and what names one that waits."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from issuant_fireblocks.models import CreateAPIUserCoSignerSetupType, CreateAPIUserRole

from issuant.errors import InvalidRequestError
from issuant.keys import KeyRequest, PendingApproval, invalid
from issuant.providers import Option, path_part
from issuant.providers.fireblocks.account import NAME

ROLES = tuple(role.value for role in CreateAPIUserRole)
CO_SIGNER_SETUPS = tuple(setup.value for setup in CreateAPIUserCoSignerSetupType)
SIGNING_ROLES = frozenset({"OWNER", "ADMIN", "SIGNER", "COLLATERALS_SIGNER", "NCW_ADMIN", "NCW_SIGNER"})

LONGEST_NAME = 30
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,40}\Z")


@dataclass(frozen=True, kw_only=True)
class FireblocksKeyRequest(KeyRequest):
    """A Fireblocks API user to be asked for. Its name has at most 30 characters, and it cannot expire.

    Attributes:
        role: one of ROLES, such as VIEWER.
        co_signer_setup_type: one of CO_SIGNER_SETUPS; required for SIGNING_ROLES.
        co_signer_setup_is_first_user: whether this is the first user on the co-signer machine.
        csr_pem: a certificate signing request of your own; without one, a key pair is made here.
        idempotency_key: 1 to 40 characters; without one, one is made.
    """

    role: str = ""
    co_signer_setup_type: str | None = None
    co_signer_setup_is_first_user: bool | None = None
    csr_pem: str | None = field(default=None, repr=False)
    idempotency_key: str | None = None

    def __post_init__(self) -> None:
        KeyRequest.__post_init__(self)
        if len(self.name) > LONGEST_NAME:
            raise invalid("name", f"it has more than {LONGEST_NAME} characters", "Give a shorter one.")
        if self.expires_in is not None or self.expires_at is not None:
            given = "expires_in" if self.expires_in is not None else "expires_at"
            raise invalid(given, "a Fireblocks API user cannot expire", "Leave the expiry out.")
        if self.role not in ROLES:
            raise invalid("role", "it is missing or unknown", f"Give one of {', '.join(ROLES)}.")
        setups = ", ".join(CO_SIGNER_SETUPS)
        if self.co_signer_setup_type is None and self.role in SIGNING_ROLES:
            raise invalid("co_signer_setup_type", f"the role {self.role} signs and needs it", f"Give one of {setups}.")
        if self.co_signer_setup_type is not None and self.co_signer_setup_type not in CO_SIGNER_SETUPS:
            raise invalid("co_signer_setup_type", "it is unknown", f"Give one of {setups}.")
        if not isinstance(self.co_signer_setup_is_first_user, bool | None):
            raise invalid("co_signer_setup_is_first_user", "it is neither true nor false", "Give one of the two.")
        if self.csr_pem is not None:
            _check_csr(self.csr_pem)
        if self.idempotency_key is not None:
            usable_key(self.idempotency_key)


OPTIONS = (
    Option(field="role", flag="--role", help="The role of the API user.", kind="choice", choices=ROLES),
    Option(
        field="co_signer_setup_type",
        flag="--co-signer",
        help="The co-signer's set-up; required for roles that sign.",
        kind="choice",
        choices=CO_SIGNER_SETUPS,
    ),
    Option(
        field="co_signer_setup_is_first_user",
        flag="--first-user/--no-first-user",
        help="This is the first user on the co-signer machine.",
        kind="flag",
    ),
    Option(
        field="csr_pem",
        flag="--csr",
        help="A file with a certificate signing request of your own; then there is no value to store or show.",
        kind="file",
        leaves_no_value=True,
    ),
    Option(field="idempotency_key", flag="--idempotency-key", help="At most 40 characters; made if left out."),
)


def usable_key(given: str | None) -> str:
    """Return an idempotency key: the one given, or a new one. Raises InvalidRequestError for one that is malformed."""
    if given is None:
        return str(uuid.uuid4())
    if not (isinstance(given, str) and _IDEMPOTENCY_KEY.match(given)):
        raise invalid("idempotency_key", "it is not 1 to 40 ASCII characters without blanks", "Give a UUID.")
    return given


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A request that people decide on, as far as it is known: its id, and the name and role of the user it asks for."""

    request_id: str | None
    name: str | None = None
    role: str | None = None


def read_wanted(request: PendingApproval | str) -> Wanted:
    """Return what `request` tells. Raises InvalidRequestError for what is neither an id nor of this provider."""
    if not isinstance(request, PendingApproval):
        return Wanted(request_id=path_part(request, field="request"))
    if request.provider != NAME:
        raise InvalidRequestError(
            f"request: it was made at {request.provider}.",
            advice="Ask the provider that it was made at.",
            provider=NAME,
            field="request",
        )
    return Wanted(request_id=_usable_id(request.request_id), name=request.name, role=request.role)


def _usable_id(request_id: str | None) -> str | None:
    """Return the id of a request where it can be asked for: it comes from a header, which may hold anything."""
    try:
        return path_part(request_id, field="request")
    except InvalidRequestError:
        return None


def _check_csr(csr_pem: str) -> None:
    from issuant.auth.fireblocks import csr_fault

    fault = csr_fault(csr_pem) if isinstance(csr_pem, str) else "is not a text"
    if fault is not None:
        raise invalid("csr_pem", f"it {fault}", "Make one with: openssl req -new -newkey rsa:4096 …")
