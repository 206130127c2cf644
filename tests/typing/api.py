"""Uses of the public names that a strict type checker accepts. It is checked, and never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never, assert_type
from uuid import UUID

from issuant import (
    AsyncConnection,
    Capabilities,
    Connection,
    FireblocksAccount,
    FireblocksKeyRequest,
    FireworksAccount,
    FireworksKeyRequest,
    GalileoAccount,
    GalileoKeyRequest,
    IssuantError,
    IssuedKey,
    KeyRequest,
    PendingApproval,
    Secret,
    Sink,
    StoredSecret,
    VendorFields,
    capabilities,
    connect,
    connect_async,
    open_sink,
    provider_names,
)
from issuant_fireblocks import Client as FireblocksClient
from issuant_fireworks.models import GatewayApiKey, GatewaySecretInput
from issuant_galileo.models import CreateApiKeyRequest


def told(outcome: IssuedKey | PendingApproval) -> str:
    match outcome:
        case IssuedKey() as key:
            assert_type(key.secret, Secret)
            assert_type(key.expires_at, datetime | None)
            assert_type(key.annotations, Mapping[str, str])
            assert_type(key.fields, VendorFields)
            return key.id
        case PendingApproval() as pending:
            assert_type(pending.private_key, Secret | None)
            assert_type(pending.request_id, str | None)
            return pending.idempotency_key
        case _ as never:
            assert_never(never)


def sync_use(sink: Sink) -> None:
    with connect("galileo") as galileo:
        assert_type(galileo, Connection)
        assert_type(galileo.issue(KeyRequest(name="k", expires_in=timedelta(days=30))), IssuedKey | PendingApproval)
        assert_type(galileo.capabilities, Capabilities)
        told(galileo.issue(GalileoKeyRequest(name="k", project_id=UUID(int=1), api_key=Secret("x")), sink=sink))
    with connect(FireworksAccount(api_key="x", account_id="a"), server="production", timeout=5.0) as fireworks:
        fireworks.issue(FireworksKeyRequest(name="k", user_id="u", annotations={"team": "evals"}))
        assert_type(fireworks.put_secret("my-id", key_name="MY_KEY", value="x"), StoredSecret)
    with connect(FireblocksAccount(api_key="x", private_key=Secret("pem")), server="sandbox") as fireblocks:
        fireblocks.issue(FireblocksKeyRequest(name="k", role="VIEWER"), sink=open_sink("file:key.pem"))


async def async_use() -> None:
    galileo = await connect_async(GalileoAccount(username="me", password="x"))
    assert_type(galileo, AsyncConnection)
    assert_type(await galileo.issue(KeyRequest(name="k")), IssuedKey | PendingApproval)
    async with connect_async("fireworks") as fireworks:
        assert_type(await fireworks.put_secret("my-id", key_name="MY_KEY", value=Secret("x")), StoredSecret)


class Vault:
    """Any object of this shape is a sink."""

    @property
    def description(self) -> str:
        return "a vault"

    def check(self, *, vacant: bool, value: Secret | None = None) -> object: ...

    def store(self, value: Secret, found: object) -> None: ...


def other_use(error: IssuantError) -> None:
    sync_use(Vault())
    assert_type(error.retry_after, float | None)
    assert_type(error.secret, Secret | None)
    assert_type(error.as_dict(), dict[str, object])
    assert_type(provider_names(), tuple[str, ...])
    assert_type(capabilities("galileo").sets_expiry, bool)
    assert_type(Secret("x").reveal(), str)


def generated_use(key: GatewayApiKey) -> None:
    assert_type(key.key_id, str)
    GatewaySecretInput(name="my-id", key_name="MY_KEY", value="x")
    CreateApiKeyRequest(description="k")
    FireblocksClient()
