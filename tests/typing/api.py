"""Uses of the public names that a strict type checker accepts. It is checked, and never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import assert_never, assert_type
from uuid import UUID

from issuant import (
    Ability,
    Answer,
    Approval,
    ApprovalState,
    AsyncConnection,
    AsyncListing,
    AsyncRotator,
    Capabilities,
    Connection,
    Diagnosis,
    FireblocksAccount,
    FireblocksKeyRequest,
    FireworksAccount,
    FireworksKeyRequest,
    GalileoAccount,
    GalileoKeyRequest,
    Identity,
    IssuantError,
    IssuedKey,
    ItemProblem,
    KeyInfo,
    KeyRequest,
    KeyStatus,
    Listing,
    PairingToken,
    PendingApproval,
    RateLimit,
    Removed,
    Retries,
    Rotator,
    Secret,
    Sink,
    StoredSecret,
    UserInfo,
    VendorFields,
    WhitelistedIps,
    capabilities,
    connect,
    connect_async,
    open_sink,
    provider_names,
)
from issuant.rotation.inspection import Due
from issuant.rotation.records import Credential, Event, Operation
from issuant.rotation.rotator import Resumed
from issuant.rotation.states import State
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


def told_status(status: KeyStatus) -> str:
    match status:
        case KeyStatus.ACTIVE | KeyStatus.EXPIRED | KeyStatus.DISABLED | KeyStatus.UNKNOWN:
            return "key"
        case KeyStatus.PENDING_APPROVAL | KeyStatus.PENDING_ACTIVATION:
            return "not yet"
        case _ as never:
            assert_never(never)


def sync_life(galileo: Connection, pending: PendingApproval) -> None:
    assert_type(galileo.keys(), Listing[KeyInfo])
    assert_type(galileo.keys(owner="u"), Listing[KeyInfo])
    assert_type(galileo.keys(everyone=True).problems, tuple[ItemProblem, ...])
    for key in galileo.keys():  # noqa: SIM118 - no mapping
        assert_type(key, KeyInfo)
        told_status(key.status)
        assert_type(galileo.revoke(key), Removed)
    assert_type(galileo.key("id", owner="u").last_used, datetime | None)
    assert_type(galileo.find("name", owner="u"), tuple[KeyInfo, ...])
    assert_type(galileo.revoke("id", owner="u"), Removed)
    assert_type(galileo.whoami(), Identity)
    assert_type(galileo.diagnose(), Diagnosis)
    assert_type(galileo.diagnose().abilities, tuple[Ability, ...])
    assert_type(galileo.diagnose().abilities[0].answer, Answer)
    assert_type(galileo.secrets(account_id="a"), Listing[StoredSecret])
    assert_type(galileo.secret("id"), StoredSecret)
    assert_type(galileo.put_secret("id", key_name="K", value="x", replace=False).replaced, bool)
    assert_type(galileo.delete_secret("id"), Removed)
    assert_type(galileo.users(), Listing[UserInfo])
    assert_type(galileo.user("id"), UserInfo)
    assert_type(galileo.create_user("id", role="user", service_account=True), UserInfo)
    assert_type(galileo.approval(pending), Approval)
    assert_type(galileo.approval("id").state, ApprovalState)
    assert_type(galileo.approvals(), Listing[Approval])
    assert_type(galileo.pairing_token("u").secret, Secret)
    assert_type(galileo.pairing_token(galileo.key("u"), idempotency_key="i"), PairingToken)
    assert_type(galileo.whitelisted_ips("u"), WhitelistedIps)
    assert_type(galileo.with_options(timeout=5, retries=Retries(attempts=1)), Connection)
    assert_type(galileo.clock_skew, timedelta | None)


async def async_life(galileo: AsyncConnection, pending: PendingApproval) -> None:
    assert_type(galileo.keys(), AsyncListing[KeyInfo])
    async for key in galileo.keys(everyone=True):
        assert_type(key, KeyInfo)
        assert_type(await galileo.revoke(key), Removed)
    assert_type(await galileo.key("id", owner="u"), KeyInfo)
    assert_type(await galileo.find("name"), tuple[KeyInfo, ...])
    assert_type(await galileo.whoami(), Identity)
    assert_type(await galileo.diagnose(), Diagnosis)
    assert_type(galileo.secrets(), AsyncListing[StoredSecret])
    assert_type(await galileo.secret("id"), StoredSecret)
    assert_type(await galileo.delete_secret("id"), Removed)
    assert_type(galileo.users(), AsyncListing[UserInfo])
    assert_type(await galileo.user("id"), UserInfo)
    assert_type(await galileo.create_user("id", role="user", email="e"), UserInfo)
    assert_type(await galileo.approval(pending), Approval)
    assert_type(galileo.approvals(), AsyncListing[Approval])
    assert_type(await galileo.pairing_token("u"), PairingToken)
    assert_type(await galileo.whitelisted_ips("u"), WhitelistedIps)
    assert_type(galileo.with_options(retries=Retries(attempts=1)), AsyncConnection)


def rotations(account: GalileoAccount) -> None:
    with Rotator(Path("journal"), accounts={"galileo": account}, key="file:journal.key") as rotator:
        assert_type(rotator.issue("ci", "galileo", KeyRequest(name="ci"), sinks=["file:ci.key"]), Operation)
        assert_type(rotator.adopt("ci", "galileo", "id", source="env:.env#KEY", id_sinks=("env:.env#ID",)), Credential)
        assert_type(rotator.rotate("ci", grace=timedelta(hours=1), quiet=timedelta(minutes=5)).state, State)
        assert_type(rotator.plan("ci"), tuple[str, ...])
        assert_type(rotator.resume(force=True), tuple[Resumed, ...])
        assert_type(rotator.resume("ci")[0].error, IssuantError | None)
        assert_type(rotator.abandon("ci").note, str)
        assert_type(rotator.credential("ci").expires_at, datetime | None)
        assert_type(rotator.history("ci"), tuple[Operation, ...])
        assert_type(rotator.events(rotator.operations()[0]), tuple[Event, ...])
        assert_type(rotator.due(timedelta(days=30)), tuple[Due, ...])


async def async_rotations() -> None:
    async with AsyncRotator(connect=connect_async) as rotator:
        assert_type(await rotator.rotate("ci", sinks=["file:ci.key"]), Operation)
        assert_type(await rotator.resume(), tuple[Resumed, ...])
        assert_type(rotator.credentials(), tuple[Credential, ...])


def options() -> None:
    connect("galileo", verify="ca.pem", proxy="http://me:x@localhost:3128", retries=Retries(attempts=5, first_wait=1))
    connect("galileo", verify=Path("ca.pem"), proxy=Secret("http://localhost:3128"), rate_limit=RateLimit(calls=60))
    connect_async("galileo", verify=True, rate_limit=RateLimit(calls=1, seconds=0.5))


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
    assert_type(error.attempts, int)
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
