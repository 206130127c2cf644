"""The API user that a request to the Fireblocks simulator asks for. Owns what its body must hold; knows no users.

Facts
- The body of another media type is not read, so that its fields are missing.
- A role that signs needs a co-signer set-up; other roles may name one.
"""

from __future__ import annotations

from collections.abc import Mapping

from .fireblocks_approvals import Wish
from .fireblocks_keys import csr_public_key
from .fireblocks_users import CO_SIGNERS, ROLES, SIGNING_ROLES
from .messages import Request
from .reading import read_json

_NAME_LENGTH = 30


def read_wish(request: Request) -> Wish:
    """Return the API user that a body asks for. Raises ValueError, saying what is wrong with it."""
    wanted = read_fields(request, "role, name and csrPem")
    role, name, csr = wanted.get("role"), wanted.get("name"), wanted.get("csrPem")
    if not isinstance(role, str) or role not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}")
    if not isinstance(name, str) or not 1 <= len(name) <= _NAME_LENGTH:
        raise ValueError(f"name must be a string of 1 to {_NAME_LENGTH} characters")
    setup, first = wanted.get("coSignerSetupType"), wanted.get("coSignerSetupIsFirstUser", False)
    if "coSignerSetupType" in wanted and setup not in CO_SIGNERS:
        raise ValueError(f"coSignerSetupType must be one of {', '.join(CO_SIGNERS)}")
    if role in SIGNING_ROLES and setup is None:
        raise ValueError(f"coSignerSetupType is required for the role {role}")
    if not isinstance(first, bool):
        raise ValueError("coSignerSetupIsFirstUser must be a boolean")
    if not isinstance(csr, str):
        raise ValueError("csrPem must be a string")
    try:
        key = csr_public_key(csr)
    except ValueError as error:
        raise ValueError(f"csrPem: {error}") from None
    return Wish(
        name=name,
        role=role,
        public_key=key,
        co_signer_setup_type=None if setup is None else str(setup),
        co_signer_setup_is_first_user=first,
    )


def read_fields(request: Request, fields: str) -> Mapping[str, object]:
    """Return the object in a body that must hold `fields`. Raises ValueError for anything else."""
    if request.media_type != "application/json":
        raise ValueError(f"{fields} must be sent as application/json")
    document = read_json(request.body)
    if not isinstance(document, dict):
        raise ValueError("The body must be a JSON object")
    return document
