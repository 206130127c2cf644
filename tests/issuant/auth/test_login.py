"""Log in, send the token, renew it before it ends, log in once more after a 401."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from issuant.auth import ApiKeyLoginAuth, PasswordAuth
from issuant.errors import AuthenticationError, CredentialError, Effect, IssuantError, NotSentError, RateLimitedError
from issuant.mocks import Fault, Reply, Request
from issuant.mocks.loopback import serve

from tests.issuant.auth.calling import BASE_URL, CALL, Galileo, Instead, Unread, call, every_mode, leaves_bodies
from tests.issuant.recording import NOW

LOGIN = f"{BASE_URL}/login"
KEYS = "/v2/users/api_keys"
PASSWORD = "galileo TEST & password=not a key"

ways = pytest.mark.parametrize(("way", "login"), [("password", "/login"), ("key", "/login/api_key")])


def statuses(replies: list[httpx.Response]) -> list[int]:
    return [reply.status_code for reply in replies]


def is_call(request: Request) -> bool:
    return request.path == KEYS


@every_mode
@ways
def test_it_logs_in_once_for_many_calls(way: str, login: str, mode: str) -> None:
    """The token that the login brings goes with every call."""
    seen = Galileo()
    assert statuses(call(mode, seen.transport(), seen.auth(way), 3)) == [200, 200, 200]
    assert seen.paths == [login, KEYS, KEYS, KEYS]
    assert "authorization" not in seen.requests[0].headers
    assert {request.headers["authorization"].split()[0] for request in seen.requests[1:]} == {"Bearer"}


def test_a_password_goes_in_a_form() -> None:
    """As the OAuth 2 password flow has it, whatever characters are in it."""
    seen = Galileo()
    seen.galileo.password = PASSWORD
    call("sync", seen.transport(), seen.password())
    assert seen.requests[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen.form(0) == {"grant_type": ["password"], "username": [seen.galileo.username], "password": [PASSWORD]}


def test_a_key_goes_in_json_and_into_no_header() -> None:
    """It goes to the login alone."""
    seen = Galileo()
    call("sync", seen.transport(), seen.key())
    assert json.loads(seen.requests[0].body) == {"api_key": seen.vendor.api_key}
    assert not any(seen.vendor.api_key in str(dict(request.headers)) for request in seen.requests)


@every_mode
@ways
@pytest.mark.parametrize(("minutes", "renews"), [(59.4, False), (59.6, True)])
def test_a_token_is_renewed_half_a_minute_before_it_ends(
    minutes: float, renews: bool, way: str, login: str, mode: str
) -> None:
    """No sooner; with a refresh cookie by a refresh, without one by a login. No call meets a 401."""
    seen = Galileo()
    auth = seen.auth(way)
    call(mode, seen.transport(), auth)
    seen.pass_by(minutes=minutes)
    assert statuses(call(mode, seen.transport(), auth)) == [200]
    renewal = ["/refresh_token" if way == "password" else login] if renews else []
    assert seen.paths == [login, KEYS, *renewal, KEYS]


@every_mode
def test_a_refresh_sends_the_cookie_of_the_last_one_and_nothing_else(mode: str) -> None:
    """Each refresh sets a new cookie, and each is used once."""
    seen = Galileo()
    auth = seen.password()
    for _ in range(3):
        call(mode, seen.transport(), auth)
        seen.pass_by(hours=1)
    assert seen.paths == ["/login", KEYS, "/refresh_token", KEYS, "/refresh_token", KEYS]
    refreshes = [seen.requests[at] for at in (2, 4)]
    assert [request.headers["cookie"].split("=")[0] for request in refreshes] == ["refresh_token"] * 2
    assert len({request.headers["cookie"] for request in refreshes}) == 2
    assert not any("authorization" in request.headers or request.body for request in refreshes)
    assert not any("cookie" in request.headers for request in seen.requests if request.path == "/login")


@every_mode
def test_the_cookie_stays_where_a_refresh_sets_none(mode: str) -> None:
    """As a browser has it."""
    seen = Galileo()

    def without_new_cookie(request: Request) -> Reply:
        if request.path != "/refresh_token":
            return seen.handle(request)
        seen.requests.append(request)
        return Reply.json(200, {"access_token": seen.galileo.logins.new_access(seen.galileo.user_id)})

    auth, transport = seen.password(), seen.transport(without_new_cookie)
    for _ in range(3):
        assert statuses(call(mode, transport, auth)) == [200]
        seen.pass_by(hours=1)
    refreshes = [request.headers["cookie"] for request in seen.requests if request.path == "/refresh_token"]
    assert len(refreshes) == 2
    assert len(set(refreshes)) == 1


@every_mode
@pytest.mark.parametrize(
    "fault",
    [Fault.status(401), Fault.status(503), Fault.html_502(), Fault.empty()],
    ids=["401", "503", "html", "empty"],
)
def test_a_refresh_that_brings_no_token_is_followed_by_a_login(fault: Fault, mode: str) -> None:
    """The call goes out all the same."""
    seen = Galileo()
    auth = seen.password()
    call(mode, seen.transport(), auth)
    seen.pass_by(hours=1)
    seen.vendor.faults.add(fault)
    assert statuses(call(mode, seen.transport(), auth)) == [200]
    assert seen.paths == ["/login", KEYS, "/refresh_token", "/login", KEYS]


@every_mode
def test_a_refresh_that_gets_no_reply_is_not_tried_twice(mode: str) -> None:
    """Its cookie may be used up: the next call logs in."""
    seen = Galileo()
    auth = seen.password()
    call(mode, seen.transport(), auth)
    seen.pass_by(hours=1)
    seen.vendor.faults.add(Fault.drop_after())
    with pytest.raises(httpx.RemoteProtocolError) as caught:
        call(mode, seen.transport(), auth)
    assert caught.value.request.url.path == "/refresh_token"
    assert statuses(call(mode, seen.transport(), auth)) == [200]
    assert seen.paths == ["/login", KEYS, "/refresh_token", "/login", KEYS]


@every_mode
@ways
def test_a_401_makes_it_log_in_once_more(way: str, login: str, mode: str) -> None:
    """The same call goes again with a new token, body and all; a token that is refused is not refreshed."""
    seen = Galileo()
    auth = seen.auth(way)
    call(mode, seen.transport(), auth)
    seen.forget_tokens()
    assert statuses(call(mode, seen.transport(), auth)) == [200]
    assert seen.paths == [login, KEYS, KEYS, login, KEYS]
    assert seen.requests[4].body == seen.requests[2].body
    assert seen.requests[4].headers["authorization"] != seen.requests[2].headers["authorization"]
    assert len(seen.galileo.keys) == 2


@every_mode
def test_a_401_to_a_fresh_token_is_the_answer(mode: str) -> None:
    """It does not log in for ever; the reply of the call is the caller's to read."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.status(401), times=9, when=is_call)
    (reply,) = call(mode, seen.transport(), seen.password())
    assert reply.status_code == 401
    assert reply.json()["detail"]
    assert seen.paths == ["/login", KEYS]


