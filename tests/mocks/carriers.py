"""The ways to a simulator: in this process or on loopback, sync or async. Owns sending one request along them."""

from __future__ import annotations

import asyncio
import ssl

import httpx
from issuant.mocks import Simulator

from tests.mocks.signing import Signer

SECRETS = "/v1/accounts/mock-account/secrets"
SECRET = {"name": "wolfram", "keyName": "WOLFRAM", "value": "stored_TEST_not_a_key"}
READ_SECONDS = 5.0
PLAIN = ssl.create_default_context()  # made once: a client would make its own, which takes longer than the test


def secret_request(name: str = "wolfram") -> httpx.Request:
    headers = {"Authorization": "Bearer fw_TEST_not_a_key"}
    return httpx.Request("POST", f"https://mock.invalid{SECRETS}", headers=headers, json={**SECRET, "name": name})


class Carrier:
    """One way to a simulator."""

    def __init__(self, simulator: Simulator, origin: str, asynchronous: bool) -> None:
        self.transport = None if origin else simulator.transport()
        self.origin = httpx.URL(origin or "https://mock.invalid")
        self.asynchronous = asynchronous

    def send(self, request: httpx.Request, auth: Signer | None = None, read: float = READ_SECONDS) -> httpx.Response:
        request.url = request.url.copy_with(scheme=self.origin.scheme, host=self.origin.host, port=self.origin.port)
        request.extensions = {"timeout": httpx.Timeout(READ_SECONDS, read=read).as_dict()}
        if self.asynchronous:
            return asyncio.run(self._send_async(request, auth))
        with httpx.Client(transport=self.transport, verify=PLAIN) as client:
            return client.send(request, auth=auth)

    async def _send_async(self, request: httpx.Request, auth: Signer | None) -> httpx.Response:
        async with httpx.AsyncClient(transport=self.transport, verify=PLAIN) as client:
            return await client.send(request, auth=auth)
