"""How the peer authenticates: what bare httpx has to be given for each provider."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from issuant.auth import BearerAuth, HeaderAuth
from issuant.auth.fireblocks import make_key_pair


def peer_auth(provider: str) -> httpx.Auth:
    """Return what authenticates the peer's requests, from the variables of the provider's own tools."""
    match provider:
        case "fireworks":
            return BearerAuth(os.environ["FIREWORKS_API_KEY"])
        case "galileo":
            return HeaderAuth(os.environ["GALILEO_API_KEY"], header="Galileo-API-Key")
    key = load_pem_private_key(Path(os.environ["FIREBLOCKS_SECRET_KEY"]).read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the mock's key is no RSA key")
    return _Signing(os.environ["FIREBLOCKS_API_KEY"], key)


class _Signing(httpx.Auth):
    """RS256 with a key that is parsed once."""

    requires_request_body = True

    def __init__(self, api_key: str, key: RSAPrivateKey) -> None:
        self._api_key = api_key
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        now = int(time.time())
        url = urlsplit(str(request.url))
        claims = {
            "uri": f"{url.path}?{url.query}" if url.query else url.path,
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
