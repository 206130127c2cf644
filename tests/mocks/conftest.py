"""Simulators on a clock that stands still, and clients that reach them without a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from issuant.mocks import MovableClock, Simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import serve

from tests.mocks.carriers import Carrier
from tests.mocks.signing import Signer

ORIGIN = "https://mock.invalid"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))


@pytest.fixture
def fireworks(clock: MovableClock) -> FireworksSimulator:
    return FireworksSimulator(clock=clock)


@pytest.fixture
def fireblocks(clock: MovableClock) -> FireblocksSimulator:
    return FireblocksSimulator(clock=clock)


@pytest.fixture
def galileo(clock: MovableClock) -> GalileoSimulator:
    return GalileoSimulator(clock=clock)


@pytest.fixture
def fireworks_client(fireworks: FireworksSimulator) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {fireworks.api_key}"}
    with httpx.Client(transport=fireworks.transport(), base_url=ORIGIN, headers=headers) as client:
        yield client


@pytest.fixture
def signer(fireblocks: FireblocksSimulator) -> Signer:
    return Signer(api_key=fireblocks.api_key, pem=fireblocks.private_key_pem, clock=fireblocks.clock)


@pytest.fixture
def fireblocks_client(fireblocks: FireblocksSimulator, signer: Signer) -> Iterator[httpx.Client]:
    with httpx.Client(transport=fireblocks.transport(), base_url=ORIGIN, auth=signer) as client:
        yield client


@pytest.fixture
def galileo_client(galileo: GalileoSimulator) -> Iterator[httpx.Client]:
    headers = {"Galileo-API-Key": galileo.api_key}
    with httpx.Client(transport=galileo.transport(), base_url=ORIGIN, headers=headers) as client:
        yield client


@pytest.fixture(params=["in-process", "in-process-async", "loopback", "loopback-async"])
def carry(request: pytest.FixtureRequest) -> Iterator[Callable[[Simulator], Carrier]]:
    """Give the way to any simulator."""
    servers = []

    def way(simulator: Simulator) -> Carrier:
        origin = ""
        if request.param.startswith("loopback"):
            servers.append(serve(simulator))
            origin = servers[-1].__enter__().base_url
        return Carrier(simulator, origin, request.param.endswith("async"))

    yield way
    for server in servers:
        server.__exit__(None, None, None)
