"""The signed token of a Fireblocks request, read by hand. Owns its form and its claims; knows no users and no keys.

Facts
- The token is a JWT, RS256, with uri, nonce, iat, exp, sub and bodyHash; `nonce` is a unique number or string.
- The documentation bounds exp by iat + 30 seconds, the vendor's own SDKs send iat + 55. Up to 60 is taken here, so a
  token that lives longer than documented is not caught by this simulator.
- How far a clock may run ahead is not documented; 5 seconds are taken here.
- Codes of a 401: -1 signature, -2 no key in the token, -3 no token, -4 wrong URL, -5 bad token, -6 wrong user,
  -7 not accepted, -10 expired, -12 issued in the future. Which code a wrong bodyHash, a nonce seen before
  or too long a life has is not documented: -7 here.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from .messages import Request
from .reading import read_json

LIFE_SECONDS = 60
LEEWAY_SECONDS = 5

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


class TokenError(Exception):
    """A token that is not accepted, with the vendor's code and wording. It never leaves the simulator."""

    def __init__(self, code: int, message: str) -> None:
        """Hold the vendor's code and its message."""
        super().__init__(code, message)
        self.code = code
        self.message = message


NOT_ACCEPTED = "Unauthorized: Token was not accepted."


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token in its parts. Nothing of it is verified yet but the form."""

    claims: Mapping[str, object] = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def read_token(request: Request) -> Token:
    """Return the bearer token of `request`. Raises TokenError -3 when there is none and -5 when it is no RS256 JWT."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise TokenError(-3, "Unauthorized: JWT is missing")
    segments = text.strip().split(".")
    try:
        head, claims, signature = (_decoded(segment) for segment in segments)
        header, document = read_json(head), read_json(claims)
    except ValueError:
        raise TokenError(-5, "Unauthorized: Invalid token format") from None
    # A critical extension that is not understood must be refused: RFC 7515, section 4.1.11.
    if not isinstance(header, dict) or header.get("alg") != "RS256" or "crit" in header:
        raise TokenError(-5, "Unauthorized: Invalid token format")
    if not isinstance(document, dict):
        raise TokenError(-5, "Unauthorized: Invalid token format")
    return Token(claims=document, signed=".".join(segments[:2]).encode("ascii"), signature=signature)


def read_subject(token: Token, request: Request) -> str:
    """Return the API key that both the token and the header X-API-Key name. Raises TokenError -2 or -6."""
    subject, header = token.claims.get("sub"), request.headers.get("x-api-key")
    if not isinstance(subject, str) or not subject or not header:
        raise TokenError(-2, "Unauthorized: Missing API key")
    if subject != header:
        raise TokenError(-6, "Unauthorized: Wrong user")
    return subject


def check_claims(token: Token, request: Request, now: float) -> str:
    """Check times, URI and body of a token whose signature holds, and return its nonce. `now` is in Unix seconds.

    Raises TokenError with the vendor's code.
    """
    claims = token.claims
    issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if issued > now + LEEWAY_SECONDS:
        raise TokenError(-12, "The request is with a future issuance timestamp (iat)")
    if expires <= now:
        raise TokenError(-10, "The request has expired.")
    if expires > issued + LIFE_SECONDS:
        raise TokenError(-7, NOT_ACCEPTED)
    if claims.get("uri") != request.target:
        raise TokenError(-4, "Unauthorized: Wrong URL in the JWT")
    if claims.get("bodyHash") != hashlib.sha256(request.body).hexdigest():
        raise TokenError(-7, NOT_ACCEPTED)
    nonce = claims.get("nonce")
    if isinstance(nonce, bool) or not isinstance(nonce, str | int) or nonce == "":
        raise TokenError(-5, "Unauthorized: Invalid token format")
    return str(nonce)


class Nonces:
    """The nonces that were seen, by user. None is taken twice."""

    STATE = ("seen",)

    def __init__(self) -> None:
        """Start with none."""
        self.seen: OrderedDict[tuple[str, str], float] = OrderedDict()

    def use(self, user_id: str, nonce: str, now: float) -> None:
        """Take a nonce at `now`, in Unix seconds. Raises TokenError -7 for one that was seen before."""
        while self.seen and next(iter(self.seen.values())) <= now:
            self.seen.popitem(last=False)
        if (user_id, nonce) in self.seen:
            raise TokenError(-7, NOT_ACCEPTED)
        # No accepted token lives longer than this, so a nonce need not be remembered longer either.
        self.seen[user_id, nonce] = now + LIFE_SECONDS + LEEWAY_SECONDS


def _decoded(segment: str) -> bytes:
    if _BASE64URL.fullmatch(segment) is None:
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _seconds(claim: object) -> float:
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not math.isfinite(claim):
        raise TokenError(-5, "Unauthorized: Invalid token format")
    return float(claim)
