"""What makes a request of schemathesis acceptable to a simulator: credentials, signed over the bytes that are sent.

Each is an `AuthBase` of requests, which requests calls last, when URL and body are final.
It signs with PyJWT; nothing of issuant's own authentication is used, so that neither can hide a mistake of the other.
"""

from __future__ import annotations

import hashlib
from itertools import count
from urllib.parse import urlsplit

import jwt
from issuant.mocks import Headers, Request, Simulator
from issuant.mocks.clock import Clock
from issuant.mocks.fireblocks import FireblocksSimulator
from requests import PreparedRequest
from requests.auth import AuthBase

from tests.contract.documents import Document, effective
from tests.mocks.signing import parsed

STRANGER = "TEST_stranger_not_a_key"

# One count for all signers: a nonce is refused the second time, whoever signed with it.
_NONCES = count()


class Header(AuthBase):
    """Sends one header."""

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self.value = value

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers[self.name] = self.value
        return request


class Signature(AuthBase):
    """Signs a request as Fireblocks wants it; `body_of` tells what is hashed as its body."""

    def __init__(self, *, api_key: str, pem: str, clock: Clock) -> None:
        self.api_key = api_key
        self.key = parsed(pem)
        self.clock = clock

    def body_of(self, request: PreparedRequest) -> bytes:
        body = request.body or b""
        assert isinstance(body, str | bytes), "a body that is a stream cannot be signed before it is sent"
        return body.encode() if isinstance(body, str) else body

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        url = urlsplit(request.url or "")
        now = self.clock().timestamp()
        claims = {
            "uri": f"{url.path}?{url.query}" if url.query else url.path,
            "nonce": next(_NONCES),
            "iat": now,
            "exp": now + 29,
            "sub": self.api_key,
            "bodyHash": hashlib.sha256(self.body_of(request)).hexdigest(),
        }
        request.headers["X-API-Key"] = self.api_key
        request.headers["Authorization"] = f"Bearer {jwt.encode(claims, self.key, algorithm='RS256')}"
        return request


class SignatureTooEarly(Signature):
    """Signs as one does who hooks in before the body is there: over nothing."""

    def body_of(self, request: PreparedRequest) -> bytes:
        return b""


class OfTheSimulator(AuthBase):
    """Sends the headers that a simulator says its vendor wants."""

    def __init__(self, simulator: Simulator, api_key: str) -> None:
        self.simulator = simulator
        self.api_key = api_key

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        url = urlsplit(request.url or "")
        body = request.body or b""
        assert isinstance(body, str | bytes), "a body that is a stream cannot be signed before it is sent"
        asked = Request(
            method=request.method or "",
            path=url.path,
            query=url.query,
            headers=Headers((name, str(value)) for name, value in request.headers.items()),
            body=body.encode() if isinstance(body, str) else body,
        )
        request.headers.update(self.simulator.credential(asked, self.api_key) or {})
        return request


def credential(simulator: Simulator, *, api_key: str | None = None) -> AuthBase:
    """Return what authenticates requests to `simulator`, with `api_key` in the place of its own.

    Where the simulator has nothing to say of it, it is the first way that the effective document offers.
    """
    key = api_key or simulator.api_key
    if isinstance(simulator, FireblocksSimulator):
        return Signature(api_key=key, pem=simulator.private_key_pem, clock=simulator.clock)
    if type(simulator).credential is not Simulator.credential:
        return OfTheSimulator(simulator, key)
    return header(effective(simulator.name), key)


def header(document: Document, key: str) -> Header:
    """Return the header in which the document's first way to authenticate sends a key."""
    definition = next(iter(next(iter(document["paths"].values())).values()))
    first = next(iter(definition.get("security") or document["security"]))
    schemes = [document["components"]["securitySchemes"][name] for name in first]
    match schemes:
        case [{"type": "http", "scheme": str(scheme)}] if scheme.lower() == "bearer":
            return Header("Authorization", f"Bearer {key}")
        case [{"type": "apiKey", "in": "header", "name": str(name)}]:
            return Header(name, key)
    raise LookupError(f"{' and '.join(first)} is no header that holds a key: let the simulator's credential() make it")