@every_mode
def test_a_second_401_is_the_answer(mode: str) -> None:
    """One new login for each call, and no more."""
    seen = Galileo()
    auth = seen.password()
    call(mode, seen.transport(), auth)
    seen.vendor.faults.add(Fault.status(401), times=9, when=is_call)
    assert statuses(call(mode, seen.transport(), auth)) == [401]
    assert seen.paths == ["/login", KEYS, KEYS, "/login", KEYS]


@every_mode
def test_a_refused_call_that_goes_again_is_closed_unread(mode: str) -> None:
    """Its body could be endless; the reply that follows is whole."""
    seen = Galileo()
    auth, body = seen.password(), Unread()
    call(mode, seen.transport(), auth)
    transport = Instead(seen.transport(), httpx.Response(401, stream=body), at=0)
    (reply,) = call(mode, transport, auth)
    assert reply.status_code == 200
    assert reply.json()["api_key"]
    assert body.is_closed


@every_mode
@pytest.mark.parametrize("way", ["password", "key"])
def test_a_login_and_a_refresh_ask_for_no_coding(way: str, mode: str) -> None:
    """What comes back is read as it comes: a few bytes of gzip may be gigabytes."""
    seen = Galileo()
    auth = seen.auth(way)
    call(mode, seen.transport(), auth)
    seen.pass_by(hours=1)
    call(mode, seen.transport(), auth)
    asked = [request.headers["accept-encoding"] for request in seen.requests if not is_call(request)]
    assert asked == ["identity", "identity"]


def _pieces() -> Iterator[bytes]:
    yield b'{"description": "k"}'


