"""The Galileo simulator's tokens: what brings one, how long it is accepted, and how it is renewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest
from issuant.mocks import MovableClock
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.galileo_logins import ACCESS_LIFE, REFRESH_LIFE


@pytest.fixture
def visitor(galileo: GalileoSimulator) -> Iterator[httpx.Client]:
    """A client without a credential, which keeps no cookie by itself."""
    with httpx.Client(transport=galileo.transport(), base_url="https://mock.invalid") as client:
        yield client


def log_in(galileo: GalileoSimulator, visitor: httpx.Client) -> tuple[str, str]:
    """Log in by password, and return access and refresh token."""
    reply = visitor.post("/login", data={"username": galileo.username, "password": galileo.password})
    assert reply.status_code == 200
    visitor.cookies.clear()
    return reply.json()["access_token"], reply.cookies["refresh_token"]


def whose(visitor: httpx.Client, token: str) -> int:
    return visitor.get("/current_user", headers={"Authorization": f"Bearer {token}"}).status_code


def refresh(visitor: httpx.Client, token: str) -> httpx.Response:
    reply = visitor.post("/refresh_token", headers={"Cookie": f"theme=dark; refresh_token={token}"})
    visitor.cookies.clear()
    return reply


def test_a_token_is_a_jwt_that_tells_when_it_ends(
    clock: MovableClock, galileo: GalileoSimulator, visitor: httpx.Client
) -> None:
    """The vendor's SDK reads `exp` from it; no two are the same."""
    first, second = log_in(galileo, visitor)[0], log_in(galileo, visitor)[0]
    claims = jwt.decode(first, options={"verify_signature": False, "verify_exp": False})
    assert datetime.fromtimestamp(claims["exp"], UTC) == (clock() + ACCESS_LIFE).replace(microsecond=0)
    assert claims["sub"] == galileo.user_id
    assert first != second


def test_a_token_is_accepted_until_it_ends(
    clock: MovableClock, galileo: GalileoSimulator, visitor: httpx.Client
) -> None:
    """To the instant."""
    token, _ = log_in(galileo, visitor)
    clock.advance(ACCESS_LIFE - timedelta(microseconds=1))
    assert whose(visitor, token) == 200
    clock.advance(timedelta(microseconds=1))
    assert whose(visitor, token) == 401


def test_a_token_that_was_tampered_with_is_refused(galileo: GalileoSimulator, visitor: httpx.Client) -> None:
    """Known tokens are accepted, not those that look alike."""
    header, _, signature = log_in(galileo, visitor)[0].split(".")
    assert whose(visitor, f"{header}.e30.{signature}") == 401


def test_an_api_key_logs_in_and_that_is_a_use(
    clock: MovableClock, galileo: GalileoSimulator, visitor: httpx.Client
) -> None:
    """The token is the key's user's; no refresh token comes with it."""
    other = galileo.add_user(email="other@mock.invalid")
    key, value = galileo.add_key(user_id=other.id, description="n")
    reply = visitor.post("/login/api_key", json={"api_key": value})
    assert (reply.status_code, reply.json()["token_type"]) == (200, "bearer")
    assert "Set-Cookie" not in reply.headers
    headers = {"Authorization": f"Bearer {reply.json()['access_token']}"}
    assert visitor.get("/current_user", headers=headers).json()["id"] == other.id
    assert galileo.keys[key.id].last_used == clock()


def test_a_key_that_is_deleted_logs_in_no_more_and_its_token_lives_on(
    galileo: GalileoSimulator, visitor: httpx.Client
) -> None:
    """The token ends by its own time."""
    key, value = galileo.add_key(user_id=galileo.user_id, description="n")
    token = visitor.post("/login/api_key", json={"api_key": value}).json()["access_token"]
    headers = {"Galileo-API-Key": galileo.api_key}
    assert visitor.delete(f"/v2/users/api_keys/{key.id}", headers=headers).status_code == 200
    assert visitor.post("/login/api_key", json={"api_key": value}).status_code == 401
    assert whose(visitor, token) == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [({"api_key": "wrong_TEST_not_a_key"}, 401), ({"api_key": ""}, 401), ({}, 422), ({"api_key": 1}, 422), ([], 422)],
    ids=["unknown", "empty", "missing", "number", "list"],
)
def test_a_login_by_key_that_is_wrong_brings_no_token(visitor: httpx.Client, body: object, status: int) -> None:
    """In the vendor's error bodies."""
    reply = visitor.post("/login/api_key", json=body)
    assert reply.status_code == status
    assert reply.json().keys() == {"detail"}


def test_another_grant_than_password_is_422(galileo: GalileoSimulator, visitor: httpx.Client) -> None:
    """The form is that of OAuth 2, in which the grant may be left out."""
    form = {"username": galileo.username, "password": galileo.password, "grant_type": "client_credentials"}
    reply = visitor.post("/login", data=form)
    assert reply.status_code == 422
    assert [problem["loc"] for problem in reply.json()["detail"]] == [["body", "grant_type"]]


def test_a_refresh_brings_new_tokens_and_uses_the_old_one_up(
    clock: MovableClock, galileo: GalileoSimulator, visitor: httpx.Client
) -> None:
    """Also when the access token has long ended."""
    _, old = log_in(galileo, visitor)
    clock.advance(REFRESH_LIFE - timedelta(seconds=1))
    renewed = refresh(visitor, old)
    assert whose(visitor, renewed.json()["access_token"]) == 200
    assert refresh(visitor, old).status_code == 401
    assert refresh(visitor, renewed.cookies["refresh_token"]).status_code == 200


def test_a_refresh_token_ends(clock: MovableClock, galileo: GalileoSimulator, visitor: httpx.Client) -> None:
    """And one that nobody gave, or none at all, is refused as well."""
    _, old = log_in(galileo, visitor)
    clock.advance(REFRESH_LIFE)
    assert refresh(visitor, old).status_code == 401
    assert refresh(visitor, "made_up").status_code == 401
    assert visitor.post("/refresh_token").status_code == 401


def test_the_simulator_keeps_no_token_in_plain(galileo: GalileoSimulator, visitor: httpx.Client) -> None:
    """Hashes, and those that have ended not at all."""
    access, old = log_in(galileo, visitor)
    kept = str([vars(token) for tokens in (galileo.logins.access, galileo.logins.refresh) for token in tokens.values()])
    assert access not in kept
    assert old not in kept


def test_tokens_that_have_ended_are_forgotten(
    clock: MovableClock, galileo: GalileoSimulator, visitor: httpx.Client
) -> None:
    """So that a long run does not grow."""
    log_in(galileo, visitor)
    clock.advance(REFRESH_LIFE)
    log_in(galileo, visitor)
    assert (len(galileo.logins.access), len(galileo.logins.refresh)) == (1, 1)


def test_health_is_told_to_anyone(visitor: httpx.Client) -> None:
    """The vendor's SDK asks for it before it logs in."""
    reply = visitor.get("/healthcheck")
    assert (reply.status_code, reply.json().keys()) == (200, {"api_version", "message", "version"})
