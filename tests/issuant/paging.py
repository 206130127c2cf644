"""A list in pages, without a wire: what carries out steps gives the pages, and notes what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any, cast

from issuant.errors import IssuantError, UnansweredError
from issuant.flow import Flow, Step, Stream, exchange
from issuant.inventory import ItemProblem, KeyInfo, Page
from issuant.keys import KeyStatus
from issuant.listing import AsyncListing, Listing
from issuant.pages import paged

from tests.issuant.recording import a_call

Answer = tuple[Page[KeyInfo], str | None] | BaseException


def key(id: str, name: str = "") -> KeyInfo:  # noqa: A002 - the field's own name
    return KeyInfo(provider="galileo", id=id, name=name or f"name of {id}", status=KeyStatus.ACTIVE)


def page(*ids: str, bad: int = 0, token: str | None = None) -> tuple[Page[KeyInfo], str | None]:
    """Return a page of keys, and behind them so many items that cannot be read, with the token of the next page."""
    problems = tuple(
        ItemProblem(position=len(ids) + number, faults=("it is not as documented",)) for number in range(bad)
    )
    return Page(items=tuple(map(key, ids)), problems=problems), token


class Pages:
    """Carries out steps: each gets the next of `answers`, and an exception among them is raised."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = iter(answers)
        self.asked = 0

    def perform(self, step: Step) -> object:
        self.asked += 1
        answer = next(self._answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def interrupted(self, step: Step) -> IssuantError:
        return UnansweredError("it was interrupted.")


class AsyncPages(Pages):
    async def perform(self, step: Step) -> object:
        await asyncio.sleep(0)
        return super().perform(step)


def stream() -> Stream[KeyInfo]:
    def fetch(token: str | None) -> Flow[tuple[Page[KeyInfo], str | None]]:
        found: Any = yield from exchange(a_call(reads=True, url=f"/keys?page={token}"))
        return cast("tuple[Page[KeyInfo], str | None]", found)

    return paged(fetch, provider="galileo", operation="keys")


class Taken(Iterator[KeyInfo]):
    """A listing, gone through by a loop of asyncio that runs for each item, so that tests read the same for both."""

    def __init__(self, listing: AsyncListing[KeyInfo], loop: asyncio.AbstractEventLoop) -> None:
        self.listing = listing
        self._loop = loop

    def __next__(self) -> KeyInfo:
        async def take() -> KeyInfo:
            return await anext(self.listing)

        try:
            return self._loop.run_until_complete(take())
        except StopAsyncIteration:
            pass
        raise StopIteration


def opened(answers: Iterable[Answer]) -> tuple[Listing[KeyInfo], Iterator[KeyInfo], Pages]:
    """Return a listing, what goes through it, and what it asks."""
    sender = Pages(answers)
    listing = Listing(stream(), sender)
    return listing, listing, sender