def test_a_body_that_can_be_sent_once_is_sent_once() -> None:
    """Over a socket it is used up: the 401 is the answer then, and the next call logs in first."""
    seen = Galileo()
    with serve(seen.vendor) as server:
        auth = seen.password(base_url=server.base_url)
        with httpx.Client(base_url=server.base_url, auth=auth, headers={"Content-Type": "application/json"}) as client:
            assert client.post(KEYS, content=_pieces()).status_code == 200
            seen.forget_tokens()
            assert client.post(KEYS, content=_pieces()).status_code == 401
            assert client.post(KEYS, content=_pieces()).status_code == 200
    assert len(seen.galileo.keys) == 2


def test_the_reply_of_a_call_is_left_unread() -> None:
    """Who streams a reply gets it as it comes."""
    seen = Galileo()
    with (
        httpx.Client(transport=seen.transport(), auth=seen.password()) as client,
        client.stream("POST", CALL, json={"description": "k"}) as reply,
    ):
        assert not reply.is_stream_consumed
        assert json.loads(reply.read())["api_key"]


REFUSED = "the login was refused"
NO_TOKEN = "the login brought no token"

FAILURES = [
    *(pytest.param(Fault.status(code), AuthenticationError, REFUSED, id=str(code)) for code in (400, 401, 403, 422)),
    pytest.param(Fault.status(429, retry_after=7), RateLimitedError, "how often one may log in", id="429"),
    *(pytest.param(Fault.status(code), NotSentError, "login failed", id=str(code)) for code in (404, 500, 503)),
    pytest.param(Fault.body(b"", status=520), NotSentError, "login failed", id="520"),
    pytest.param(Fault.redirect(), NotSentError, "login failed", id="redirect"),
    pytest.param(Fault.html_502(), NotSentError, "login failed", id="html"),
    *(
        pytest.param(Fault.body(body), NotSentError, NO_TOKEN, id=name)
        for name, body in {
            "html-200": b"<html>",
            "no-token": b"{}",
            "number": b'{"access_token": 12}',
            "null": b'{"access_token": null}',
            "empty-token": b'{"access_token": ""}',
            "line-break": b'{"access_token": "a\\nb"}',
            "blank": b'{"access_token": "a b"}',
            "not-ascii": '{"access_token": "ключ"}'.encode(),
            "list": b'["x"]',
            "deep": b"[" * 60_000,
            "no-utf-8": b'{"access_token": "\xff"}',
        }.items()
    ),
    pytest.param(Fault.empty(), NotSentError, NO_TOKEN, id="empty"),
    pytest.param(Fault.truncated(), NotSentError, NO_TOKEN, id="truncated"),
    pytest.param(Fault.gzip_bomb(1), NotSentError, NO_TOKEN, id="gzip-bomb"),
    pytest.param(Fault.incomplete(), NotSentError, "login's reply broke off", id="incomplete"),
    pytest.param(Fault.endless(), NotSentError, "login's reply is larger than 64 KiB", id="endless"),
    pytest.param(Fault.oversized(1), NotSentError, "login's reply is larger than 64 KiB", id="oversized"),
]


@leaves_bodies
@every_mode
@pytest.mark.parametrize(("fault", "kind", "words"), FAILURES)
def test_where_a_login_brings_no_token_the_call_is_not_sent(
    fault: Fault, kind: type[IssuantError], words: str, mode: str
) -> None:
    """The error says what happened, that nothing was changed, and nothing of the reply or the password."""
    seen = Galileo()
    seen.vendor.faults.add(fault)
    with pytest.raises(IssuantError, match=words) as caught:
        call(mode, seen.transport(), seen.password())
    error = caught.value
    assert type(error) is kind
    assert seen.paths == ["/login"]
    assert error.operation == "login"
    assert error.status == seen.replies[0].status
    assert error.effect is Effect.NONE
    assert error.retry_after == (7 if kind is RateLimitedError else None)
    assert (error.__cause__, error.__context__) == (None, None)
    assert seen.galileo.password not in str(error)


@pytest.mark.parametrize(
    ("fault", "is_passing"),
    [
        pytest.param(Fault.status(503), True, id="503"),
        pytest.param(Fault.incomplete(), True, id="broke-off"),
        pytest.param(Fault.status(404), False, id="404"),
        pytest.param(Fault.body(b"<html>"), False, id="no-token"),
    ],
)
def test_an_error_tells_whether_another_attempt_may_help(fault: Fault, is_passing: bool) -> None:
    """A server that is down comes back; a page at the wrong address stays one."""
    seen = Galileo()
    seen.vendor.faults.add(fault)
    with pytest.raises(NotSentError) as caught:
        call("sync", seen.transport(), seen.password())
    assert caught.value.is_passing is is_passing


