"""Each public call beside the same requests through bare httpx.

What a call sends is recorded once against a simulator; from then on a server of recorded replies answers both sides,
and the peer sends the same methods, paths and bodies, and decodes the JSON that comes. A page of a hundred is stated
without a limit: what the peer does with the items is to leave them as they came.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from issuant import Connection, FireblocksKeyRequest, FireworksKeyRequest, KeyRequest, connect, mocks
from issuant.auth.fireblocks import make_key_pair
from issuant.mocks.fireblocks import FireblocksSimulator

Ask = Callable[[Connection], object]
Pair = tuple[str, Callable[[], object], Callable[[], object], float | None]

MOST = 1.25
PAGE = 100


@dataclass
class Tape(httpx.BaseTransport):
    """Brings requests to a simulator, and keeps them with their replies."""

    simulator: mocks.Simulator
    kept: list[tuple[httpx.Request, httpx.Response]] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self.simulator.transport().handle_request(request)
        reply.read()
        self.kept.append((request, reply))
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)


def _fireworks(connection: Connection, simulator: mocks.Simulator) -> dict[str, Ask]:
    made = connection.issue(KeyRequest(name="bench"))
    connection.put_secret("bench", key_name="BENCH", value="bench_TEST_not_a_key")
    return {
        "whoami": lambda connection: connection.whoami(),
        "keys": lambda connection: list(connection.keys()),
        "key": lambda connection: connection.key(getattr(made, "id", "")),
        "find": lambda connection: connection.find("bench"),
        "issue": lambda connection: connection.issue(FireworksKeyRequest(name="bench")),
        "secrets": lambda connection: list(connection.secrets()),
        "secret": lambda connection: connection.secret("bench"),
        "put_secret": lambda connection: connection.put_secret("other", key_name="OTHER", value="bench_TEST_value"),
        "users": lambda connection: list(connection.users()),
        "user": lambda connection: connection.user("robot"),
        "create_user": lambda connection: connection.create_user("another", role="user"),
        "delete_secret": lambda connection: connection.delete_secret("bench"),
        "revoke": lambda connection: connection.revoke(getattr(made, "id", "")),
    }


def _galileo(connection: Connection, simulator: mocks.Simulator) -> dict[str, Ask]:
    made = connection.issue(KeyRequest(name="bench"))
    return {
        "whoami": lambda connection: connection.whoami(),
        "keys": lambda connection: list(connection.keys()),
        "key": lambda connection: connection.key(getattr(made, "id", "")),
        "find": lambda connection: connection.find("bench"),
        "issue": lambda connection: connection.issue(KeyRequest(name="bench")),
        "revoke": lambda connection: connection.revoke(getattr(made, "id", "")),
    }


def _fireblocks(connection: Connection, simulator: mocks.Simulator) -> dict[str, Ask]:
    if not isinstance(simulator, FireblocksSimulator):
        raise TypeError("this is no mock of Fireblocks")
    signer = simulator.add_user(role="SIGNER", name="signer").id
    request = FireblocksKeyRequest(name="bench", role="VIEWER", csr_pem=make_key_pair("bench").csr_pem)
    pending = connection.issue(request)
    user = next(connection.keys())
    return {
        "issue": lambda connection: connection.issue(request),
        "whoami": lambda connection: connection.whoami(),
        "keys": lambda connection: list(connection.keys()),
        "key": lambda connection: connection.key(user.id),
        "find": lambda connection: connection.find(user.name),
        "approval": lambda connection: connection.approval(getattr(pending, "request_id", None) or ""),
        "approvals": lambda connection: list(connection.approvals()),
        "whitelisted_ips": lambda connection: connection.whitelisted_ips(user.id),
        "pairing_token": lambda connection: connection.pairing_token(signer),
    }


def _page(connection: Connection, simulator: mocks.Simulator) -> dict[str, Ask]:
    owner = connection.whoami().id
    there = list(connection.keys(owner=owner))
    for _ in range(PAGE - len(there)):
        connection.issue(KeyRequest(name="bench"))
    return {f"keys, a page of {PAGE}": lambda connection: list(connection.keys(owner=owner))}


CALLS: Sequence[tuple[str, Callable[[Connection, mocks.Simulator], dict[str, Ask]], float | None]] = (
    ("fireworks", _fireworks, MOST),
    ("fireblocks", _fireblocks, MOST),
    ("galileo", _galileo, MOST),
    ("fireworks", _page, None),
    ("galileo", _page, None),
)
"""The providers, what makes ready and names their calls, and how much more than the peer's each may cost; None is
stated. Each has a simulator of its own, as the server knows one reply to a request.
"""


def public_pairs(stack: ExitStack, peer_auth: Callable[[str], httpx.Auth]) -> Iterator[Pair]:
    """Give the title, our call, the peer's and the limit for every public call of every provider.

    `peer_auth` makes what authenticates the peer's requests to a provider; the environment has the credentials.
    """
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="issuant-bench-")))
    for provider, prepare, limit in CALLS:
        simulator = mocks.simulator(provider)
        os.environ.update(simulator.env(f"https://mock.invalid{simulator.base_path}", folder))
        tape = Tape(simulator)
        with connect(provider, transport=tape) as connection:
            asks = prepare(connection, simulator)
            requests = {}
            for operation, ask in asks.items():
                tape.kept.clear()
                ask(connection)
                requests[operation] = list(tape.kept)
        base_url = stack.enter_context(serving(kept for several in requests.values() for kept in several))
        os.environ.update(simulator.env(f"{base_url}{simulator.base_path}", folder))
        ours = stack.enter_context(connect(provider))
        peer = stack.enter_context(httpx.Client(base_url=base_url, auth=peer_auth(provider), timeout=30))
        for operation, several in requests.items():
            yield (
                f"{operation}, {simulator.name}",
                partial(asks[operation], ours),
                partial(_replay, peer, _sent(several)),
                limit,
            )


@contextmanager
def serving(kept: Iterator[tuple[httpx.Request, httpx.Response]]) -> Iterator[str]:
    """Serve recorded replies from a process of its own, and give the address."""
    replies = {
        f"{request.method} {request.url.raw_path.decode()}": (
            reply.status_code,
            {name: value for name, value in reply.headers.items() if name != "content-length"},
            reply.text,
        )
        for request, reply in kept
    }
    command = [sys.executable, str(Path(__file__).with_name("recorded.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("the server has no pipes")
            process.stdin.write(json.dumps(replies) + "\n")
            process.stdin.flush()
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


Sent = tuple[str, str, dict[str, str], Any, dict[str, str]]


def _sent(kept: list[tuple[httpx.Request, httpx.Response]]) -> list[Sent]:
    """Return method, path, parameters, body and the headers of its own of each request."""
    own = ("idempotency-key",)
    return [
        (
            request.method,
            request.url.path,
            dict(request.url.params),
            json.loads(request.content) if request.content else None,
            {name: value for name, value in request.headers.items() if name in own},
        )
        for request, _ in kept
    ]


def _replay(client: httpx.Client, sent: list[Sent]) -> None:
    for method, path, params, body, headers in sent:
        response = client.request(method, path, params=params or None, json=body, headers=headers)
        if response.content:
            response.json()
