"""Each operation of the facade, asked for with all that it takes and with the least; what the provider is not listed
for here is derived.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from issuant import (
    FireblocksAccount,
    FireblocksKeyRequest,
    FireworksAccount,
    FireworksKeyRequest,
    GalileoAccount,
    GalileoKeyRequest,
    KeyRequest,
)
from issuant.adapters import Account

from tests.contract import unlisted
from tests.contract.acts import acts, gone_through
from tests.contract.documents import asked
from tests.contract.exchanges import method_of, session
from tests.mocks.signing import csr_of, pem_of, rsa_key

LISTED = ("fireblocks", "fireworks", "galileo")
PROJECT = "6f1b2c3d-0000-4000-8000-000000000001"
KEY = "6f1b2c3d-0000-4000-8000-000000000002"
USER = "6f1b2c3d-0000-4000-8000-000000000003"
VALUE = "galileo_TEST_mine_not_a_key"
IDEMPOTENCY_KEY = "idem-1"

Ask = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How an operation is asked for, of a sync connection.

    Attributes:
        provider: whose operation it is.
        full: asks with all that it takes.
        least: asks with nothing that can be left out.
        path: what then stands in the path, by the names of the document; None where `full` is derived.
        kept_back: parameters of the query that are not sent on purpose.
    """

    provider: str
    full: Ask
    least: Ask
    path: Mapping[str, str] | None
    kept_back: frozenset[str] = field(default_factory=frozenset)


def accounts() -> dict[str, Account]:
    """Return an account of each provider, which is not the one that the requests name where they can name one."""
    return {
        "fireworks": FireworksAccount(api_key="fw_TEST_not_a_key", account_id="own-account", user_id="own-user"),
        "fireblocks": FireblocksAccount(api_key="fb_TEST_not_a_key", private_key=pem_of(rsa_key(2048, 0))),
        "galileo": GalileoAccount(api_key="galileo_TEST_not_a_key"),
        **{name: unlisted.account(name) for name in unlisted.unlisted(LISTED)},
    }


def fullest() -> dict[str, KeyRequest]:
    """Return for each provider a request in which every field is given."""
    month = timedelta(days=30)
    return {
        "fireworks": FireworksKeyRequest(
            name="k", expires_in=month, account_id="acc", user_id="usr", annotations={"team": "evals"}
        ),
        "fireblocks": FireblocksKeyRequest(
            name="k",
            role="SIGNER",
            co_signer_setup_type="SGX_MACHINE",
            co_signer_setup_is_first_user=False,
            csr_pem=csr_of(rsa_key(2048, 1)),
            idempotency_key=IDEMPOTENCY_KEY,
        ),
        "galileo": GalileoKeyRequest(
            name="k", expires_in=month, project_id=PROJECT, project_role="editor", api_key=VALUE
        ),
        **{name: unlisted.fullest_request(name) for name in unlisted.unlisted(LISTED)},
    }


def _put(*, replace: bool) -> Ask:
    return lambda connection: connection.put_secret(
        "my-id", key_name="MY_KEY", value=VALUE, account_id="acc", replace=replace
    )


def _asking(provider: str, ask: Ask, path: Mapping[str, str], **given: Any) -> Asking:
    return Asking(**{"provider": provider, "full": ask, "least": ask, "path": path, **given})