def test_an_error_names_the_request_and_when_to_come_again() -> None:
    """Where the reply does; a request id that repeats the password is not shown."""
    seen = Galileo()

    def busy(request_id: str) -> Any:
        return lambda _: Reply.json(503, {}, {"X-Request-ID": request_id, "Retry-After": "9"})

    with pytest.raises(NotSentError) as caught:
        call("sync", seen.transport(busy("req-1")), seen.password())
    assert (caught.value.request_id, caught.value.retry_after) == ("req-1", 9.0)
    with pytest.raises(NotSentError) as caught:
        call("sync", seen.transport(busy(seen.galileo.password)), seen.password())
    assert caught.value.request_id is None


@pytest.mark.parametrize(("size", "brings_a_token"), [(64 * 1024, True), (64 * 1024 + 1, False)])
def test_a_login_that_a_transport_has_read_already_is_no_longer_than_any(size: int, brings_a_token: bool) -> None:
    """64 KiB are taken, and a byte more is not, though all of them are there."""
    token = json.dumps({"access_token": "galileo_TEST_token"}).encode()
    content = token + b" " * (size - len(token))
    wire = httpx.MockTransport(lambda request: httpx.Response(200, content=content))
    if brings_a_token:
        assert statuses(call("sync", wire, Galileo().password())) == [200]
    else:
        with pytest.raises(NotSentError, match="login's reply is larger than 64 KiB"):
            call("sync", wire, Galileo().password())


@leaves_bodies
@every_mode
def test_a_reply_that_drips_does_not_hold_a_login_for_ever(mode: str) -> None:
    """Each piece comes in time, and the whole would take as many times that as it has bytes."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.drip(0.02))
    with pytest.raises(NotSentError, match="did not end in time"):
        call(mode, seen.transport(), seen.password(), timeout=0.1)


@every_mode
def test_a_login_waits_no_longer_than_the_call_may(mode: str) -> None:
    """It has the timeouts of the call; httpx tells which of the two got no reply."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.delay(30))
    with pytest.raises(httpx.ReadTimeout) as caught:
        call(mode, seen.transport(), seen.password(), timeout=0.05)
    assert caught.value.request.url.path == "/login"


def _jwt(claims: object) -> str:
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.sig"


TIME = NOW.timestamp()


@pytest.mark.parametrize(
    ("token", "seconds"),
    [
        pytest.param(_jwt({"exp": TIME + 100}), 70, id="exp"),
        pytest.param(_jwt({"exp": TIME + 100.5}), 70.5, id="exp-with-a-fraction"),
        pytest.param(_jwt({"iat": TIME + 5000, "exp": TIME + 5100}), 70, id="their-clock-is-ahead"),
        pytest.param(_jwt({"iat": TIME - 5000, "exp": TIME - 4900}), 70, id="their-clock-is-behind"),
        pytest.param(_jwt({"exp": TIME + 20}), 10, id="short-lived"),
    ],
)
def test_a_token_says_how_long_it_lives(token: str, seconds: float) -> None:
    """By the clock of whoever made it; one of less than a minute is renewed at half its life."""
    assert _kept_for(token, seconds - 1)
    assert not _kept_for(token, seconds)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("opaque_TEST_token", id="no-jwt"),
        pytest.param("a.b.c", id="no-base64"),
        pytest.param("a.e30", id="no-exp"),
        pytest.param(_jwt([]), id="no-object"),
        pytest.param(_jwt({"exp": "soon"}), id="exp-is-a-text"),
        pytest.param(_jwt({"exp": None}), id="exp-is-null"),
        pytest.param(_jwt({"exp": float("nan")}), id="exp-is-nan"),
        pytest.param(_jwt({"exp": 1e300}), id="exp-is-huge"),
        pytest.param(_jwt({"exp": TIME - 1}), id="exp-is-over"),
        pytest.param(_jwt({"exp": TIME, "iat": TIME + 1}), id="exp-before-iat"),
    ],
)
def test_a_token_that_does_not_say_so_is_kept_until_a_401(token: str) -> None:
    """It may be of any form."""
    assert _kept_for(token, 10**8)


