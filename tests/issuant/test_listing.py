"""Going through a list: lazily, page by page, to its true end or to an error that stays one."""

from __future__ import annotations

import asyncio
import gc
import linecache
import logging
import sys
import threading
import tracemalloc
import warnings
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

import pytest
from issuant.errors import NotSentError, UnansweredError, UnusableReplyError, UsageError
from issuant.inventory import KeyInfo
from issuant.listing import AsyncListing, Listing

from tests.issuant.paging import Answer, AsyncPages, Pages, Taken, opened, page, stream

Opened = tuple[Any, Iterator[KeyInfo], Pages]
Open = Callable[[Iterable[Answer]], Opened]


@pytest.fixture(params=["sync", "async"])
def open_(request: pytest.FixtureRequest) -> Iterator[Open]:
    """What opens a listing of either kind: the listing, what goes through it, and what it asks."""
    if request.param == "sync":
        yield opened
        return
    loop = asyncio.new_event_loop()

    def opened_async(answers: Iterable[Answer]) -> Opened:
        sender = AsyncPages(answers)
        listing = AsyncListing(stream(), sender)
        return listing, Taken(listing, loop), sender

    yield opened_async
    loop.close()


def ids(keys: Iterable[KeyInfo]) -> list[str]:
    return [key.id for key in keys]


def test_a_list_is_gone_through_over_all_its_pages(open_: Open) -> None:
    """In order, an empty page among them, and it ends for good."""
    _, keys, sender = open_([page("a", "b", token="1"), page(token="2"), page("c")])
    assert ids(keys) == ["a", "b", "c"]
    assert sender.asked == 3
    assert ids(keys) == []
    assert sender.asked == 3


def test_nothing_is_asked_before_it_is_wanted(open_: Open) -> None:
    """The first item comes before the second page is fetched, and the second page with its own first."""
    _, keys, sender = open_([page("a", "b", token="1"), page("c")])
    assert sender.asked == 0
    assert next(keys).id == "a"
    assert next(keys).id == "b"
    assert sender.asked == 1
    assert next(keys).id == "c"
    assert sender.asked == 2


def test_a_list_prints_that_it_is_gone_through(open_: Open) -> None:
    """And asks nothing for that."""
    listing, _, sender = open_([page("a")])
    assert repr(listing) == f"<{type(listing).__name__}, fetched page by page as it is gone through>"
    assert sender.asked == 0


def test_an_empty_list_has_no_items(open_: Open) -> None:
    """And is none the worse for it."""
    listing, keys, _ = open_([page()])
    assert ids(keys) == []
    assert listing.problems == ()


