"""Lists of the Fireworks gateway: pages, filters, order and masks. Owns the page tokens; knows no items.

Facts
- Users come 50 on a page and at most 200, a larger page size counting as 200. That all lists do so is not verified.
- A negative page size is refused, and 0 is the unset one (AIP-158).
- A page token stands for the same list with the same filter and order; with any other it is refused. It names what was
  still to come when it was made: what is deleted since is left out, what is new does not come in.
- How long a token lives is not documented; here it is an hour.
- The filter is the part of AIP-160 that compares fields with texts: `displayName = "ci" AND email != "a@b.c"`. Which
  fields the vendor takes, and which grammar for keys, is not verified.
- With a mask the id is shown all the same. A field that the mask names and that is unknown is refused. Not verified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Generic, TypeVar

from .clock import Clock
from .fireworks_wire import invalid

PAGE_SIZE = 50
MOST_ON_A_PAGE = 200
TOKEN_LIFE = timedelta(hours=1)

_INT32 = 2**31 - 1
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}", re.ASCII)
_TERM = re.compile(r'\s*([A-Za-z]+)\s*(!?=)\s*(?:"([^"]*)"|([^\s"=]+))\s*')
_AND = re.compile(r'\sAND\s(?=(?:[^"]*"[^"]*")*[^"]*\Z)')

T = TypeVar("T")
Item = Mapping[str, object]
Matches = Callable[[Item], bool]


@dataclass(frozen=True, kw_only=True)
class Continuation:
    """What a page token stands for: the list, and the ids that are still to come."""

    scope: tuple[str, ...]
    ids: tuple[str, ...]
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What a list is of.

    Attributes:
        field: the field of the reply that holds the items.
        key: the field of an item that is shown whatever the mask says.
        comparable: the fields that a filter or an order may name. Where there is none, both are ignored.
        known: the fields that a mask may name.
    """

    field: str
    key: str
    comparable: Collection[str] = ()
    known: Collection[str] = ()


class Shown(Mapping[str, Item], Generic[T]):
    """What is kept, by id, as it is shown; each is shown when it is looked at, as a page is a small part of a list."""

    def __init__(self, kept: Mapping[str, T], show: Callable[[T], Item]) -> None:
        """Show each of `kept` by `show`."""
        self._kept = kept
        self._show = show

    def __getitem__(self, key: str) -> Item:
        return self._show(self._kept[key])

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


class Pages:
    """The page tokens of an account, and the pages that they lead to."""

    STATE = ("tokens",)

    def __init__(self, *, clock: Clock, random: Random) -> None:
        """Start without a token."""
        self.tokens: dict[str, Continuation] = {}
        self._clock = clock
        self._random = random

    def page(
        self, path: str, query: Mapping[str, str], items: Mapping[str, Item], listed: Listed, *, pages: bool = True
    ) -> dict[str, object]:
        """Return the page of `items`, by id and in their own order, that `query` asks for.

        Without `pages`, neither page size nor token means anything, and all comes at once.
        Raises RefusedError for parameters that cannot be used.
        """
        size, wanted = _page_size(query.get("pageSize", "")), query.get("pageToken", "")
        filtered, ordered = ((query.get(name, "") if listed.comparable else "") for name in ("filter", "orderBy"))
        matches, mask = _filter(filtered, listed), _mask(query.get("readMask", ""), listed)
        ids = [key for key in _ordered(items, ordered, listed) if matches is None or matches(items[key])]
        reply: dict[str, object] = {"totalSize": len(ids)}
        if pages:
            scope = (path, filtered, ordered)
            ids = [key for key in self._continued(wanted, scope) if key in items] if wanted else ids
            ids, rest = ids[:size], ids[size:]
            if rest:
                reply["nextPageToken"] = self._token(scope, rest)
        shown = [{name: value for name, value in items[key].items() if name in mask} for key in ids]
        return {listed.field: shown, **reply}

    def _continued(self, token: str, scope: tuple[str, ...]) -> tuple[str, ...]:
        found = self.tokens.get(token)
        if found is None or found.scope != scope:
            raise invalid("pageToken", "not a token of this list with this filter and order")
        if found.expires <= self._clock():
            raise invalid("pageToken", "expired; start again at the first page")
        return found.ids

    def _token(self, scope: tuple[str, ...], rest: list[str]) -> str:
        token = f"page-{self._random.getrandbits(128):032x}"
        self.tokens[token] = Continuation(scope=scope, ids=tuple(rest), expires=self._clock() + TOKEN_LIFE)
        return token


def _page_size(text: str) -> int:
    if text == "":
        return PAGE_SIZE
    if _WHOLE.fullmatch(text) is None or not 0 <= int(text) <= _INT32:
        raise invalid("pageSize", "not a whole number of 32 bits that is at least 0")
    return min(int(text) or PAGE_SIZE, MOST_ON_A_PAGE)


def _filter(text: str, listed: Listed) -> Matches | None:
    if not text:
        return None
    terms: list[tuple[str, bool, str]] = []
    for part in _AND.split(text):
        found = _TERM.fullmatch(part)
        if found is None or found[1] not in listed.comparable:
            raise invalid("filter", f"not comparisons of {', '.join(listed.comparable)} joined by AND")
        terms.append((found[1], found[2] == "=", found[4] if found[3] is None else found[3]))
    return lambda item: all((_text(item, name) == value) is equal for name, equal, value in terms)


def _ordered(items: Mapping[str, Item], text: str, listed: Listed) -> list[str]:
    ids = list(items)
    for part in reversed(text.split(",") if text else []):
        name, *way = part.split()[:3] or [""]
        if name not in listed.comparable or way not in ([], ["asc"], ["desc"]):
            raise invalid("orderBy", f"not some of {', '.join(listed.comparable)}, each with asc or desc or nothing")
        # Sorted from the last field to the first: a stable sort keeps what the later ones said.
        ids.sort(key=lambda key, name=name: _text(items[key], name), reverse=way == ["desc"])  # type: ignore[misc]
    return ids


def _mask(text: str, listed: Listed) -> Collection[str]:
    names = {name.strip() for name in text.split(",")} if text else {"*"}
    if not names <= {"*", *listed.known}:
        raise invalid("readMask", f"not some of {', '.join(listed.known)}")
    return listed.known if "*" in names else names | {listed.key}


def _text(item: Item, name: str) -> str:
    value = item.get(name, "")
    return str(value).lower() if isinstance(value, bool) else str(value)