def _kept_for(token: str, seconds: float) -> bool:
    """Tell whether a token that came so many seconds ago is still sent."""
    seen = Galileo()
    logins = []

    def answer(request: Request) -> Reply:
        if request.path == "/login":
            logins.append(request)
            return Reply.json(200, {"access_token": token})
        return Reply.json(200, {})

    auth = seen.password()
    call("sync", seen.transport(answer), auth)
    seen.clock.advance(timedelta(seconds=seconds))
    call("sync", seen.transport(answer), auth)
    return len(logins) == 1


@pytest.mark.parametrize("cookie", ["refresh_token=", "refresh_token=a b", "other=x"])
def test_a_cookie_that_cannot_be_sent_counts_for_none(cookie: str) -> None:
    """A login follows then."""
    seen = Galileo()

    def answer(request: Request) -> Reply:
        reply = seen.handle(request)
        if request.path != "/login":
            return reply
        return Reply.json(200, json.loads(reply.body), {"Set-Cookie": f"{cookie}; Path=/"})

    auth = seen.password()
    call("sync", seen.transport(answer), auth)
    seen.pass_by(hours=1)
    call("sync", seen.transport(answer), auth)
    assert seen.paths == ["/login", KEYS, "/login", KEYS]


@pytest.mark.parametrize(("username", "password", "field"), [("", "x", "username"), ("me", "", "password")])
def test_both_parts_of_a_login_are_needed(username: str, password: str, field: str) -> None:
    """Refused when it is made."""
    with pytest.raises(CredentialError) as caught:
        PasswordAuth(LOGIN, username, password)
    assert caught.value.field == field


@pytest.mark.parametrize(("key", "field"), [("", "api_key"), ("a\tb", "api_key"), ("ключ", "api_key")])
def test_a_key_that_cannot_be_one_is_refused(key: str, field: str) -> None:
    """Refused when it is made."""
    with pytest.raises(CredentialError) as caught:
        ApiKeyLoginAuth(LOGIN, key)
    assert caught.value.field == field


@every_mode
@ways
def test_no_attribute_prints_what_it_holds(way: str, login: str, mode: str) -> None:
    """Neither the credential nor the token nor the cookie, in the object or in what it keeps; `secrets` has the two."""
    seen = Galileo()
    auth = seen.auth(way)
    assert not auth.secrets
    call(mode, seen.transport(), auth)
    token = seen.requests[-1].headers["authorization"].removeprefix("Bearer ")
    shown = f"{auth!r} {vars(auth)} {vars(auth._tokens)} {auth.secrets}"
    held = [secret.reveal() for secret in auth.secrets]
    assert held[0] == token
    assert len(held) == (2 if way == "password" else 1)
    assert not any(secret in shown for secret in (*held, seen.galileo.password, seen.vendor.api_key))


@pytest.mark.parametrize("field", ["token_url", "refresh_url"])
@pytest.mark.parametrize(
    "url", ["http://galileo.example/login", "http://10.0.0.1/login", "http://localhost.example/login", "login", ""]
)
def test_a_login_in_plain_http_is_refused(url: str, field: str) -> None:
    """The password could be read on the way; the refusal has neither password nor user name in it."""
    urls = {"token_url": LOGIN, "refresh_url": LOGIN, field: url}
    with pytest.raises(CredentialError) as caught:
        PasswordAuth(urls["token_url"], "me@example.com", PASSWORD, refresh_url=urls["refresh_url"])
    assert caught.value.field == field
    assert PASSWORD not in f"{caught.value} {caught.value!r}"


def test_a_key_is_not_sent_in_plain_http() -> None:
    """It could be read on the way."""
    with pytest.raises(CredentialError) as caught:
        ApiKeyLoginAuth("http://galileo.example/login", "galileo_TEST_not_a_key")
    assert caught.value.field == "token_url"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]"])
def test_a_login_on_this_machine_may_be_plain(host: str) -> None:
    """Nobody is on the way."""
    seen = Galileo()
    auth = PasswordAuth(f"http://{host}/login", seen.galileo.username, seen.galileo.password)
    assert statuses(call("sync", seen.transport(), auth)) == [200]


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [("me\ud800", PASSWORD, "username"), ("me", "pw\udfff_TEST", "password"), ("\ud800", "\udfff", "username")],
)
def test_half_a_surrogate_pair_is_refused_by_name(username: str, password: str, field: str) -> None:
    """It has no form in UTF-8: what could not be decoded comes out of the environment like this."""
    with pytest.raises(CredentialError) as caught:
        PasswordAuth(LOGIN, username, password)
    assert caught.value.field == field
    assert "_TEST" not in f"{caught.value} {caught.value!r}"
    assert caught.value.__context__ is None
