"""A list as it is gone through. Owns the iterators over all pages, sync and async; the next page is fetched when it is
wanted, and no page is kept.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Self, TypeVar

from issuant.errors import UsageError
from issuant.flow import AsyncSender, Done, Sender, Stream, advance, advance_async
from issuant.inventory import ItemProblem, Page

T = TypeVar("T")

_LOG = logging.getLogger("issuant")
_LOG.addHandler(logging.NullHandler())  # a library says nothing to those who have not asked


class _Progress(Generic[T]):
    """How far a list has been gone through. `problems` are the items so far that could not be used.

    `sift` makes of each page what is wanted of it.
    """

    def __init__(self, stream: Stream[T], sift: Callable[[Page[T]], Page[T]] | None) -> None:
        self._stream = stream
        self._sift = sift
        self._ready: deque[T] = deque()
        self._failed: BaseException | None = None
        self._turn = threading.Lock()
        self.problems: tuple[ItemProblem, ...] = ()
        self.request_id: str | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, fetched page by page as it is gone through>"

    def _take(self, page: Page[T]) -> None:
        if self._sift is not None:
            page = self._sift(page)
        self._ready.extend(page.items)
        self.problems += page.problems
        self.request_id = page.request_id
        for problem in page.problems:
            _LOG.warning("an item of a list cannot be used: %s", problem)

    def _begin(self) -> None:
        """Raise what keeps the next page from being fetched: a list that has failed must not look complete later."""
        if self._failed is not None:
            raise self._failed
        if not self._turn.acquire(blocking=False):
            raise UsageError(
                "the list is being gone through by another thread or task.", advice="Let one of them go through it."
            )

    def _end(self, error: BaseException) -> None:
        """Keep the error that ends the list; that of an interruption is its `outcome`."""
        self._failed = vars(error).get("outcome", error)


class Listing(_Progress[T]):
    """An iterator over all items of a list, page by page; it can be gone through once.

    Attributes:
        problems: the items so far that could not be used. Each is logged as well (logger `issuant`), and left out.
        request_id: the vendor's id of the request for the latest page.

    Going through it raises what reading a page raises: RefusedError, NotSentError, UnansweredError, and
    UnusableReplyError for a reply that is no page or a page token that comes again.
    """

    def __init__(self, stream: Stream[T], sender: Sender, sift: Callable[[Page[T]], Page[T]] | None = None) -> None:
        super().__init__(stream, sift)
        self._sender = sender

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        while True:
            with suppress(IndexError):  # looking first would not do: another thread may take the last one meanwhile
                return self._ready.popleft()
            self._begin()
            try:
                found = advance(self._stream, self._sender)
                if not isinstance(found, Done):
                    self._take(found)
            except BaseException as error:
                self._end(error)
                raise
            finally:
                self._turn.release()
            if isinstance(found, Done):
                raise StopIteration


class AsyncListing(_Progress[T]):
    """An asynchronous iterator over all items of a list. The twin of Listing.

    Attributes:
        problems: as in Listing.
        request_id: as in Listing.
    """

    def __init__(
        self, stream: Stream[T], sender: AsyncSender, sift: Callable[[Page[T]], Page[T]] | None = None
    ) -> None:
        super().__init__(stream, sift)
        self._sender = sender

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            with suppress(IndexError):  # looking first would not do: another thread may take the last one meanwhile
                return self._ready.popleft()
            self._begin()
            try:
                found = await advance_async(self._stream, self._sender)
                if not isinstance(found, Done):
                    self._take(found)
            except BaseException as error:
                self._end(error)
                raise
            finally:
                self._turn.release()
            if isinstance(found, Done):
                raise StopAsyncIteration