def test_what_cannot_be_read_is_a_problem_with_its_place_in_the_whole_list(
    open_: Open, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left out, kept in `problems` and logged, and the others come all the same."""
    listing, keys, _ = open_([page("a", "b", bad=1, token="1"), page("c", bad=2)])
    with caplog.at_level(logging.WARNING, logger="issuant"):
        assert ids(keys) == ["a", "b", "c"]
    assert [problem.position for problem in listing.problems] == [2, 4, 5]
    assert [record.name for record in caplog.records] == ["issuant"] * 3
    assert caplog.messages[0] == "an item of a list cannot be used: item 2: it is not as documented"


@pytest.mark.parametrize("times", [1, 3])
def test_a_list_that_has_failed_does_not_look_complete_later(open_: Open, times: int) -> None:
    """What came before the error is given; then the same error is raised each time, and nothing more is asked."""
    failure = NotSentError("no connection.")
    _, keys, sender = open_([page("a", token="1"), failure])
    assert next(keys).id == "a"
    for _ in range(times):
        with pytest.raises(NotSentError) as caught:
            next(keys)
        assert caught.value is failure
    assert sender.asked == 2


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
def test_a_list_that_was_interrupted_does_not_look_complete_later(open_: Open, kind: type[BaseException]) -> None:
    """The interruption goes on as itself; who goes on with the list is told."""
    _, keys, _ = open_([page("a", token="1"), kind()])
    assert next(keys).id == "a"
    with pytest.raises(kind) as caught:
        next(keys)
    assert isinstance(vars(caught.value)["outcome"], UnansweredError)
    with pytest.raises(UnansweredError, match="interrupted"):
        next(keys)


def test_a_list_whose_wait_was_given_up_does_not_look_complete_later() -> None:
    """As with wait_for."""

    class Slow(AsyncPages):
        async def perform(self, step: Any) -> object:
            await asyncio.sleep(60)
            raise AssertionError("nobody waits so long")

    async def scenario() -> None:
        listing = AsyncListing(stream(), Slow([]))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(listing), 0.01)
        with pytest.raises(UnansweredError):
            await anext(listing)

    asyncio.run(scenario())


def endless(token: Callable[[int], str | None], ids_: Callable[[int], tuple[str, ...]]) -> Iterator[Answer]:
    for number in range(1000):
        yield page(*ids_(number), token=token(number))
    raise AssertionError("nobody asks for a thousand pages")


@pytest.mark.parametrize(
    ("token", "ids_", "given"),
    [
        pytest.param(lambda _: "x", lambda n: (f"{n}",), 2, id="the-same-token"),
        pytest.param(lambda n: "xy"[n % 2], lambda n: (f"{n}",), 3, id="two-tokens-in-turn"),
        pytest.param(lambda n: f"{n}", lambda _: ("a", "b"), 4, id="the-same-page"),
        pytest.param(lambda n: f"{n}", lambda n: ("ab"[n % 2],), 3, id="two-pages-in-turn"),
        pytest.param(lambda n: f"{n}", lambda _: (), 0, id="empty-pages"),
    ],
)
def test_a_list_that_does_not_end_ends_with_an_error(
    open_: Open, token: Callable[[int], str | None], ids_: Callable[[int], tuple[str, ...]], given: int
) -> None:
    """After what came until it was found out."""
    _, keys, sender = open_(endless(token, ids_))
    found: list[KeyInfo] = []
    with pytest.raises(UnusableReplyError, match="does not end") as caught:
        found.extend(keys)
    assert len(found) == given
    with pytest.raises(UnusableReplyError):
        next(keys)
    assert caught.value.effect.value == "none"
    assert (caught.value.provider, caught.value.operation) == ("galileo", "keys")
    assert sender.asked <= 100


def test_a_list_that_ends_on_a_page_like_the_one_before_ends(open_: Open) -> None:
    """Keys that come and go while the list is read move others between its pages."""
    _, keys, _ = open_([page("a", token="1"), page("a")])
    assert ids(keys) == ["a", "a"]


def test_some_empty_pages_do_not_end_a_list(open_: Open) -> None:
    """A filter at the provider leaves such; only a hundred in a row are no list."""
    answers = [page(token=f"{number}") for number in range(99)]
    _, keys, _ = open_(
        [*answers, page("a", token="99"), *[page(token=f"x{number}") for number in range(99)], page("b")]
    )
    assert ids(keys) == ["a", "b"]


def test_a_list_that_is_left_leaves_nothing_behind(open_: Open) -> None:
    """No warning of something that was never awaited or closed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, unbegun, _ = open_([page("a")])
        _, begun, _ = open_([page("a", "b", token="1"), page("c")])
        next(begun)
        del begun, unbegun
        gc.collect()


def test_a_list_is_gone_through_by_one_thread_at_a_time() -> None:
    """Another is told, and the list goes on unharmed."""
    asked, go = threading.Event(), threading.Event()

    class Held(Pages):
        def perform(self, step: Any) -> object:
            asked.set()
            assert go.wait(5)
            return super().perform(step)

    listing = Listing(stream(), Held([page("a")]))
    first: list[KeyInfo] = []
    thread = threading.Thread(target=lambda: first.append(next(listing)))
    thread.start()
    assert asked.wait(5)
    with pytest.raises(UsageError, match="another thread or task"):
        next(listing)
    go.set()
    thread.join(5)
    assert ids(first) == ["a"]
    assert list(listing) == []


def test_a_list_is_gone_through_by_one_task_at_a_time() -> None:
    """The same for asyncio."""

    async def scenario() -> list[str | BaseException]:
        listing = AsyncListing(stream(), AsyncPages([page("a")]))
        found = await asyncio.gather(anext(listing), anext(listing), return_exceptions=True)
        return [one.id if isinstance(one, KeyInfo) else one for one in found]

    first, second = asyncio.run(scenario())
    assert first == "a"
    assert isinstance(second, UsageError)


def many(pages: int, size: int) -> Iterator[Answer]:
    for number in range(pages):
        names = (f"key-{number}-{place}" for place in range(size))
        yield page(*names, token=f"{number}" if number < pages - 1 else None)


def peak_of(act: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_thousand_items_take_no_more_memory_than_some_pages(open_: Open) -> None:
    """What was given is not kept."""

    def take(pages: int) -> None:
        _, keys, _ = open_(many(pages, 100))
        assert sum(1 for _ in keys) == pages * 100

    assert peak_of(lambda: take(100)) < 2 * peak_of(lambda: take(4))


def test_a_list_that_is_kept_takes_more(open_: Open) -> None:
    """The measure tells."""

    def keep(pages: int) -> list[KeyInfo]:
        return list(open_(many(pages, 100))[1])

    assert peak_of(lambda: keep(20)) > 2 * peak_of(lambda: keep(4))


def test_an_item_that_another_thread_takes_at_the_last_moment_is_none_of_ours() -> None:
    """Right before it would be taken here; the next one is, then."""
    listing, others = Listing(stream(), Pages([page("a", token="1"), page("b", "c")])), list[str]()

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_name != "__next__":
            return None
        if event == "line" and listing._ready and not others and "popleft" in line_of(frame):
            others.append(next(listing).id)  # what a trace does is not traced
        return trace

    def line_of(frame: FrameType) -> str:
        return linecache.getline(frame.f_code.co_filename, frame.f_lineno)

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        mine = next(listing).id
    finally:
        sys.settrace(before)
    assert (others, mine, ids(listing)) == (["a"], "b", ["c"])
