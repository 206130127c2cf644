"""Ten thousand keys issued at a concurrency of one hundred, beside bare httpx.AsyncClient doing the same.

Facts
- Both sides have httpx's own limits: 100 connections, of which 20 are kept. With all 100 kept, a call takes half as
  much CPU again and more: httpcore looks at every connection for every idle one.
"""

from __future__ import annotations

import asyncio
import json
import resource
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from issuant import GalileoAccount, KeyRequest, connect_async, mocks
from public import Tape, serving

CALLS = 10_000
CONCURRENCY = 100
ROUNDS = 3
ACCOUNT = GalileoAccount(api_key="galileo_TEST_not_a_key")


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """What a crowd of calls came to: calls a second, and how many KB the process grew by in the second half."""

    rate: float
    growth_kb: int


async def crowd(call: Callable[[], Awaitable[object]], calls: int) -> Crowd:
    """Make `calls` calls, CONCURRENCY at a time."""
    left = iter(range(calls))
    halfway = 0

    async def work() -> None:
        nonlocal halfway
        for number in left:
            await call()
            if number == calls // 2:
                halfway = _peak_kb()

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
    return Crowd(rate=calls / (time.perf_counter() - start), growth_kb=_peak_kb() - halfway)


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def ours(base_url: str, calls: int) -> Crowd:
    """Issue keys by `connect_async`."""
    async with connect_async(ACCOUNT, base_url=base_url) as connection:
        request = KeyRequest(name="bench")
        return await crowd(lambda: connection.issue(request), calls)


async def peer(base_url: str, calls: int) -> Crowd:
    """Send the same requests and decode the same replies with bare httpx."""
    headers = {"Galileo-API-Key": "galileo_TEST_not_a_key"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=30) as client:

        async def call() -> object:
            response = await client.post("/v2/users/api_keys", json={"description": "bench"})
            return json.loads(response.raise_for_status().content)

        return await crowd(call, calls)


def measure(calls: int = CALLS) -> tuple[Crowd, Crowd]:
    """Return the best of ours and of the peer's, taken in turns against one server."""
    simulator = mocks.simulator("galileo")
    tape = Tape(simulator)
    with httpx.Client(
        transport=tape, base_url="https://mock.invalid", headers={"Galileo-API-Key": simulator.api_key}
    ) as client:
        client.post("/v2/users/api_keys", json={"description": "bench"})
    with serving(iter(tape.kept)) as base_url:
        rounds = [(asyncio.run(ours(base_url, calls)), asyncio.run(peer(base_url, calls))) for _ in range(ROUNDS)]
    return max((one for one, _ in rounds), key=_rate), max((other for _, other in rounds), key=_rate)


def _rate(one: Crowd) -> float:
    return one.rate
