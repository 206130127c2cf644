"""How a served simulator is steered from another process. Owns the paths below /_mock/; no vendor has such a path.

    GET    /_mock/state              what it is set to, and how many things of each kind it holds; no value of any
    POST   /_mock/clock              {"advance": seconds} or {"set": "2030-01-02T03:04:05Z"}; it goes on from there
    POST   /_mock/faults             {"fault": "status:503*3@POST /v1/accounts/*"}, as `faultlist` has it
    DELETE /_mock/faults             forget the faults that wait
    POST   /_mock/rate_limit         {"limit": 10} a minute, or null for none; {"retry_after": "seconds"} or "date"

A vendor's people can do more, such as approving: those paths stand in the vendor's own module, in its `console()`.

There is no credential: it is there for this machine alone. A page in a browser on this machine is not its user, so a
request that names another host (a name that was made to point here) or an origin is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sized
from datetime import timedelta

from .base import Route, Simulator, route
from .messages import NO_HEADERS, RefusedError, Reply, Request
from .reading import read_instant, read_json

PREFIX = "/_mock/"

_BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LOOPBACK = re.compile(rf"(localhost|127(\.{_BYTE}){{3}}|\[::1\])(:[0-9]{{1,5}})?", re.ASCII | re.IGNORECASE)


class Control:
    """The control surface of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        """Steer `simulator`."""
        self._simulator = simulator
        self._routes = (
            Route(method="GET", path=f"{PREFIX}state", answer=self._tell),
            Route(method="POST", path=f"{PREFIX}clock", answer=self._move_clock),
            Route(method="POST", path=f"{PREFIX}faults", answer=self._plan_fault),
            Route(method="DELETE", path=f"{PREFIX}faults", answer=self._clear_faults),
            Route(method="POST", path=f"{PREFIX}rate_limit", answer=self._limit),
            *simulator.console(),
        )

    def handle(self, request: Request) -> Reply:
        """Answer one request; safe to call from many threads."""
        if _LOOPBACK.fullmatch(request.headers.get("host", "")) is None or "origin" in request.headers:
            return refusal(403, "this is for programs on this machine, at its loopback address")
        with self._simulator.lock:
            reply = route(self._routes, request, refusal)
            self._simulator.on_change()
        return reply

    def _tell(self, request: Request, parts: Mapping[str, str]) -> Reply:
        simulator = self._simulator
        return Reply.json(
            200,
            {
                "provider": simulator.name,
                "now": simulator.clock().isoformat(),
                "offset": simulator.clock.offset.total_seconds(),
                "rate_limit": simulator.rate_limit,
                "retry_after": simulator.retry_after_form,
                "faults": len(simulator.faults),
                "holds": {name: len(value) for name, value in vars(simulator).items() if _is_countable(name, value)},
            },
        )

    def _move_clock(self, request: Request, parts: Mapping[str, str]) -> Reply:
        wanted = read_fields(request, "advance", "set")
        try:
            match wanted:
                case {"advance": int() | float() as seconds} if len(wanted) == 1 and not isinstance(seconds, bool):
                    self._simulator.clock.advance(timedelta(seconds=seconds))
                case {"set": given} if len(wanted) == 1 and (instant := read_instant(given)) is not None:
                    self._simulator.clock.set(instant)
                case _:
                    raise RefusedError(refusal(400, 'give {"advance": seconds} or {"set": RFC 3339 time with offset}'))
        except OverflowError:
            raise RefusedError(refusal(400, "the clock goes from the year 101 to the year 9899")) from None
        return self._tell(request, parts)

    def _plan_fault(self, request: Request, parts: Mapping[str, str]) -> Reply:
        fault = read_fields(request, "fault").get("fault")
        try:
            self._simulator.faults.plan(fault if isinstance(fault, str) else "")
        except ValueError as error:
            raise RefusedError(refusal(400, str(error))) from None
        return self._tell(request, parts)

    def _clear_faults(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._simulator.faults.clear()
        return self._tell(request, parts)

    def _limit(self, request: Request, parts: Mapping[str, str]) -> Reply:
        wanted = read_fields(request, "limit", "retry_after")
        limit, form = wanted.get("limit"), wanted.get("retry_after", self._simulator.retry_after_form)
        if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 0):
            raise RefusedError(refusal(400, "limit: give a number of requests a minute, or null"))
        if form not in ("seconds", "date"):
            raise RefusedError(refusal(400, "retry_after: give seconds or date"))
        if "limit" in wanted:
            self._simulator.rate_limit = limit
        self._simulator.retry_after_form = form
        return self._tell(request, parts)


def refusal(status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
    """Return a refusal of the control surface, which is no vendor's."""
    return Reply.json(status, {"message": message or "there is nothing of this path and method"}, headers)


def read_fields(request: Request, *known: str) -> Mapping[str, object]:
    """Return the JSON object in the body. Raises RefusedError for anything else, and for fields that are not known."""
    try:
        document = read_json(request.body)
    except ValueError as error:
        raise RefusedError(refusal(400, str(error))) from None
    if not isinstance(document, dict) or not document.keys() <= set(known):
        raise RefusedError(refusal(400, f"give a JSON object with {json.dumps(known)}"))
    return document


def _is_countable(name: str, value: object) -> bool:
    return isinstance(value, Sized) and not isinstance(value, str) and not name.startswith("_") and name != "faults"
