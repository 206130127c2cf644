"""What goes over the wire where the facade asks a fresh simulator for one thing, and which operation of the document
that is; for every provider, listed or not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx
from issuant import IssuedKey, PendingApproval, StoredSecret, connect, mocks
from issuant.mocks import Simulator
from issuant.mocks.inprocess import SimulatorTransport

from tests.contract.documents import Operation, operations, response_schema, variants
from tests.contract.places import Place, at, described, places
from tests.contract.unlisted import BASE_URL, account, acts, now


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What a simulator was asked for through the facade, and what came of it. `path` is without the base URL's own."""

    request: httpx.Request
    path: str
    reply: httpx.Response
    outcome: IssuedKey | PendingApproval | StoredSecret

    @property
    def body(self) -> dict[str, Any] | None:
        """The JSON object of the reply, None where the reply is empty."""
        found: dict[str, Any] | None = json.loads(self.reply.content) if self.reply.content else None
        return found

    def sends(self, operation: Operation) -> bool:
        """Tell whether the request is one of this operation."""
        is_there = re.fullmatch(_pattern(operation.path), self.path) is not None
        return is_there and self.request.method.lower() == operation.method

    def parts(self, operation: Operation) -> dict[str, str]:
        """Return the parameters in the path, by their names in the document."""
        found = re.fullmatch(_pattern(operation.path), self.path)
        assert found is not None
        return dict(zip(re.findall(r"\{([^}]*)\}", operation.path), map(unquote, found.groups()), strict=True))

    @property
    def id(self) -> str:
        """The id of what was issued or stored, an empty text where it is still to be approved."""
        return "" if isinstance(self.outcome, PendingApproval) else self.outcome.id

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
        self.kept.append((request, reply))
        return reply


@cache
def exchange(name: str, method: str) -> Exchange:
    """Perform an act with a fresh simulator, and return what went over the wire last."""
    simulator = mocks.simulator(name, clock=now)
    tape = _Tape(simulator)
    base_url = BASE_URL + simulator.base_path
    with connect(account(name), base_url=base_url, transport=tape, clock=now) as connection:
        outcome = acts(name)[method](connection, None)
    request, reply = tape.kept[-1]
    path = request.url.path.removeprefix(simulator.base_path)
    return Exchange(request=request, path=path, reply=reply, outcome=outcome)


def operation_of(name: str, method: str) -> Operation:
    """Return the operation that a method of the facade sends. Fails where the document has no such one."""
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
    """Return the method of the facade that sends this operation. Fails where none does."""
    for method in acts(operation.provider):
        found = exchange(operation.provider, method)
        if found.sends(operation):
            return method
    raise LookupError(f"{operation.provider}: nothing that the facade can be asked for sends {operation.label}")


def _pattern(path: str) -> str:
    parts = re.split(r"(\{[^}]*\})", path)
    return "".join("([^/]+)" if part.startswith("{") else re.escape(part) for part in parts)