_OWN = {"account_id": "own-account", "user_id": "usr"}
_SECRET = {"account_id": "acc", "secret_id": "my-id"}
_TABLE = {
    "fireworks-CreateApiKey": _asking(
        "fireworks",
        lambda connection: connection.issue(fullest()["fireworks"]),
        {"account_id": "acc", "user_id": "usr"},
        least=lambda connection: connection.issue(KeyRequest(name="k")),
    ),
    "fireworks-ListApiKeys": _asking(
        "fireworks",
        lambda connection: gone_through(connection.keys(owner="usr")),
        _OWN,
        # The list is taken whole, as the provider orders it.
        kept_back=frozenset({"filter", "orderBy", "readMask"}),
    ),
    "fireworks-DeleteApiKey": _asking("fireworks", lambda connection: connection.revoke("key", owner="usr"), _OWN),
    "fireworks-CreateSecret": _asking("fireworks", _put(replace=False), {"account_id": "acc"}),
    "fireworks-UpdateSecret": _asking("fireworks", _put(replace=True), _SECRET),
    "fireworks-ListSecrets": _asking(
        "fireworks", lambda connection: gone_through(connection.secrets(account_id="acc")), {"account_id": "acc"}
    ),
    "fireworks-GetSecret": _asking(
        "fireworks", lambda connection: connection.secret("my-id", account_id="acc"), _SECRET
    ),
    "fireworks-DeleteSecret": _asking(
        "fireworks", lambda connection: connection.delete_secret("my-id", account_id="acc"), _SECRET
    ),
    "fireworks-ListUsers": _asking(
        "fireworks", lambda connection: gone_through(connection.users(account_id="acc")), {"account_id": "acc"}
    ),
    "fireworks-GetUser": _asking(
        "fireworks",
        lambda connection: connection.user("usr", account_id="acc"),
        {"account_id": "acc", "user_id": "usr"},
    ),
    "fireworks-CreateUser": _asking(
        "fireworks",
        lambda connection: connection.create_user(
            "usr", role="user", service_account=True, name="n", email="n@mock.invalid", account_id="acc"
        ),
        {"account_id": "acc"},
        least=lambda connection: connection.create_user("usr", role="user"),
    ),
    "fireblocks-createApiUser": _asking(
        "fireblocks",
        lambda connection: connection.issue(fullest()["fireblocks"]),
        {},
        least=lambda connection: connection.issue(
            FireblocksKeyRequest(name="k", role="VIEWER", csr_pem=csr_of(rsa_key(2048, 1)))
        ),
    ),
    "fireblocks-getApiUsers": _asking("fireblocks", lambda connection: gone_through(connection.keys()), {}),
    "fireblocks-issueApiUserPairingToken": _asking(
        "fireblocks",
        lambda connection: connection.pairing_token(USER, idempotency_key=IDEMPOTENCY_KEY),
        {"userId": USER},
        least=lambda connection: connection.pairing_token(USER),
    ),
    "fireblocks-getWhitelistIpAddresses": _asking(
        "fireblocks", lambda connection: connection.whitelisted_ips(USER), {"userId": USER}
    ),
    "fireblocks-getApprovals": _asking(
        "fireblocks",
        lambda connection: gone_through(connection.approvals()),
        {},
        # Whose turn it is, is not asked: what waits for anybody is listed.
        kept_back=frozenset({"includeUserApproved", "userId"}),
    ),
    "fireblocks-getApprovalById": _asking(
        "fireblocks",
        lambda connection: connection.approval(KEY),
        {"requestId": KEY},
        kept_back=frozenset({"userId"}),
    ),
    "galileo-create_api_key": _asking(
        "galileo",
        lambda connection: connection.issue(fullest()["galileo"]),
        {},
        least=lambda connection: connection.issue(KeyRequest(name="k")),
    ),
    "galileo-list_api_keys": _asking(
        "galileo", lambda connection: gone_through(connection.keys(owner=USER)), {"user_id": USER}
    ),
    "galileo-delete_api_key": _asking("galileo", lambda connection: connection.revoke(KEY), {"api_key_id": KEY}),
    "galileo-get_current_user": _asking("galileo", lambda connection: connection.whoami(), {}),
}


def _derived() -> dict[str, Asking]:
    found = {}
    for operation in (operation for operation in asked() if operation.provider not in LISTED):
        name, method = operation.provider, method_of(operation)
        least = _told(name, method)
        found[operation.test_id] = Asking(
            provider=name, full=_issued(name) if method == "issue" else least, least=least, path=None
        )
    return found


def _told(name: str, method: str) -> Ask:
    return lambda connection: acts(name)[method].ask(connection, session(name, method).given)


def _issued(name: str) -> Ask:
    return lambda connection: connection.issue(unlisted.fullest_request(name))


ASKING: Mapping[str, Asking] = {**_TABLE, **_derived()}
