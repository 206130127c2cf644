"""A long list costs no more than a page of it: what comes first is out while the rest is still at the provider, and
what has gone by is not kept. Owns the lengths, and the measure that a list which is collected fails.
"""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from issuant import connect, connect_async, mocks
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_approvals import Wish
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import serve

from tests.contract.unlisted import BASE_URL, account
from tests.extent import IS_WHOLE

SHARE = 3
"""Of what more items would take if they were kept, the memory that a list takes may grow by this part, at most. It
comes to a fifth at Fireworks, nearly all of it page tokens of the simulator, and to an eighth at Galileo, much of it
the ids that have come, by which the list is checked.
"""


@dataclass(frozen=True, kw_only=True)
class Long:
    """A list that comes in pages: `add` puts one item into a simulator's state, `ask` asks a connection for the list.

    `before` is how many requests come before the first page, `page` how many items a page has.
    """

    add: Callable[[Any, int], object]
    ask: Callable[[Any], Any]
    many: int = 10_000
    page: int
    before: int = 0


def _wait(simulator: FireblocksSimulator, number: int) -> None:
    admin = simulator.users[simulator.api_key]
    wish = Wish(name=f"n-{number}", role="VIEWER", public_key=admin.public_key)
    simulator.approvals.ask(wish, request_id=f"request-{number}", initiator=admin.id)


def _add_fireworks_key(simulator: FireworksSimulator, number: int) -> None:
    simulator.add_key(simulator.user_id, display_name=f"n-{number}")


def _add_galileo_key(simulator: GalileoSimulator, number: int) -> None:
    simulator.add_key(user_id=simulator.user_id, description=f"n-{number}")


LISTS = {
    "fireworks": Long(add=_add_fireworks_key, ask=lambda connection: connection.keys(), page=200),
    # Each page is asked for by a user who has asked who they are.
    "galileo": Long(add=_add_galileo_key, ask=lambda connection: connection.keys(), page=100, before=1),
    # Its keys come all at once. Its approvals come in small pages, and each is signed for: fewer of them will do.
    "fireblocks": Long(add=_wait, ask=lambda connection: connection.approvals(), page=30, many=1_000),
}

See = Callable[[object], object]


class Vendor:
    """A simulator that holds `length` items, and how many requests it has answered."""

    def __init__(self, name: str, length: int) -> None:
        self.long, self.answered = LISTS[name], 0
        self.account, self.simulator = account(name), mocks.simulator(name)
        for number in range(length):
            self.long.add(self.simulator, number)
        self.simulator.on_change = self._count
        self.reached: dict[str, Any] = {
            "base_url": f"{BASE_URL}{self.simulator.base_path}",
            "transport": self.simulator.transport(),
        }

    def _count(self) -> None:
        self.answered += 1


def plain(vendor: Vendor, see: See) -> None:
    """Show each item of the list to `see` as it comes."""
    with connect(vendor.account, **vendor.reached) as connection:
        for item in vendor.long.ask(connection):
            see(item)


def asynchronous(vendor: Vendor, see: See) -> None:
    """The twin of `plain`."""

    async def main() -> None:
        async with connect_async(vendor.account, **vendor.reached) as connection:
            async for item in vendor.long.ask(connection):
                see(item)

    asyncio.run(main())


def collected(vendor: Vendor, see: See) -> None:
    """Show each item when all have come: what a list must not do."""
    with connect(vendor.account, **vendor.reached) as connection:
        for item in list(vendor.long.ask(connection)):
            see(item)


def collected_asynchronous(vendor: Vendor, see: See) -> None:
    """The twin of `collected`."""

    async def main() -> None:
        async with connect_async(vendor.account, **vendor.reached) as connection:
            for item in [item async for item in vendor.long.ask(connection)]:
                see(item)

    asyncio.run(main())


Way = Callable[[Vendor, See], None]


