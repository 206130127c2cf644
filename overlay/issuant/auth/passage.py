"""A call on its way through a login. Owns what is sent next, a login, a refresh or the call, and what is shared between
the calls that need a token. No I/O.

Facts
- A 401 means that nothing was done, so the call is sent once more with a new token, and only once.
- Whether a refresh cookie can be used twice is unverified: it is used once, and a login follows where that fails.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx

from issuant.advice import waiting
from issuant.auth.session import COOKIE, Session, session_of
from issuant.body import Body
from issuant.clock import Clock, now_utc
from issuant.errors import AuthenticationError, IssuantError, NotSentError, RateLimitedError
from issuant.redaction import Redactor, Traces
from issuant.replies import Reply
from issuant.secret import Secret

_REFUSED = frozenset({400, 401, 403, 422})
_TOO_MANY = 429
_FAILED = 500

# No coding: what comes back is small, and is read as it comes.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}


class Tokens:
    """What the calls of one login share: the session there is, and how the last login ended.

    `log_in` makes the request of a login from further arguments of httpx.Request.
    """

    def __init__(
        self, credential: Secret, *, log_in: Callable[..., httpx.Request], refresh_url: str | None, clock: Clock
    ) -> None:
        self.session: Session | None = None
        self.logins = 0
        self.refusal: Callable[[], IssuantError] | None = None
        self._credential = credential
        self._log_in = log_in
        self._refresh_url = refresh_url
        self._clock = clock

    def use_clock(self, clock: Clock) -> None:
        """Go by `clock` from now on, unless one was given already."""
        if self._clock is now_utc:
            self._clock = clock

    def usable(self, rejected: Session | None) -> Session | None:
        """Return the session where it is good still, and not the rejected one."""
        session = self.session
        if session is None or session is rejected:
            return None
        return session if session.renew_at is None or self._clock() < session.renew_at else None

    def renewal(self, old: Session | None, rejected: Session | None, **options: Any) -> tuple[httpx.Request, bool]:
        """Return what brings a new session, and whether that is a refresh."""
        cookie = old.cookie if old is not None and old is not rejected else None
        if cookie is None or self._refresh_url is None:
            return self._log_in(headers=_HEADERS, **options), False
        fields = {**_HEADERS, "Cookie": f"{COOKIE}={cookie.reveal()}"}
        return httpx.Request("POST", self._refresh_url, headers=fields, **options), True

    def learn(self, answer: Body, *, old: Session | None, refreshes: bool) -> Session | None:
        """Return what a login or a refresh has brought. Raises IssuantError where a login brought nothing."""
        held = (self._credential, *(() if old is None else old.secrets))
        redactor = Redactor((Traces(held),))
        reply = Reply(answer.response, answer.content(), provider="", operation="login", redactor=redactor)
        session = None
        if reply.succeeded and not answer.fault:
            kept = old.cookie if old is not None and refreshes else None
            session = session_of(reply, answer.response, self._clock(), cookie=kept)
        self.session = session
        if refreshes and session is None:
            return None
        self.logins += 1
        self.refusal = None
        if session is None:
            # Made anew for each call that waited for it: what is raised twice carries two tracebacks.
            self.refusal = partial(_refused, reply, answer.fault, reply.retry_after(self._clock()))
            raise self.refusal()
        return session


class Passage:
    """One call on its way through: which token it goes with, and what is to be sent next."""

    def __init__(self, tokens: Tokens, call: httpx.Request) -> None:
        self._tokens = tokens
        self._call = call
        self._known = tokens.session
        self._session: Session | None = None
        self._rejected: Session | None = None
        self._old: Session | None = None
        self._refreshes = False
        self._logins = 0
        self._limits: dict[str, float | None] = call.extensions.get("timeout", {})

    @property
    def patience(self) -> float | None:
        """How many seconds to wait for other calls: as many as for a connection of the pool."""
        return self._limits.get("pool")

    def lacks_token(self) -> bool:
        """Tell whether the call has to wait for its turn to log in."""
        self._logins = self._tokens.logins
        self._session = self._tokens.usable(self._rejected)
        return self._session is None

    def next_login(self) -> httpx.Request | None:
        """Return the login or refresh to be sent, None where there is a token; to be called while it is the turn.

        Raises what another call was told whose login failed while this one waited: asking again for each of many could
        lock the account.
        """
        tokens = self._tokens
        self._session = self._session or tokens.usable(self._rejected)
        if self._session is not None:
            return None
        if tokens.logins != self._logins and tokens.refusal is not None:
            raise tokens.refusal()
        # Taken out before it is sent: whatever becomes of a refresh, its cookie may be used up.
        self._old, tokens.session = tokens.session or self._old, None
        refreshable = None if self._refreshes else self._old
        login, self._refreshes = tokens.renewal(refreshable, self._rejected, extensions={"timeout": self._limits})
        return login

    def learn(self, answer: Body) -> None:
        """Take the reply to what `next_login` returned."""
        self._session = self._tokens.learn(answer, old=self._old, refreshes=self._refreshes)

    def authorized(self) -> httpx.Request:
        """Return the call, with the token."""
        if self._session is not None:
            self._call.headers["Authorization"] = f"Bearer {self._session.token.reveal()}"
        return self._call

    def goes_again(self, response: httpx.Response) -> bool:
        """Tell whether the call is to be sent once more, with a new token.

        A token that came while this call was under way is not to blame for a 401.
        """
        if response.status_code != 401 or self._session is None or self._session is not self._known:
            return False
        self._rejected, self._known = self._known, None
        if isinstance(self._call.stream, httpx.ByteStream):
            return True
        if self._tokens.session is self._rejected:  # this body is used up, so it is the next call that logs in
            self._tokens.session = None
        return False


def _refused(reply: Reply, fault: str, retry_after: float | None) -> IssuantError:
    """Return the error for a login that brought no token."""
    told: dict[str, Any] = {
        "operation": "login",
        "status": reply.status,
        "request_id": reply.request_id,
        "retry_after": retry_after,
    }
    if reply.status in _REFUSED:
        advice = "Check the credential and the base URL."
        return AuthenticationError("the login was refused; the call was not sent.", advice=advice, **told)
    if reply.status == _TOO_MANY:
        what = "the provider limits how often one may log in"
        advice = f"{waiting(retry_after)}, then try again."
        return RateLimitedError(f"{what}; the call was not sent.", advice=advice, **told)
    what = "the login failed"
    if reply.succeeded:
        what = f"the login's reply {fault}" if fault else "the login brought no token"
    error = NotSentError(
        f"{what}; the call was not sent.",
        advice="Nothing was changed. Check the base URL, then try again.",
        **told,
    )
    error.is_passing = bool(fault) or reply.status >= _FAILED
    return error
