"""The generated packages and, for each of their operations, how to call it.

What no one has written down here is called with what the facade sends, and answered as the simulator does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from specpipe import yamlio

from tests.contract.clients import Endpoint, endpoints
from tests.contract.documents import package_names
from tests.contract.exchanges import exchange_of
from tests.contract.places import put

PROJECT = Path(__file__).resolve().parents[2]
LISTED = ("issuant_fireworks", "issuant_fireblocks", "issuant_galileo")
PACKAGES = package_names()
SECRET = "fw_TEST_not_a_key"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation with valid arguments, of which a body carries SECRET, and a valid reply that carries it.

    `path` are the arguments besides body and headers. Without a `body`, the operation takes none.
    """

    package: str
    module: str
    path: dict[str, Any]
    model: str = ""
    body: dict[str, Any] | None = None
    url: str
    reply: dict[str, Any] | None
    headers: dict[str, str]
    status: int = 200
    method: str = "POST"

    def __str__(self) -> str:
        return f"{self.package}.{self.module}"

    def functions(self) -> Any:
        """The module with sync, asyncio and their detailed forms."""
        return import_module(f"{self.package}.api.{self.module}")

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for any of the functions, the client aside."""
        bodies = {} if self.body is None else {"body": self.bodies()[0]}
        return {**self.path, **bodies, **self.headers}

    def bodies(self) -> list[Any]:
        """The body, as a model; none where the operation takes none."""
        if self.body is None:
            return []
        return [getattr(import_module(f"{self.package}.models"), self.model).from_dict(self.body)]

    def client(self, **options: Any) -> Any:
        """A Client of the package."""
        return import_module(f"{self.package}.client").Client(**options)

    def errors(self) -> Any:
        """The package's errors."""
        return import_module(f"{self.package}.errors")


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        package="issuant_fireworks",
        module="gateway.create_api_key",
        path={"account_id": "acme", "user_id": "a/b"},
        model="GatewayCreateApiKeyBody",
        body={"apiKey": {"displayName": "n", "expireTime": "2030-01-02T03:04:05+00:00", "annotations": {"a": "b"}}},
        url="https://api.fireworks.ai/v1/accounts/acme/users/a%2Fb/apiKeys",
        reply={"keyId": "id", "key": SECRET, "createTime": "2030-01-02T03:04:05Z", "unknown": SECRET},
        headers={},
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.create_secret",
        path={"account_id": "acme"},
        model="GatewaySecretInput",
        body={"name": "n", "keyName": "K", "value": SECRET, "more": SECRET},
        url="https://api.fireworks.ai/v1/accounts/acme/secrets",
        reply={"name": "n", "keyName": "K", "value": SECRET},
        headers={},
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.list_api_keys",
        path={"account_id": "acme", "user_id": "a/b", "page_size": 2, "page_token": "t"},
        url="https://api.fireworks.ai/v1/accounts/acme/users/a%2Fb/apiKeys?pageSize=2&pageToken=t",
        reply={"apiKeys": [{"keyId": "id", "key": SECRET}], "unknown": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.delete_api_key",
        path={"account_id": "acme", "user_id": "a/b"},
        model="GatewayDeleteApiKeyBody",
        body={"keyId": "id", "more": SECRET},
        url="https://api.fireworks.ai/v1/accounts/acme/users/a%2Fb/apiKeys:delete",
        reply={"unknown": SECRET},
        headers={},
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.list_secrets",
        path={"account_id": "acme", "page_size": 0},
        url="https://api.fireworks.ai/v1/accounts/acme/secrets?pageSize=0",
        reply={"secrets": [{"name": "n", "keyName": "K", "value": SECRET}], "unknown": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.get_secret",
        path={"account_id": "acme", "secret_id": "n"},
        url="https://api.fireworks.ai/v1/accounts/acme/secrets/n",
        reply={"name": "n", "keyName": "K", "value": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.update_secret",
        path={"account_id": "acme", "secret_id": "n"},
        model="GatewayUpdateSecretBody",
        body={"keyName": "K", "value": SECRET, "more": SECRET},
        url="https://api.fireworks.ai/v1/accounts/acme/secrets/n",
        reply={"name": "n", "keyName": "K", "value": SECRET},
        headers={},
        method="PATCH",
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.delete_secret",
        path={"account_id": "acme", "secret_id": "n"},
        url="https://api.fireworks.ai/v1/accounts/acme/secrets/n",
        reply={"unknown": SECRET},
        headers={},
        method="DELETE",
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.list_users",
        path={"account_id": "acme"},
        url="https://api.fireworks.ai/v1/accounts/acme/users",
        reply={"users": [{"name": "n", "role": "admin", "more": SECRET}], "unknown": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.create_user",
        path={"account_id": "acme", "user_id": "bot"},
        model="GatewayUserBody",
        body={"role": "user", "serviceAccount": True, "more": SECRET},
        url="https://api.fireworks.ai/v1/accounts/acme/users?userId=bot",
        reply={"name": "n", "role": "newer", "unknown": SECRET},
        headers={},
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.get_user",
        path={"account_id": "acme", "user_id": "a/b"},
        url="https://api.fireworks.ai/v1/accounts/acme/users/a%2Fb",
        reply={"name": "n", "role": "newer", "unknown": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireworks",
        module="gateway.update_user",
        path={"account_id": "acme", "user_id": "a/b"},
        model="GatewayUserBody",
        body={"role": "user", "more": SECRET},
        url="https://api.fireworks.ai/v1/accounts/acme/users/a%2Fb",
        reply={"name": "n", "role": "newer", "unknown": SECRET},
        headers={},
        method="PATCH",
    ),
    Operation(
        package="issuant_fireblocks",
        module="api_user.create_api_user",
        path={},
        model="CreateAPIUser",
        body={"role": "VIEWER", "name": "n", "csrPem": "p", "coSignerSetupIsFirstUser": True, "more": SECRET},
        url="https://api.fireblocks.io/v1/management/api_users",
        reply=None,
        headers={"idempotency_key": "k"},
    ),
    Operation(
        package="issuant_fireblocks",
        module="api_user.get_api_users",
        path={},
        url="https://api.fireblocks.io/v1/management/api_users",
        reply={"users": [{"id": "i", "status": "NEWER", "more": SECRET}], "unknown": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireblocks",
        module="api_user.issue_api_user_pairing_token",
        path={"user_id": "a/b"},
        url="https://api.fireblocks.io/v1/management/api_users/a%2Fb/pairing_token",
        reply={"id": "i", "role": "SIGNER", "enabled": True, "pairingToken": SECRET, "unknown": SECRET},
        headers={"idempotency_key": "k"},
        status=201,
    ),
    Operation(
        package="issuant_fireblocks",
        module="api_user.get_whitelist_ip_addresses",
        path={"user_id": "a/b"},
        url="https://api.fireblocks.io/v1/management/api_users/a%2Fb/whitelist_ip_addresses",
        reply={"userId": "a/b", "whitelistedIps": None, "unknown": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireblocks",
        module="approvals.get_approvals",
        path={"include_user_approved": True, "user_id": "u", "page_size": 2, "page_cursor": "c"},
        url="https://api.fireblocks.io/v1/approvals?includeUserApproved=true&userId=u&pageSize=2&pageCursor=c",
        reply={"data": [{"requestPayload": "{}", "userStatus": "NEWER", "more": SECRET}], "unknown": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireblocks",
        module="approvals.get_approval_by_id",
        path={"request_id": "a/b", "user_id": "u"},
        url="https://api.fireblocks.io/v1/approvals/a%2Fb?userId=u",
        reply={"requestPayload": "{}", "userStatus": "NEWER", "quorumStatus": None, "unknown": SECRET},
        headers={},
        method="GET",
    ),
    Operation(
        package="issuant_fireblocks",
        module="approvals.approve_approval",
        path={"request_id": "a/b"},
        model="ApproveApprovalRequest",
        body={"signature": "s", "keyId": "k", "more": SECRET},
        url="https://api.fireblocks.io/v1/approvals/a%2Fb/approve",
        reply=None,
        headers={"idempotency_key": "k"},
        status=204,
    ),
    Operation(
        package="issuant_fireblocks",
        module="approvals.reject_approval",
        path={"request_id": "a/b"},
        url="https://api.fireblocks.io/v1/approvals/a%2Fb/reject",
        reply=None,
        headers={"idempotency_key": "k"},
        status=204,
    ),
    Operation(
        package="issuant_galileo",
        module="api_keys.create_api_key",
        path={},
        model="CreateApiKeyRequest",
        body={"description": "d", "expires_at": None, "project_role": "editor", "api_key": SECRET},
        url="https://api.galileo.ai/v2/users/api_keys",
        reply={
            "id": "12345678-1234-4234-8234-123456789012",
            "description": "d",
            "created_at": "2030-01-02T03:04:05+00:00",
            "updated_at": "2030-01-02T03:04:05+00:00",
            "created_by": "12345678-1234-4234-8234-123456789012",
            "truncated": "fw_T",
            "api_key": SECRET,
            "unknown": SECRET,
        },
        headers={},
    ),
    Operation(
        package="issuant_galileo",
        module="api_keys.list_api_keys",
        path={"user_id": "12345678-1234-4234-8234-123456789012"},
        method="GET",
        url="https://api.galileo.ai/v2/users/12345678-1234-4234-8234-123456789012/api_keys?starting_token=0&limit=100",
        reply={
            "api_keys": [
                {
                    "id": "12345678-1234-4234-8234-123456789012",
                    "description": "d",
                    "created_at": "2030-01-02T03:04:05+00:00",
                    "updated_at": "2030-01-02T03:04:05+00:00",
                    "created_by": "12345678-1234-4234-8234-123456789012",
                    "truncated": "fw_T",
                    "api_key": SECRET,
                }
            ],
            "starting_token": 0,
            "limit": 100,
            "paginated": False,
            "next_starting_token": None,
            "unknown": SECRET,
        },
        headers={},
    ),
    Operation(
        package="issuant_galileo",
        module="api_keys.delete_api_key",
        path={"api_key_id": "12345678-1234-4234-8234-123456789012"},
        method="DELETE",
        url="https://api.galileo.ai/v2/users/api_keys/12345678-1234-4234-8234-123456789012",
        reply={"message": "gone", "unknown": SECRET},
        headers={},
    ),
    Operation(
        package="issuant_galileo",
        module="auth.get_current_user",
        path={},
        method="GET",
        url="https://api.galileo.ai/current_user",
        reply={
            "id": "12345678-1234-4234-8234-123456789012",
            "email": "n@mock.invalid",
            "role": "user",
            "organization_id": "12345678-1234-4234-8234-123456789012",
            "organization_name": "o",
            "created_at": "2030-01-02T03:04:05+00:00",
            "updated_at": "2030-01-02T03:04:05+00:00",
            "unknown": SECRET,
        },
        headers={},
    ),
)


def _derived(found: Endpoint) -> Operation:
    operation = found.operation
    seen = exchange_of(operation)
    reply = seen.body and put(seen.body, seen.place(seen.value) if seen.value else (), SECRET)
    path = {found.names[name]: value for name, value in seen.parts(operation).items()}
    query = urlencode(
        {
            item["name"]: item["schema"]["default"]
            for item in operation.definition.get("parameters", ())
            if item["in"] == "query" and "default" in item["schema"]
        }
    )
    return Operation(
        package=found.package,
        module=found.module.__name__.removeprefix(f"{found.package}.api."),
        path=path,
        model=found.body.__name__ if found.body else "",
        body={**json.loads(seen.request.content), "more": SECRET} if found.body else None,
        url=next(iter(import_module(found.package).SERVERS.values())) + seen.path + (f"?{query}" if query else ""),
        reply=None if reply is None else {**reply, "unknown": SECRET},
        headers={},
        status=seen.reply.status_code,
        method=operation.method.upper(),
    )


OPERATIONS += tuple(_derived(found) for found in endpoints() if found.package not in LISTED)


@cache
def document(package: str) -> dict[str, Any]:
    """The effective document, read from the package's data; not to be changed."""
    text = files(package).joinpath("openapi.yaml").read_text("utf-8")
    data: dict[str, Any] = yamlio.load(text, file="openapi.yaml").data
    return data