def faults_of_pace(vendor: Vendor, way: Way) -> list[str]:
    """Return where a list is ahead of whoever goes through it, by more than the page that they are on."""
    faults, count = [], 0

    def see(_: object) -> None:
        nonlocal count
        # Two pages may share an item, never more.
        pages = 1 + count // (vendor.long.page - 1)
        count += 1
        if vendor.answered > vendor.long.before + pages:
            faults.append(f"{vendor.answered} requests had been answered at item {count}")

    way(vendor, see)
    if vendor.answered < vendor.long.before + count / vendor.long.page:
        faults.append(f"{count} items came in {vendor.answered} requests: these are no pages")
    return faults


def traced(run: Callable[[], object]) -> tuple[int, int]:
    """Return how many bytes are left of a run, and the most that it took at one time, the simulator's included."""
    gc.collect()
    tracemalloc.start()
    try:
        run()
        gc.collect()
        return tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


def fault_of_memory(name: str, way: Way, *, few: int, many: int) -> str | None:
    """Return by how much the memory for `many` items is beyond that for `few`, where it is too much."""
    small, large = Vendor(name, few), Vendor(name, many)
    kept: list[object] = []
    way(Vendor(name, 1), lambda _: None)  # what is loaded and cached once is there from here on
    size = traced(lambda: way(small, kept.append))[0] / few
    kept.clear()
    grown = traced(lambda: way(large, lambda _: None))[1] - traced(lambda: way(small, lambda _: None))[1]
    allowed = size * (many - few) / SHARE
    return None if grown < allowed else f"{grown} bytes more for {many - few} items more, of {size:.0f} bytes each"


@pytest.mark.parametrize("way", [plain, asynchronous], ids=["sync", "async"])
@pytest.mark.parametrize("name", LISTS)
def test_a_page_is_asked_for_when_it_is_wanted(name: str, way: Way) -> None:
    """The first item is out before the second page is there, and so on to the last of thousands."""
    assert faults_of_pace(Vendor(name, LISTS[name].many), way) == []


def test_a_page_is_asked_for_when_it_is_wanted_over_the_wire() -> None:
    """On loopback, as in process."""
    vendor = Vendor("galileo", LISTS["galileo"].many)
    with serve(vendor.simulator) as server:
        vendor.reached = {"base_url": server.base_url}
        assert faults_of_pace(vendor, plain) == []


# One of each is enough: the iterators are the same for every provider, and its pages are for both.
@pytest.mark.parametrize(
    ("name", "way"), [("fireworks", plain), ("galileo", asynchronous)], ids=["fireworks-sync", "galileo-async"]
)
def test_a_list_takes_no_more_memory_for_thousands_of_keys_than_for_hundreds(name: str, way: Way) -> None:
    """What has gone by is not kept: the peak grows by a part of what the keys would take."""
    few, many = (1_000, 10_000) if IS_WHOLE else (500, 2_500)
    assert fault_of_memory(name, way, few=few, many=many) is None


@pytest.mark.parametrize("way", [collected, collected_asynchronous], ids=["sync", "async"])
def test_a_list_that_is_collected_first_is_found(way: Way) -> None:
    """Nothing is out before the last page is there."""
    early, *_ = faults_of_pace(Vendor("galileo", 500), way)
    assert early == "7 requests had been answered at item 1"


def test_a_list_that_is_kept_is_found() -> None:
    """By the memory that it takes."""
    assert "bytes more for 2000 items more" in str(fault_of_memory("fireworks", collected, few=500, many=2_500))


def test_a_list_that_comes_as_a_whole_is_found() -> None:
    """Fireworks' documents say that paging is still to be added for keys: what comes so is no long list of pages."""
    vendor = Vendor("fireworks", 500)
    assert isinstance(vendor.simulator, FireworksSimulator)
    vendor.simulator.pages_api_keys = False
    assert faults_of_pace(vendor, plain) == ["501 items came in 1 requests: these are no pages"]
