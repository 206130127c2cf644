"""Every part of a signed request is verified: key, signature, subject, URI, times, nonce and the bytes of the body."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta

import httpx
import pytest
from issuant.mocks import MovableClock
from issuant.mocks.fireblocks import FireblocksSimulator

from tests.mocks.signing import PATH, Signer, csr_of, pem_of, rsa_key

WANTED = {"role": "EDITOR", "name": "nightly", "csrPem": csr_of(rsa_key())}


def signed(fireblocks: FireblocksSimulator, **changes: object) -> Signer:
    defaults = {"api_key": fireblocks.api_key, "pem": fireblocks.private_key_pem, "clock": fireblocks.clock}
    return Signer(**{**defaults, **changes})  # type: ignore[arg-type]


def refused(fireblocks: FireblocksSimulator, client: httpx.Client, auth: httpx.Auth, target: str = PATH) -> int:
    """Send a request that must be refused, and return the code of its 401."""
    reply = client.post(target, json=WANTED, auth=auth)
    assert reply.status_code == 401
    assert set(reply.json()) == {"message", "code"}
    assert reply.headers["X-Request-ID"]
    assert not fireblocks.approvals
    return int(reply.json()["code"])


@pytest.mark.parametrize("life", [29, 30, 55, 60])
def test_a_token_may_live_up_to_60_seconds(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, life: int
) -> None:
    """The documentation's bound and that of the vendor's own SDKs are both within."""
    now = int(clock().timestamp())
    auth = signed(fireblocks, claims={"iat": now, "exp": now + life})
    assert fireblocks_client.post(PATH, json=WANTED, auth=auth).status_code == 200


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        pytest.param({"sub": None}, -2, id="no-subject"),
        pytest.param({"sub": 7}, -2, id="subject-number"),
        pytest.param({"sub": "another"}, -6, id="subject-is-another"),
        pytest.param({"uri": None}, -4, id="no-uri"),
        pytest.param({"uri": "/management/api_users"}, -4, id="uri-without-v1"),
        pytest.param({"uri": f"{PATH}?"}, -4, id="uri-with-query"),
        pytest.param({"nonce": None}, -5, id="no-nonce"),
        pytest.param({"nonce": ""}, -5, id="empty-nonce"),
        pytest.param({"nonce": True}, -5, id="nonce-boolean"),
        pytest.param({"bodyHash": None}, -7, id="no-body-hash"),
        pytest.param({"bodyHash": "0" * 64}, -7, id="other-body-hash"),
    ],
)
def test_a_wrong_claim_is_401(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, claims: dict[str, object], code: int
) -> None:
    """With the code that the vendor documents for it."""
    auth = signed(fireblocks, claims=claims)
    assert refused(fireblocks, fireblocks_client, auth) == code


@pytest.mark.parametrize(
    ("issued", "expires", "code"),
    [(6, 30, -12), (-30, 0, -10), (-61, -1, -10), (0, 61, -7), (-40, 21, -7)],
    ids=["future", "expired-now", "expired", "too-long", "too-long-backdated"],
)
def test_a_token_out_of_its_time_is_401(
    clock: MovableClock,
    fireblocks: FireblocksSimulator,
    fireblocks_client: httpx.Client,
    issued: int,
    expires: int,
    code: int,
) -> None:
    """Seconds from now; a clock may run ahead by five."""
    now = clock().timestamp()
    auth = signed(fireblocks, claims={"iat": now + issued, "exp": now + expires})
    assert refused(fireblocks, fireblocks_client, auth) == code


def test_a_backdated_or_slightly_fast_clock_is_accepted(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """By five seconds ahead, or as far back as the token lives."""
    now = clock().timestamp()
    for issued in (-29, 5):
        auth = signed(fireblocks, claims={"iat": now + issued, "exp": now + issued + 30})
        assert fireblocks_client.post(PATH, json=WANTED, auth=auth).status_code == 200


@pytest.mark.parametrize("claim", ["iat", "exp"])
@pytest.mark.parametrize("value", [None, True, "text"], ids=["absent", "boolean", "text"])
def test_a_time_that_is_no_number_is_401(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, claim: str, value: object
) -> None:
    """Code -5: the token has no valid form."""
    assert refused(fireblocks, fireblocks_client, signed(fireblocks, claims={claim: value})) == -5


@pytest.mark.parametrize(
    ("head", "code"),
    [({"alg": "HS256"}, -5), ({"alg": "none"}, -5), ({"crit": ["exp"]}, -5)],
    ids=["hs256", "none", "critical-extension"],
)
def test_another_algorithm_is_401(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, head: dict[str, object], code: int
) -> None:
    """RS256 alone is taken."""
    assert refused(fireblocks, fireblocks_client, signed(fireblocks, head=head)) == code


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"Authorization": None}, -3),
        ({"Authorization": "Bearer"}, -3),
        ({"Authorization": "Basic abc"}, -3),
        ({"Authorization": "Bearer abc"}, -5),
        ({"Authorization": "Bearer a.b.c"}, -5),
        ({"Authorization": "Bearer e30=.e30.e30"}, -5),
        ({"Authorization": "Bearer e30.e30.e30"}, -5),
        ({"Authorization": "Bearer W10.W10.W10"}, -5),
        ({"X-API-Key": None}, -2),
        ({"X-API-Key": "another"}, -6),
    ],
    ids=[
        "no-token",
        "empty-token",
        "basic",
        "one-segment",
        "not-json",
        "padded",
        "no-algorithm",
        "lists",
        "no-key",
        "other-key",
    ],
)
def test_a_wrong_header_is_401(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, header: dict[str, str | None], code: int
) -> None:
    """With the code that the vendor documents for it."""
    assert refused(fireblocks, fireblocks_client, signed(fireblocks, header=header)) == code


def test_another_private_key_is_an_invalid_signature(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """Code -1, in the vendor's own words."""
    auth = signed(fireblocks, pem=pem_of(rsa_key()))
    reply = fireblocks_client.post(PATH, json=WANTED, auth=auth)
    assert (reply.status_code, reply.json()) == (401, {"message": "invalid signature", "code": -1})


