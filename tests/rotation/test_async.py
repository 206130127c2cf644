"""A rotation with asyncio: nobody else gets in, and one that is cancelled, wherever it is, is brought to its end."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import threading
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from issuant.errors import BusyError
from issuant.mocks.inprocess import SimulatorTransport
from issuant.rotation.async_rotator import AsyncRotator
from issuant.rotation.records import Operation
from issuant.rotation.states import State

from tests.rotation.scenes import NAME
from tests.rotation.stand import NONE, MakeStand, Stand


class Late(httpx.AsyncBaseTransport):
    """A way to the provider on which a task is cancelled before its request has arrived. Else it is on the way back."""

    def __init__(self, beyond: SimulatorTransport) -> None:
        self._beyond = beyond

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return await self._beyond.handle_async_request(request)


async def rotated(rotator: AsyncRotator) -> Operation:
    """Rotate the key to the end."""
    return await rotator.rotate(NAME, grace=NONE)


async def resumed(rotator: AsyncRotator) -> Operation:
    """Carry on what is open, and raise what has stopped it."""
    (found,) = await rotator.resume(NAME)
    if found.error is not None:
        raise found.error
    return found.operation


def in_a_thread(course: Callable[[], Coroutine[Any, Any, object]]) -> BaseException | None:
    """Run a coroutine in a thread with an event loop of its own, and return what it raises."""
    raised: list[BaseException] = []

    def act() -> None:
        try:
            asyncio.run(course())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
            raised.append(error)

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()
    return raised[0] if raised else None


def test_of_two_at_once_one_is_refused(stand_at: MakeStand) -> None:
    """One key is asked for, and whoever was refused is told why."""
    stand = stand_at("galileo")
    was = stand.issued()
    asked = len(stand.vendor.created_names())

    async def go() -> Sequence[Operation | BaseException]:
        async with stand.async_rotator() as one, stand.async_rotator() as other:
            return await asyncio.gather(rotated(one), rotated(other), return_exceptions=True)

    error, operation = sorted(asyncio.run(go()), key=lambda one: isinstance(one, Operation))
    assert isinstance(operation, Operation)
    assert isinstance(error, BusyError)
    assert operation.state is State.DONE
    assert "being worked on" in error.reason
    assert len(stand.vendor.created_names()) == asked + 1
    assert stand.broken(was=was) == []


def test_nobody_gets_in_at_any_instant(stand_at: MakeStand) -> None:
    """While one rotates, another that would rotate or go on with it is refused, at every checkpoint."""
    stand = stand_at("galileo")
    was = stand.issued()
    asked = len(stand.vendor.created_names())
    refused: list[tuple[str, BaseException | None]] = []

    async def other() -> None:
        async with stand.async_rotator() as rotator:
            await (resumed(rotator) if stand.open() else rotated(rotator))

    def witness(label: str) -> None:
        stand.witness = lambda label: None  # what the other does has no checkpoints
        refused.append((label, in_a_thread(other)))
        stand.witness = witness

    async def go() -> Operation:
        async with stand.async_rotator() as rotator:
            return await rotated(rotator)

    stand.witness = witness
    assert asyncio.run(go()).state is State.DONE
    assert {"after read credential", "before create", "after revoke", "before write done"} <= {at for at, _ in refused}
    assert [(at, error) for at, error in refused if "being worked on" not in str(error)] == []
    assert {type(error) for _, error in refused} == {BusyError}
    assert len(stand.vendor.created_names()) == asked + 1
    stand.witness = lambda label: None
    assert stand.broken(was=was) == []


def cancelled_at(stand: Stand, number: int) -> str | None:
    """Rotate in a task that is cancelled before the step of that number; return its label, None where none is left."""
    seen: list[str] = []

    async def go() -> None:
        def witness(label: str) -> None:
            seen.extend([label] if label.startswith("before ") else [])  # nothing is awaited after a step
            if len(seen) == number:
                task.cancel()

        async with stand.async_rotator() as rotator:
            task = asyncio.ensure_future(rotated(rotator))
            stand.witness = witness
            await asyncio.wait([task])
            stand.witness = lambda label: None
            assert task.cancelled() is (len(seen) >= number)

    asyncio.run(go())
    return seen[number - 1] if len(seen) >= number else None


@pytest.mark.parametrize(
    ("provider", "is_late"),
    [
        pytest.param("galileo", False, id="galileo-on-the-way-back"),
        pytest.param("fireworks", False, id="fireworks-on-the-way-back"),
        pytest.param("fireworks", True, id="fireworks-before-it-arrives"),
    ],
)
def test_what_is_cancelled_is_brought_to_its_end(
    stand_at: MakeStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str, is_late: bool
) -> None:
    """Cancelled in any step, with its request done or not begun: one key is left, the new one, where it is used."""
    stand = stand_at(provider)
    was, simulator = stand.issued(), stand.vendor.simulator
    kept, before = stand.vendor.kept(), shutil.copytree(stand.folder, tmp_path / "kept")
    through = simulator.transport
    for number in itertools.count(1):
        with monkeypatch.context() as patch:
            if is_late:
                patch.setattr(simulator, "transport", lambda: Late(through()))
            label = cancelled_at(stand, number)
        if label is None:
            break
        stand.settle()
        assert stand.broken(was=was) == [], label
        shutil.rmtree(stand.folder)
        shutil.copytree(before, stand.folder)
        stand.vendor.go_back(kept)
    assert number > 25
