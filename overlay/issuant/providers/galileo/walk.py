"""Going through Galileo's list of keys. Owns noticing that it moves; the list itself is read in `keys`.

A page begins after a number of keys. Each one but the first is asked for from the last key of the page before: where
another stands there, a key was deleted or made meanwhile, and the list is begun again, without what came already.

What reads holds replies as plain text, so none of it raises: a traceback would keep its locals.
"""

from __future__ import annotations

import json

from issuant.keys import VendorFields
from issuant.replies import Reply

_MOST_BEGINNINGS = 5


class Walk:
    """How far a list has been gone through.

    Attributes:
        start: how many keys stand before the page to be asked for.
        token: what the next page is known by, None where there is none.
        fresh: the fields of the page with the keys that had not come before.
    """

    def __init__(self) -> None:
        self.start = 0
        self.token: str | None = None
        self.fresh = VendorFields({})
        self._beginnings = 1
        self._last: int | None = None
        self._came: set[int] = set()  # hashes: there may be many

    def take(self, reply: Reply) -> tuple[str, ...] | None:
        """Take the reply to the question for the page at `start`. Returns what makes it unusable, None for nothing."""
        found = reply.fields()
        if found is None:
            return ("it is not as documented",)
        listed, after = found.get("api_keys"), found.get("next_starting_token")
        if not isinstance(listed, list):
            return ("api_keys is not a list",)
        if after is not None and (isinstance(after, bool) or after != self.start + len(listed)):
            return ("next_starting_token is not the number of keys until there",)
        marks = [_mark(item) for item in listed]
        if self._last is not None and marks[:1] != [self._last]:
            return self._begin_again()
        new = listed[self._last is not None :]
        if self._beginnings > 1:
            new = [item for item, mark in zip(listed, marks, strict=True) if mark not in self._came]
        self.fresh = VendorFields({"api_keys": new})
        self._came.update(marks)
        self.start += max(0, len(listed) - 1)
        self._last = marks[-1] if marks else None
        self.token = None if after is None else f"{self._beginnings}:{after}"
        return None

    def _begin_again(self) -> tuple[str, ...] | None:
        if self._beginnings == _MOST_BEGINNINGS:
            return ("the list changes while it is gone through",)
        self._beginnings += 1
        self.start, self._last = 0, None
        self.token, self.fresh = f"{self._beginnings}:0", VendorFields({})
        return None


def _mark(item: object) -> int:
    known = item.get("id") if isinstance(item, dict) else None
    return hash(known if isinstance(known, str) else json.dumps(item))
