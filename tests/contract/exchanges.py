"""What goes over the wire where the facade asks a simulator for one thing, and which operations of the document those
are; for every provider, listed or not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx
from issuant import IssuedKey, PendingApproval, Retries, connect, mocks
from issuant.mocks import Simulator
from issuant.mocks.inprocess import SimulatorTransport

from tests.contract.acts import acts, quick_account
from tests.contract.documents import Operation, operations, response_schema, variants
from tests.contract.places import Place, at, described, places
from tests.contract.unlisted import BASE_URL, now

ONCE = Retries(attempts=1)

_THERE_ALREADY: dict[str, Callable[[Any], object]] = {"fireblocks": lambda simulator: simulator.add_user(role="SIGNER")}
"""What a vendor's people have to see to before all can be asked for: at Fireblocks a user that waits to be paired."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request that the facade sent to a simulator, its reply, and what came of the whole act in the end.

    `path` is without the base URL's own.
    """

    request: httpx.Request
    path: str
    reply: httpx.Response
    outcome: Any

    @property
    def body(self) -> dict[str, Any] | None:
        """The JSON object of the reply, None where the reply is empty."""
        found: dict[str, Any] | None = json.loads(self.reply.content) if self.reply.content else None
        return found

    def sends(self, operation: Operation) -> bool:
        """Tell whether the request is one of this operation."""
        is_there = re.fullmatch(template(operation.path), self.path) is not None
        return is_there and self.request.method.lower() == operation.method

    def parts(self, operation: Operation) -> dict[str, str]:
        """Return the parameters in the path, by their names in the document."""
        found = re.fullmatch(template(operation.path), self.path)
        assert found is not None
        return dict(zip(re.findall(r"\{([^}]*)\}", operation.path), map(unquote, found.groups()), strict=True))

    @property
    def id(self) -> str:
        """The id of what was issued or stored, an empty text where it is still to be approved."""
        return "" if isinstance(self.outcome, PendingApproval) else str(self.outcome.id)

    @property
    def value(self) -> str:
        """The value that was issued, an empty text where none was; every fresh simulator issues the same first."""
        return self.outcome.secret.reveal() if isinstance(self.outcome, IssuedKey) else ""

    def shows(self, text: str) -> bool:
        """Tell whether the field of this text ends in the first half of the reply, which is left where it is cut."""
        place = self.place(text)
        value = at(self.body, place)
        end = "" if isinstance(value, str) else r"\s*[,}]"  # a number may go on
        field = rf'"{re.escape("".join(place[-1:]))}"\s*:\s*{re.escape(json.dumps(value))}{end}'
        return bool(place) and re.search(field, self.reply.text[: len(self.reply.content) // 2]) is not None

    def place(self, text: str) -> Place:
        """Return where the reply has this text, or the integer that it spells; no place where it has neither."""
        body = self.body or {}
        return next((place for place in places(body) if _spelled(at(body, place)) == text), ())


def _spelled(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _Tape(httpx.BaseTransport):
    """Brings requests to a simulator, and keeps them with their replies."""

    def __init__(self, simulator: Simulator) -> None:
        self._way: SimulatorTransport = simulator.transport()
        self.kept: list[tuple[httpx.Request, httpx.Response]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._way.handle_request(request)
        reply.read()
        self.kept.append((request, reply))
        return reply


@dataclass(frozen=True, kw_only=True)
class Session:
    """All that went over the wire for one act, but for what was arranged before; `given` is what that returned."""

    given: Any
    exchanges: tuple[Exchange, ...]

    def exchange_of(self, operation: Operation) -> Exchange | None:
        """Return the first request of an operation with its reply, None where it was not sent."""
        return next((found for found in self.exchanges if found.sends(operation)), None)


def arrange(name: str, method: str, simulator: Simulator) -> Any:
    """See to what has to be there for an act, by the facade; return what the act needs to know of it."""
    _THERE_ALREADY.get(name, lambda _: None)(simulator)
    base_url, way = BASE_URL + simulator.base_path, simulator.transport()
    with connect(quick_account(name), base_url=base_url, transport=way, clock=simulator.clock) as connection:
        return acts(name)[method].arrange(connection)


@cache
def session(name: str, method: str) -> Session:
    """Perform an act with a fresh simulator."""
    simulator = mocks.simulator(name, clock=now)
    given, tape = arrange(name, method, simulator), _Tape(simulator)
    base_url = BASE_URL + simulator.base_path
    # Another connection, which has seen nothing yet that it could remember.
    with connect(quick_account(name), base_url=base_url, transport=tape, clock=now, retries=ONCE) as connection:
        outcome = acts(name)[method].ask(connection, given)
    exchanges = tuple(
        Exchange(request=request, path=request.url.path.removeprefix(simulator.base_path), reply=reply, outcome=outcome)
        for request, reply in tape.kept
    )
    return Session(given=given, exchanges=exchanges)


def exchange(name: str, method: str) -> Exchange:
    """Perform an act with a fresh simulator, and return what went over the wire last."""
    return session(name, method).exchanges[-1]


def exchange_of(operation: Operation) -> Exchange:
    """Return what goes over the wire for an operation in the act that sends it. Fails where none does."""
    found = session(operation.provider, method_of(operation)).exchange_of(operation)
    assert found is not None
    return found


def operation_of(name: str, method: str) -> Operation:
    """Return the operation that an act sends last. Fails where the document has no such one."""
    found = exchange(name, method)
    for operation in operations():
        if operation.provider == name and found.sends(operation):
            return operation
    raise LookupError(f"{name}: {found.request.method} {found.path} is no operation of the document")


def times(name: str, method: str) -> tuple[Place, ...]:
    """Return where a method's good reply has a time or a day."""
    operation, status = operation_of(name, method), str(exchange(name, method).reply.status_code)
    schema = response_schema(operation, status) or {}
    return tuple(
        place
        for place, inner in described(name, schema)
        if any(form.get("format") in ("date-time", "date") for form in variants(name, inner))
    )


def method_of(operation: Operation) -> str:
    """Return the act that sends this operation, rather one that sends it last. Fails where none does."""
    name = operation.provider
    for method in acts(name):
        if exchange(name, method).sends(operation):
            return method
    for method in acts(name):
        if session(name, method).exchange_of(operation) is not None:
            return method
    raise LookupError(f"{name}: nothing that the facade can be asked for sends {operation.label}")


def template(path: str) -> str:
    """Return the regular expression of a path of the document, with a group for each of its parameters."""
    parts = re.split(r"(\{[^}]*\})", path)
    return "".join("([^/]+)" if part.startswith("{") else re.escape(part) for part in parts)
