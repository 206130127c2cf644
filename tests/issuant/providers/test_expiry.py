"""Whether a key has expired is judged by the provider's clock, where it tells the time, and not by this machine's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from issuant import Connection, KeyRequest, connect, connect_async
from issuant.keys import KeyStatus
from issuant.mocks import MovableClock, Simulator, simulator
from issuant.providers import find_provider, provider_names
from issuant.redaction import Redactor
from issuant.replies import Reply

from tests.issuant.recording import NOW

DAY = timedelta(days=1)
each_flavour = pytest.mark.parametrize("flavour", ["sync", "async"])
each_provider = pytest.mark.parametrize(
    "name", [name for name in provider_names() if find_provider(name).capabilities.sets_expiry]
)


class Stand:
    """A provider and this machine, each with a clock of its own, and a key that lives for a week."""

    def __init__(self, name: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.name = name
        self.theirs, self.ours = MovableClock(NOW), MovableClock(NOW)
        self.vendor: Simulator = simulator(name, clock=self.theirs)
        for variable, value in self.vendor.env("http://127.0.0.1:9", folder).items():
            monkeypatch.setenv(variable, value)
        with self._connected() as connection:
            connection.issue(KeyRequest(name="weekly", expires_in=7 * DAY))

    def _connected(self) -> Connection:
        return connect(self.name, transport=self.vendor.transport(), clock=self.ours)

    def status(self, flavour: str) -> KeyStatus:
        """Return the status of the key, as a connection of that flavour finds it."""
        return asyncio.run(self._found()) if flavour == "async" else self._find()

    def _find(self) -> KeyStatus:
        with self._connected() as connection:
            (found,) = connection.find("weekly")
            return found.status

    async def _found(self) -> KeyStatus:
        async with connect_async(self.name, transport=self.vendor.transport(), clock=self.ours) as connection:
            (found,) = await connection.find("weekly")
            return found.status


@pytest.fixture
def stand(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stand:
    return Stand(name, monkeypatch, tmp_path)


@each_flavour
@each_provider
def test_a_key_is_expired_when_it_is_at_the_provider(flavour: str, stand: Stand) -> None:
    """Its clock has been moved by eight days, and this machine's has not."""
    assert stand.status(flavour) is KeyStatus.ACTIVE
    stand.theirs.advance(8 * DAY)
    assert stand.status(flavour) is KeyStatus.EXPIRED


@each_flavour
@each_provider
def test_a_key_is_active_when_it_is_at_the_provider(flavour: str, stand: Stand) -> None:
    """A machine that is eight days ahead of it does not know better."""
    stand.ours.advance(8 * DAY)
    assert stand.status(flavour) is KeyStatus.ACTIVE


def in_our_time(reply: Reply, now: object) -> object:
    return now


@each_provider
@pytest.mark.parametrize(
    ("move", "wrong"),
    [
        pytest.param(lambda stand: stand.theirs.advance(8 * DAY), KeyStatus.ACTIVE, id="behind"),
        pytest.param(lambda stand: stand.ours.advance(8 * DAY), KeyStatus.EXPIRED, id="ahead"),
    ],
)
def test_judging_by_this_machines_clock_is_caught(
    move: Callable[[Stand], object], wrong: KeyStatus, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either test above would find the other status."""
    monkeypatch.setattr(Reply, "moment", in_our_time)
    move(stand)
    assert stand.status("sync") is wrong


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        pytest.param("Wed, 02 Jan 2030 03:04:06 GMT", NOW + timedelta(seconds=1), id="ahead"),
        pytest.param("Wed, 02 Jan 2030 03:04:03 GMT", NOW - timedelta(seconds=2), id="behind"),
        pytest.param("Wed, 02 Jan 2030 03:04:05 GMT", NOW + timedelta(seconds=0.5), id="the-same-second"),
        pytest.param("Mon, 01 Jan 0001 00:00:00 +2359", None, id="before-all-time"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 -2359", None, id="after-all-time"),
        pytest.param("soon", NOW + timedelta(seconds=0.5), id="no-date"),
        pytest.param("", NOW + timedelta(seconds=0.5), id="none"),
    ],
)
def test_a_reply_tells_the_moment_to_a_second(date: str, moment: datetime | None) -> None:
    """Within that second this machine's clock is the finer; a date that UTC has no year for is one all the same."""
    response = httpx.Response(200, headers={"Date": date})
    reply = Reply(response, b"", provider="galileo", operation="keys", redactor=Redactor([]))
    told = reply.moment(NOW + timedelta(seconds=0.5))
    assert told.utcoffset() is not None
    assert moment is None or told == moment