def test_an_unknown_api_key_is_not_accepted(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """Code -7."""
    assert refused(fireblocks, fireblocks_client, signed(fireblocks, api_key="unknown")) == -7


def test_the_query_is_part_of_the_uri(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """As it was sent, percent-encoding included."""
    target = f"{PATH}?note=a%20b"
    assert refused(fireblocks, fireblocks_client, signed(fireblocks, claims={"uri": PATH}), target) == -4
    assert refused(fireblocks, fireblocks_client, signed(fireblocks, claims={"uri": f"{PATH}?note=a b"}), target) == -4
    assert fireblocks_client.post(target, json=WANTED, auth=signed(fireblocks)).status_code == 200


def test_a_nonce_is_used_once(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """Code -7 while a token with it could still be valid; another user may use the same one."""
    auth = signed(fireblocks, claims={"nonce": "once"})
    assert fireblocks_client.post(PATH, json=WANTED, auth=auth).status_code == 200
    assert fireblocks_client.post(PATH, json=WANTED, auth=auth).json()["code"] == -7
    clock.advance(timedelta(seconds=64))
    assert fireblocks_client.post(PATH, json=WANTED, auth=auth).json()["code"] == -7
    other = signed(fireblocks, api_key=fireblocks.add_user(role="ADMIN").id, claims={"nonce": "once"})
    assert fireblocks_client.post(PATH, json=WANTED, auth=other).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert fireblocks_client.post(PATH, json=WANTED, auth=auth).status_code == 200


def test_a_token_that_is_refused_does_not_use_up_its_nonce(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """Only an accepted one counts."""
    assert refused(fireblocks, fireblocks_client, signed(fireblocks, claims={"nonce": "n", "uri": "/"})) == -4
    auth = signed(fireblocks, claims={"nonce": "n"})
    assert fireblocks_client.post(PATH, json=WANTED, auth=auth).status_code == 200


def test_a_body_changed_after_signing_is_401(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """The hash covers the exact bytes, spaces included."""

    class Respaced(Signer):
        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            (prepared,) = super().auth_flow(request)
            content = request.content + b" "
            headers = {**prepared.headers, "Content-Length": str(len(content))}
            yield httpx.Request(request.method, request.url, headers=headers, content=content)

    auth = Respaced(api_key=fireblocks.api_key, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    assert refused(fireblocks, fireblocks_client, auth) == -7


def test_a_token_with_padding_is_401(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """A JWT has none: RFC 7515, section 2."""

    class Padded(Signer):
        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            (prepared,) = super().auth_flow(request)
            prepared.headers["Authorization"] += "=="
            yield prepared

    auth = Padded(api_key=fireblocks.api_key, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    assert refused(fireblocks, fireblocks_client, auth) == -5
