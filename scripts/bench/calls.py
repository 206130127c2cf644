"""What one `issue` costs beside the same request through bare httpx, on a connection that is kept open."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from issuant import FireblocksKeyRequest, KeyRequest, connect
from issuant.auth.fireblocks import make_key_pair

Pair = tuple[str, Callable[[], object], Callable[[], object]]


def fireworks_pair(served: dict[str, str], stack: ExitStack) -> Pair:
    """Return the title, our call and the peer's for Fireworks."""
    connection = stack.enter_context(connect("fireworks"))
    headers = {"Authorization": f"Bearer {os.environ['FIREWORKS_API_KEY']}"}
    client = stack.enter_context(httpx.Client(base_url=served["fireworks"], headers=headers, timeout=30))
    path = f"/v1/accounts/{os.environ['FIREWORKS_ACCOUNT_ID']}/users/{os.environ['FIREWORKS_USER_ID']}/apiKeys"
    request = KeyRequest(name="bench")
    return (
        "issue, Fireworks / bare httpx",
        lambda: connection.issue(request),
        lambda: client.post(path, json={"apiKey": {"displayName": "bench"}}).raise_for_status().json(),
    )


def galileo_pair(served: dict[str, str], stack: ExitStack) -> Pair:
    """Return the title, our call and the peer's for Galileo."""
    connection = stack.enter_context(connect("galileo"))
    headers = {"Galileo-API-Key": os.environ["GALILEO_API_KEY"]}
    client = stack.enter_context(httpx.Client(base_url=served["galileo"], headers=headers, timeout=30))
    request = KeyRequest(name="bench")
    return (
        "issue, Galileo / bare httpx",
        lambda: connection.issue(request),
        lambda: client.post("/v2/users/api_keys", json={"description": "bench"}).raise_for_status().json(),
    )


def fireblocks_pair(served: dict[str, str], stack: ExitStack) -> Pair:
    """Return the title, our call and the peer's for Fireblocks, both with a CSR given and a parsed key."""
    connection = stack.enter_context(connect("fireblocks"))
    csr_pem = make_key_pair("bench").csr_pem
    key = load_pem_private_key(Path(os.environ["FIREBLOCKS_SECRET_KEY"]).read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the mock's key is no RSA key")
    auth = _Signing(os.environ["FIREBLOCKS_API_KEY"], key)
    client = stack.enter_context(httpx.Client(base_url=os.environ["FIREBLOCKS_BASE_PATH"], auth=auth, timeout=30))
    request = FireblocksKeyRequest(name="bench", role="VIEWER", csr_pem=csr_pem)
    body = {"role": "VIEWER", "name": "bench", "csrPem": csr_pem}
    return (
        f"issue, Fireblocks, CSR given / bare httpx, RS256, RSA-{key.key_size} parsed",
        lambda: connection.issue(request),
        lambda: client.post(
            "/management/api_users", json=body, headers={"Idempotency-Key": str(uuid.uuid4())}
        ).raise_for_status(),
    )


class _Signing(httpx.Auth):
    requires_request_body = True

    def __init__(self, api_key: str, key: RSAPrivateKey) -> None:
        self._api_key = api_key
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        now = int(time.time())
        claims = {
            "uri": urlsplit(str(request.url)).path,
            "nonce": str(uuid.uuid4()),
            "iat": now,
            "exp": now + 29,
            "sub": self._api_key,
            "bodyHash": hashlib.sha256(request.content).hexdigest(),
        }
        request.headers["X-API-Key"] = self._api_key
        request.headers["Authorization"] = f"Bearer {jwt.encode(claims, self._key, algorithm='RS256')}"
        yield request


def key_pair_seconds() -> float:
    """Return the CPU seconds of making one key pair and its certificate request."""
    before = time.process_time()
    make_key_pair("bench")
    return time.process_time() - before
