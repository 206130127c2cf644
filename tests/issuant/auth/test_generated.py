"""The same classes with the generated clients, sync and async: they log in, renew, and make up for a clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from issuant.auth import FireblocksAuth
from issuant.mocks import simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant_fireblocks import Client as FireblocksClient
from issuant_fireblocks.api.api_user import get_api_users
from issuant_galileo import Client as GalileoClient
from issuant_galileo.api.api_keys import create_api_key
from issuant_galileo.models import CreateApiKeyRequest, CreateApiKeyResponse

from tests.issuant.auth.calling import BASE_URL, Galileo

KEYS = "/v2/users/api_keys"
modes = pytest.mark.parametrize("mode", ["sync", "async"])


def issue(client: GalileoClient, mode: str) -> object:
    body = CreateApiKeyRequest(description="k")
    if mode == "sync":
        with client:
            return create_api_key.sync(client=client, body=body)

    async def main() -> object:
        async with client:
            return await create_api_key.asyncio(client=client, body=body)

    return asyncio.run(main())


@modes
@pytest.mark.parametrize(("way", "login"), [("password", "/login"), ("key", "/login/api_key")])
def test_a_galileo_client_logs_in_and_renews(way: str, login: str, mode: str) -> None:
    """One token for several calls, another when it has ended, and another when it is refused."""
    seen = Galileo()
    client = GalileoClient(BASE_URL, auth=seen.auth(way), transport=seen.transport(), async_transport=seen.transport())
    for _ in range(2):
        assert isinstance(issue(client, mode), CreateApiKeyResponse)
    seen.pass_by(hours=1)
    assert isinstance(issue(client, mode), CreateApiKeyResponse)
    seen.forget_tokens()
    assert isinstance(issue(client, mode), CreateApiKeyResponse)
    renewal = "/refresh_token" if way == "password" else login
    assert seen.paths == [login, KEYS, KEYS, renewal, KEYS, KEYS, login, KEYS]


@modes
def test_a_fireblocks_client_makes_up_for_a_clock(mode: str) -> None:
    """Its own is ten minutes behind."""
    vendor = simulator("fireblocks")
    assert isinstance(vendor, FireblocksSimulator)
    vendor.clock.advance(timedelta(minutes=10))
    auth = FireblocksAuth(vendor.api_key, vendor.private_key_pem)
    client = FireblocksClient(
        f"{BASE_URL}/v1", auth=auth, transport=vendor.transport(), async_transport=vendor.transport()
    )

    async def main() -> object:
        async with client:
            return await get_api_users.asyncio_detailed(client=client)

    if mode == "async":
        reply = asyncio.run(main())
    else:
        with client:
            reply = get_api_users.sync_detailed(client=client)
    assert reply.status_code == 200  # type: ignore[attr-defined]
    assert auth.clock_skew is not None
    assert abs(auth.clock_skew - timedelta(minutes=10)) < timedelta(seconds=5)
