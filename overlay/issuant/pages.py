"""Reading lists that come in pages. Owns going from page to page, and reading each item by itself.

One bad item is a problem of that item. A page or a page token that comes again ends the list with an error, and so do a
hundred empty pages in a row: the list would never end, or leave something out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from issuant.errors import Effect, UnusableReplyError
from issuant.flow import Flow, Stream
from issuant.inventory import ItemProblem, Page
from issuant.keys import VendorFields
from issuant.replies import Reply
from issuant.salvage import Field, salvage

T = TypeVar("T")

_MOST_EMPTY = 100  # pages in a row; one or two are what a filter at the provider leaves

Fetch = Callable[[str | None], Flow[tuple[Page[T], str | None]]]
"""Fetches the page of a token, None for the first, and gives it with the token of the next, None for the last."""


def paged(fetch: Fetch[T], *, provider: str, operation: str) -> Stream[T]:
    """Give all pages of a list.

    Raises UnusableReplyError where the list does not end, and what `fetch` raises.
    """
    seen: set[int] = set()  # hashes: a token may be long, and there may be many
    token: str | None = None
    count = empty = 0
    while True:
        page, token = yield from fetch(token)
        yield replace(page, problems=tuple(replace(one, position=one.position + count) for one in page.problems))
        found = len(page.items) + len(page.problems)
        count, empty = count + found, 0 if found else empty + 1
        if token is None:
            return
        marks = {hash(token)} | ({hash(_ids(page))} if page.items else set())
        what = None
        if marks & seen:
            what = "a page or its token came a second time"
        elif empty == _MOST_EMPTY:
            what = f"{empty} empty pages came in a row"
        if what is not None:
            raise UnusableReplyError(
                f"the provider's list does not end: {what}.",
                advice="What came until now is not the whole list. Try again; if it stays so, tell the provider.",
                provider=provider,
                operation=operation,
                request_id=page.request_id,
                effect=Effect.NONE,
            )
        seen |= marks


def _ids(page: Page[T]) -> tuple[object, ...]:
    return tuple(getattr(item, "id", None) or getattr(item, "request_id", None) for item in page.items)


def read_page(
    reply: Reply,
    listed: object,
    read: Callable[[VendorFields], T | tuple[str, ...]],
    *,
    id_field: Field,
    name_field: Field,
) -> Page[T] | None:
    """Return the items of a list in a reply, None where `listed` is no list.

    `read` returns an item, or what is wrong with it. It must not raise: what is listed is plain text here.
    """
    if not isinstance(listed, list):
        return None
    items: list[T] = []
    problems: list[ItemProblem] = []
    for position, value in enumerate(listed):
        fields = VendorFields(value) if isinstance(value, dict) else None
        found = ("it is no object",) if fields is None else read(fields)
        if not isinstance(found, tuple):
            items.append(found)
            continue
        problems.append(
            ItemProblem(
                position=position,
                id=_shown(reply, fields, id_field),
                name=_shown(reply, fields, name_field),
                faults=found,
                request_id=reply.request_id,
            )
        )
    return Page(items=tuple(items), problems=tuple(problems), request_id=reply.request_id)


def _shown(reply: Reply, fields: VendorFields | None, field: Field) -> str | None:
    if fields is None:
        return None
    found = salvage(fields, b"", field, numbers=True)
    return found if found and len(found) <= 1000 and not reply.redactor.betrays(found) else None
