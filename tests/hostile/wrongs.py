"""What goes wrong in the fault matrix: its columns. Each is a fault of the simulators, and what a client sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import httpx
from issuant.mocks import Fault

from tests.contract.documents import asked

Sight = Literal[
    "refused",  # a 4xx of the vendor
    "limited",  # 429
    "failed",  # a failure that may pass
    "elsewhere",  # an answer that another attempt would not better
    "unsent",  # no connection
    "unsendable",  # no connection, for a reason of our own
    "lost",  # no reply
    "broken",  # a 2xx that does not come to its end
    "senseless",  # a 2xx that is not the vendor's JSON
    "misshapen",  # a 2xx with other types than it should have
    "endless",  # a list whose pages do not end
]
"""What a client sees."""


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One thing that goes wrong.

    Attributes:
        name: what it is called, and its column.
        short: at most three letters, over the column.
        fault: the simulator's fault.
        sees: what a client sees of it.
        status: the status that it comes with, 0 for none or the vendor's own.
        spoils: whether it leaves the status of the vendor's own reply.
        needs_socket: whether only a real socket shows it in full.
        raises: what the client's own network raises, in the place of the fault.
        forges: whether it is a success that is none, as nothing was done.
    """

    name: str
    short: str
    fault: Fault
    sees: Sight
    status: int = 0
    spoils: bool = False
    needs_socket: bool = False
    raises: type[Exception] | None = None
    forges: bool = False

    @property
    def is_refused_by_vendor(self) -> bool:
        """Whether it is the vendor itself that says no, in its own words."""
        return self.fault.kind == "status" and self.raises is None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in the body."""
        return self.fault.kind == "empty" or (self.fault.kind == "body" and not self.fault.content.strip())


BOUND = 1 << 17
"""The longest reply while the matrix is run, in bytes; what an oversized one costs grows with it."""

_MEGABYTES = 2 * BOUND / 1_000_000
_PASSING = frozenset({408, 500, 502, 503, 504})
ALWAYS = frozenset({401, 408, 429, 500, 501, 503})
"""Statuses that are tried whether they are declared or not: any server may send them."""


def of_status(status: int) -> Wrong:
    """Return a refusal or failure in the vendor's own words."""
    sees: Sight = "refused" if status < 500 else "elsewhere"
    if status == 429:
        sees = "limited"
    if status in _PASSING:
        sees = "failed"
    return Wrong(name=str(status), short=str(status), fault=Fault.status(status), sees=sees, status=status)


def of_network(kind: type[Exception], sees: Sight, short: str = "") -> Wrong:
    """Return what the client's own network raises. Its words repeat all that was to be sent."""
    return Wrong(name=kind.__name__, short=short, fault=Fault.drop_before(), sees=sees, raises=kind)


def number_of(declared: str) -> int:
    """Return a status that falls under a declared one."""
    return {"5XX": 503, "default": 418}[declared] if not declared.isdigit() else int(declared)


STATUSES = tuple(
    of_status(status)
    for status in sorted(
        {number for operation in asked() for number in map(number_of, operation.statuses) if number >= 400} | ALWAYS
    )
)

_STRANGERS = (
    Wrong(name="html-502", short="502", fault=Fault.html_502(), sees="failed", status=502),
    Wrong(name="html-520", short="520", fault=Fault.html(520), sees="failed", status=520),
    Wrong(name="problem-503", short="prb", fault=Fault.problem(503), sees="failed", status=503),
    Wrong(name="redirect", short="307", fault=Fault.redirect(), sees="elsewhere", status=307),
    Wrong(name="html-200", short="htm", fault=Fault.html(200), sees="senseless", status=200),
    Wrong(name="array", short="[]", fault=Fault.body(b"[]"), sees="senseless", status=200),
    Wrong(name="null", short="nul", fault=Fault.body(b"null"), sees="senseless", status=200),
)
_SPOILT = (
    Wrong(name="empty", short="emp", fault=Fault.empty(), sees="senseless", spoils=True),
    Wrong(name="truncated", short="cut", fault=Fault.truncated(), sees="senseless", spoils=True),
    Wrong(name="invalid-utf8", short="utf", fault=Fault.invalid_utf8(), sees="senseless", spoils=True),
    Wrong(name="wrong-shape", short="shp", fault=Fault.wrong_shape(), sees="misshapen", spoils=True),
    Wrong(name="incomplete", short="inc", fault=Fault.incomplete(), sees="broken", spoils=True, needs_socket=True),
    Wrong(name="oversized", short="big", fault=Fault.oversized(_MEGABYTES), sees="broken", spoils=True),
    Wrong(name="endless", short="end", fault=Fault.endless(), sees="broken", spoils=True, needs_socket=True),
    Wrong(name="gzip-bomb", short="gz", fault=Fault.gzip_bomb(_MEGABYTES), sees="broken", spoils=True),
)
_LOST = (
    Wrong(name="slow", short="slw", fault=Fault.delay(30.0), sees="lost", needs_socket=True),
    Wrong(name="drop-before", short="dr-", fault=Fault.drop_before(), sees="lost"),
    Wrong(name="drop-after", short="dr+", fault=Fault.drop_after(), sees="lost"),
    Wrong(name="reset-before", short="rs-", fault=Fault.reset_before(), sees="lost", needs_socket=True),
    Wrong(name="reset-after", short="rs+", fault=Fault.reset_after(), sees="lost", needs_socket=True),
)
_PAGES = (
    Wrong(name="pages-repeat", short="pg1", fault=Fault.pages_repeat(), sees="endless", spoils=True),
    Wrong(name="pages-cycle", short="pg2", fault=Fault.pages_cycle(), sees="endless", spoils=True),
)
WRONGS = (*STATUSES, *_STRANGERS, *_SPOILT, of_network(httpx.ConnectError, "unsent", "con"), *_LOST, *_PAGES)
