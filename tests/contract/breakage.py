"""Simulators that are broken in one way each. Owns the ways; each changes what goes in or comes out, on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import requests
from issuant.mocks import Headers, Reply, Request, Simulator

from tests.contract.credentials import credential

Handle = Callable[[Request], Reply]
Breakage = Callable[[Simulator, Handle, Request], Reply]


def broken(kind: type[Simulator], breakage: Breakage) -> type[Simulator]:
    """Return a class of simulator that answers as `breakage` makes of the answers of `kind`."""

    def handle(self: Simulator, request: Request) -> Reply:
        return breakage(self, lambda changed: kind.handle(self, changed), request)

    return type(f"Broken{kind.__name__}", (kind,), {"handle": handle})


def ignore_credentials(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Answer anyone: whatever credential comes, one that is accepted takes its place."""
    target = f"http://mock.invalid{request.path}" + (f"?{request.query}" if request.query else "")
    prepared = requests.Request(request.method, target, data=request.body).prepare()
    given = credential(simulator)(prepared).headers
    fields = {name.lower(): value for name, value in request.headers.items()}
    fields |= {name.lower(): str(value) for name, value in given.items()}
    return handle(replace(request, headers=Headers(fields.items())))


def leave_a_field_out(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Leave the first field out of every body."""
    return _with_body(handle(request), lambda body: dict(list(body.items())[1:]))


def send_numbers_for_texts(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Send a number in the place of every text."""
    return _with_body(handle(request), lambda body: {name: 12 for name, value in body.items()})


def send_another_status(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Answer every success with a 2xx that no vendor has."""
    reply = handle(request)
    return replace(reply, status=299) if is_success(reply) else reply


def refuse_all(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Refuse whatever comes with a status that the vendor does not have, in the vendor's words."""
    return simulator.refuse(418)


def send_html(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Call every body HTML."""
    reply = handle(request)
    fields = {**reply.headers, "Content-Type": "text/html"} if reply.body else dict(reply.headers)
    return replace(reply, headers=Headers(fields.items()))


def cut_bodies(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Leave the last byte out of every body."""
    reply = handle(request)
    return replace(reply, body=reply.body[:-1])


def fail(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Fail, where nobody asked for it."""
    return simulator.refuse(500)


def accept_all(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Find nothing wrong with any data: what is refused as such is answered as the last request that was not."""
    reply = handle(request)
    if reply.status in (400, 415, 422):
        return _LAST_GOOD.get(simulator, reply)
    if is_success(reply):
        _LAST_GOOD[simulator] = reply
    return reply


_LAST_GOOD: WeakKeyDictionary[Simulator, Reply] = WeakKeyDictionary()


def tell_no_methods(simulator: Simulator, handle: Handle, request: Request) -> Reply:
    """Answer 405 without saying which methods there are."""
    reply = handle(request)
    fields = {name: value for name, value in reply.headers.items() if name.lower() != "allow"}
    return replace(reply, headers=Headers(fields.items()))


def is_success(reply: Reply) -> bool:
    """Tell whether a reply is of the 2xx kind."""
    return 200 <= reply.status <= 299


def _with_body(reply: Reply, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Reply:
    if not reply.body:
        return reply
    return replace(reply, body=json.dumps(change(json.loads(reply.body))).encode())
