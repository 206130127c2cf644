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

from specpipe import yamlio

from tests.contract.clients import Endpoint, endpoints
from tests.contract.documents import package_names
from tests.contract.exchanges import exchange, method_of
from tests.contract.places import put

PROJECT = Path(__file__).resolve().parents[2]
LISTED = ("issuant_fireworks", "issuant_fireblocks", "issuant_galileo")
PACKAGES = package_names()
SECRET = "fw_TEST_not_a_key"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation with valid arguments that carry SECRET, and a valid reply that carries it."""

    package: str
    module: str
    path: dict[str, str]
    model: str
    body: dict[str, Any]
    url: str
    reply: dict[str, Any] | None
    headers: dict[str, str]
    status: int = 200

    def __str__(self) -> str:
        return f"{self.package}.{self.module}"

    def functions(self) -> Any:
        """The module with sync, asyncio and their detailed forms."""
        return import_module(f"{self.package}.api.{self.module}")

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for any of the functions, the client aside."""
        model = getattr(import_module(f"{self.package}.models"), self.model)
        return {**self.path, "body": model.from_dict(self.body), **self.headers}

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
)


def _derived(found: Endpoint) -> Operation:
    operation = found.operation
    seen = exchange(operation.provider, method_of(operation))
    reply = seen.body and put(seen.body, seen.place(seen.value) if seen.value else (), SECRET)
    path = {found.names[name]: value for name, value in seen.parts(operation).items()}
    return Operation(
        package=found.package,
        module=found.module.__name__.removeprefix(f"{found.package}.api."),
        path=path,
        model=found.body.__name__,
        body={**json.loads(seen.request.content), "more": SECRET},
        url=next(iter(import_module(found.package).SERVERS.values())) + seen.path,
        reply=reply and {**reply, "unknown": SECRET},
        headers={},
        status=seen.reply.status_code,
    )


OPERATIONS += tuple(_derived(found) for found in endpoints() if found.package not in LISTED)


@cache
def document(package: str) -> dict[str, Any]:
    """The effective document, read from the package's data; not to be changed."""
    text = files(package).joinpath("openapi.yaml").read_text("utf-8")
    data: dict[str, Any] = yamlio.load(text, file="openapi.yaml").data
    return data
