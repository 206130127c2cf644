"""The tokens of the simulated Galileo. Owns which are accepted and until when; knows neither keys nor passwords.

Facts
- An access token is a signed JWT: the vendor's SDK reads `exp` from it, and logs in anew when less than 5 minutes are
  left. How long it lives is not verified; here it is an hour.
- A refresh token comes as a cookie. How long it lives, and that it can be used once, is not verified; here it is a day.
- A token that an API key brought lives on to its end when the key is deleted or expires. That is not verified.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .base import fingerprint
from .clock import Clock

ACCESS_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=1)

_SIGNED_WITH = b"galileo_TEST_signing_secret_not_a_key"


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token as the vendor keeps it: whose it is and until when, and its text by a hash alone."""

    user_id: str
    expires: datetime
    fingerprint: str = field(repr=False)


class Logins:
    """The access and refresh tokens that have been given out, by their hashes."""

    STATE = ("access", "refresh")

    def __init__(self, *, clock: Clock, new_secret: Callable[[str], str]) -> None:
        """Start with none. `new_secret` makes a text that is unlike any other."""
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}
        self._clock = clock
        self._new_secret = new_secret

    def new_access(self, user_id: str) -> str:
        """Return a new access token."""
        now = self._clock()
        times = {"iat": int(now.timestamp()), "exp": int((now + ACCESS_LIFE).timestamp())}
        text = _signed({"sub": user_id, "jti": self._new_secret("galileo_TEST_token"), **times})
        _remember(self.access, text, user_id, now, ACCESS_LIFE)
        return text

    def new_refresh(self, user_id: str) -> str:
        """Return a new refresh token."""
        text = self._new_secret("galileo_TEST_refresh")
        _remember(self.refresh, text, user_id, self._clock(), REFRESH_LIFE)
        return text

    def user_of(self, access: str) -> str | None:
        """Return the user of an access token, None when it is unknown or has expired."""
        return self._live(self.access.get(fingerprint(access)))

    def redeem(self, refresh: str) -> str | None:
        """Return the user of a refresh token, which is used up; None when it is unknown, used or has expired."""
        return self._live(self.refresh.pop(fingerprint(refresh), None))

    def _live(self, token: Token | None) -> str | None:
        return token.user_id if token is not None and token.expires > self._clock() else None


def _remember(tokens: dict[str, Token], text: str, user_id: str, now: datetime, life: timedelta) -> None:
    for mark in [mark for mark, token in tokens.items() if token.expires <= now]:
        del tokens[mark]
    mark = fingerprint(text)
    tokens[mark] = Token(user_id=user_id, expires=now + life, fingerprint=mark)


def _signed(claims: dict[str, object]) -> str:
    """Return the claims as a JWT (RFC 7519) signed with HS256."""
    parts = [_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signature = hmac.new(_SIGNED_WITH, ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, _base64(signature)])


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
