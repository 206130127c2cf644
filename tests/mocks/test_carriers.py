"""A simulator answers alike in one process, sync and async, and on loopback; a lost connection is lost on each."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest
from issuant.mocks import Fault, Simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import serve

from tests.mocks.carriers import SECRET, SECRETS, Carrier, secret_request
from tests.mocks.signing import PATH, Signer, csr_of, rsa_key


def test_a_secret_is_stored(fireworks: FireworksSimulator, carry: Callable[[Simulator], Carrier]) -> None:
    """Request and reply arrive whole."""
    reply = carry(fireworks).send(secret_request())
    assert (reply.status_code, reply.json()["keyName"]) == (200, "WOLFRAM")
    assert reply.headers["Content-Length"] == str(len(reply.content))
    assert [secret.value for secret in fireworks.secrets.values()] == [SECRET["value"]]


def test_a_signed_request_is_verified(
    fireblocks: FireblocksSimulator, signer: Signer, carry: Callable[[Simulator], Carrier]
) -> None:
    """The bytes and the URI that arrive are those that were signed."""
    wanted = {"role": "EDITOR", "name": "nightly", "csrPem": csr_of(rsa_key())}
    request = httpx.Request("POST", f"https://mock.invalid{PATH}?note=a%20b", json=wanted)
    reply = carry(fireblocks).send(request, signer)
    assert (reply.status_code, reply.content) == (200, b"")
    assert "Content-Type" not in reply.headers
    assert reply.headers["X-Request-ID"] in fireblocks.approvals


def test_a_key_is_issued_and_accepted(galileo: GalileoSimulator, carry: Callable[[Simulator], Carrier]) -> None:
    """The state outlives a request."""
    carrier = carry(galileo)
    value = galileo.api_key
    for _ in range(2):
        url, headers = "https://mock.invalid/v2/users/api_keys", {"Galileo-API-Key": value}
        reply = carrier.send(httpx.Request("POST", url, headers=headers, json={"description": "nightly"}))
        assert reply.status_code == 200
        value = reply.json()["api_key"]


@pytest.mark.parametrize(
    ("fault", "took_effect"), [(Fault.drop_before(), 0), (Fault.drop_after(), 1)], ids=["before", "after"]
)
def test_a_dropped_connection_is_a_protocol_error(
    fireworks: FireworksSimulator, carry: Callable[[Simulator], Carrier], fault: Fault, took_effect: int
) -> None:
    """The same error on each way; the state shows if the request took effect."""
    fireworks.faults.add(fault)
    carrier = carry(fireworks)
    with pytest.raises(httpx.RemoteProtocolError, match="Server disconnected without sending a response"):
        carrier.send(secret_request())
    assert len(fireworks.secrets) == took_effect
    assert carrier.send(secret_request("second")).status_code == 200


def test_a_late_reply_is_a_timeout_and_took_effect(
    fireworks: FireworksSimulator, carry: Callable[[Simulator], Carrier]
) -> None:
    """The client waits for its own limit and no longer."""
    fireworks.faults.add(Fault.delay(30))
    carrier = carry(fireworks)
    started = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        carrier.send(secret_request(), read=0.1)
    assert 0.1 <= time.monotonic() - started < 10
    assert len(fireworks.secrets) == 1


def test_a_reply_is_as_late_as_it_was_meant(
    fireworks: FireworksSimulator, carry: Callable[[Simulator], Carrier]
) -> None:
    """Within the client's limit it still arrives."""
    fireworks.faults.add(Fault.delay(0.1))
    started = time.monotonic()
    assert carry(fireworks).send(secret_request()).status_code == 200
    assert time.monotonic() - started >= 0.1


def test_an_async_delay_holds_up_no_one_else(fireworks: FireworksSimulator) -> None:
    """The request that is least late ends first, whichever was sent first."""

    async def run() -> list[int]:
        finished: list[int] = []
        headers = {"Authorization": "Bearer fw_TEST_not_a_key"}
        async with httpx.AsyncClient(transport=fireworks.transport(), headers=headers) as client:

            async def send(number: int) -> None:
                body = {**SECRET, "name": f"s{number}"}
                reply = await client.post(f"https://mock.invalid{SECRETS}", json=body, timeout=None)
                assert reply.status_code == 200
                finished.append(number)

            await asyncio.gather(*(send(number) for number in range(3)))
        return finished

    fireworks.faults.add(Fault.delay(0.4))
    fireworks.faults.add(Fault.delay(0.2))
    assert asyncio.run(run()) == [2, 1, 0]


@pytest.mark.parametrize("way", ["in-process", "loopback"])
def test_twenty_threads_lose_nothing(fireworks: FireworksSimulator, way: str) -> None:
    """Each key is another, each is kept, and one id is given to one of them."""
    carrier = Carrier(fireworks, "", asynchronous=False)
    for number in range(20):
        fireworks.add_user(f"user-{number}")
    together = threading.Barrier(20)

    def send(number: int, client: httpx.Client) -> tuple[set[str], int]:
        together.wait()
        path = f"/v1/accounts/mock-account/users/user-{number}/apiKeys"
        values = {client.post(path, json={"apiKey": {}}).json()["key"] for _ in range(10)}
        return values, client.post(SECRETS, json=SECRET).status_code

    headers = {"Authorization": "Bearer fw_TEST_not_a_key"}
    with serve(fireworks) as server, ThreadPoolExecutor(20) as pool:
        origin = server.base_url if way == "loopback" else "https://mock.invalid"
        transport = None if way == "loopback" else carrier.transport
        with httpx.Client(transport=transport, base_url=origin, headers=headers, timeout=30) as client:
            outcomes = list(pool.map(lambda number: send(number, client), range(20)))
    values: set[str] = set().union(*(issued for issued, _ in outcomes))
    assert len(values) == 200
    assert len(fireworks.keys) == 201
    assert len({key.user_id for key in fireworks.keys.values()}) == 21
    assert sorted(status for _, status in outcomes) == [200] + [409] * 19


def test_a_value_that_ten_threads_choose_at_once_is_given_to_one() -> None:
    """Between the check and the change a slow clock lets the others in, if they are not kept out."""

    def slow_clock() -> datetime:
        time.sleep(0.005)
        return datetime(2030, 1, 1, tzinfo=UTC)

    galileo = GalileoSimulator(clock=slow_clock)
    together = threading.Barrier(10)

    def send(client: httpx.Client) -> int:
        together.wait()
        wanted = {"description": "nightly", "api_key": "own_TEST_value_not_a_key"}
        return client.post("https://mock.invalid/v2/users/api_keys", json=wanted).status_code

    headers = {"Galileo-API-Key": galileo.api_key}
    with httpx.Client(transport=galileo.transport(), headers=headers) as client, ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(send, [client] * 10)) == [200] + [409] * 9
