"""The Client of a generated package: its server, its settings, its connections, and what it shows."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from importlib import import_module
from typing import Any

import httpx
import pytest

from tests.generated.packages import PACKAGES, SECRET, document


class HeaderAuth(httpx.Auth):
    """Puts a key into a header."""

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["x-key"] = SECRET
        yield request


@pytest.fixture(params=PACKAGES)
def package(request: pytest.FixtureRequest) -> Any:
    return import_module(request.param)


def _echo(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=dict(request.headers))


def test_without_an_address_the_first_server_is_taken(package: Any) -> None:
    """The production one, as the document lists it."""
    listed = [server["url"] for server in document(package.__name__)["servers"]]
    assert list(package.SERVERS.values()) == listed
    assert package.Client().base_url == listed[0]


def test_fireblocks_servers_are_picked_by_name() -> None:
    """The two of the page and the two that the overlay adds."""
    from issuant_fireblocks import SERVERS, Client

    assert list(SERVERS) == ["production", "sandbox", "eu", "eu2"]
    assert Client(server="sandbox").base_url == "https://sandbox-api.fireblocks.io/v1"


def test_an_unknown_server_is_told_with_the_known_ones(package: Any) -> None:
    """All of them."""
    with pytest.raises(ValueError, match="'moon' is not one of " + ", ".join(package.SERVERS)):
        package.Client(server="moon")


def test_an_address_and_a_server_exclude_each_other(package: Any) -> None:
    """Neither wins silently."""
    with pytest.raises(ValueError, match="not both"):
        package.Client("https://a.example", server="production")


@pytest.mark.parametrize(
    ("base_url", "problem"),
    [
        pytest.param("api.example", "absolute", id="no scheme"),
        pytest.param("ftp://api.example", "absolute", id="another scheme"),
        pytest.param("https://", "absolute", id="no host"),
        pytest.param(f"https://x:{SECRET}", "absolute", id="no port"),
        pytest.param("", "absolute", id="empty"),
        pytest.param(f"https://user:{SECRET}@api.example", "no user name", id="password"),
        pytest.param(f"https://api.example?key={SECRET}", "no user name", id="query"),
        pytest.param(f"https://api.example#{SECRET}", "no user name", id="fragment"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_shown(
    package: Any, base_url: str, problem: str
) -> None:
    """It may be the place where somebody put a key."""
    with pytest.raises(ValueError, match=problem) as caught:
        package.Client(base_url)
    assert SECRET not in repr(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("base_url", ["http://api.example", "http://10.0.0.1", "http://localhost.example"])
def test_a_credential_is_not_sent_over_plain_http(package: Any, base_url: str) -> None:
    """Neither given at once nor later; without one, plain http is the caller's own business."""
    with pytest.raises(ValueError, match="https only"):
        package.Client(base_url, auth=HeaderAuth())
    with pytest.raises(ValueError, match="https only"):
        package.Client(base_url).with_auth(HeaderAuth())


@pytest.mark.parametrize("base_url", ["http://localhost:1", "http://127.0.0.1:1", "http://127.8.8.8", "http://[::1]:1"])
def test_on_this_machine_plain_http_will_do(package: Any, base_url: str) -> None:
    """For mocks."""
    assert package.Client(base_url, auth=HeaderAuth()).base_url == base_url


def test_timeouts_are_finite_and_redirects_off_by_default(package: Any) -> None:
    """10 seconds to connect, 30 for the rest, sync and async."""
    client = package.Client()
    for made in (client.get_httpx_client(), client.get_async_httpx_client()):
        assert made.timeout.as_dict() == {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0}
        assert made.follow_redirects is False


@pytest.mark.parametrize(
    ("change", "read"),
    [
        pytest.param(lambda c: c.with_headers({"x-a": "2"}), lambda c: c.headers.get("x-a"), id="headers"),
        pytest.param(lambda c: c.with_cookies({"x-a": "2"}), lambda c: c.cookies.get("x-a"), id="cookies"),
        pytest.param(lambda c: c.with_timeout(2.0), lambda c: c.timeout.read, id="timeout"),
        pytest.param(lambda c: c.with_auth(None), lambda c: c.auth, id="auth"),
    ],
)
def test_a_changed_client_leaves_the_original_alone(package: Any, change: Callable[[Any], Any], read: Any) -> None:
    """Its httpx clients, already open, too; the new one has opened none of them."""
    original = package.Client(auth=HeaderAuth(), headers={"x-a": "1"}, cookies={"x-a": "1"}, timeout=1.0)
    opened, opened_async = original.get_httpx_client(), original.get_async_httpx_client()
    before = read(opened), read(opened_async)
    changed = change(original)
    assert (read(opened), read(opened_async)) == before
    assert read(changed.get_httpx_client()) != before[0]
    assert read(changed.get_async_httpx_client()) != before[1]
    assert original.get_httpx_client() is opened
    assert changed.base_url == original.base_url


def test_no_key_follows_a_redirect(package: Any) -> None:
    """httpx would drop Authorization alone on the way to another host, so a redirect is never followed."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://other.invalid/a"})

    client = package.Client(auth=HeaderAuth(), transport=httpx.MockTransport(answer))
    assert client.get_httpx_client().get("/a").status_code == 302
    assert asked == [httpx.URL(client.base_url).host]
    with pytest.raises(TypeError, match="follow_redirects"):
        package.Client(auth=HeaderAuth(), follow_redirects=True)


def test_headers_given_as_a_dict_are_copied(package: Any) -> None:
    """A later change of the caller's dict changes no client."""
    headers = {"x-a": "1"}
    client = package.Client(headers=headers)
    headers["x-a"] = "2"
    assert client.get_httpx_client().headers["x-a"] == "1"


def test_a_client_can_be_entered_again_after_it_was_closed(package: Any) -> None:
    """And used before, after and without `with`; httpx itself refuses to reopen."""
    client = package.Client(transport=httpx.MockTransport(_echo))
    assert client.get_httpx_client().get("/a").status_code == 200
    for _ in range(2):
        with client as same:
            assert same is client
            made = client.get_httpx_client()
            assert made.get("/a").status_code == 200
        assert made.is_closed
    assert client.get_httpx_client().get("/a").status_code == 200


def test_an_async_client_can_be_entered_again_after_it_was_closed(package: Any) -> None:
    """The same with await."""

    async def use() -> None:
        client = package.Client(async_transport=httpx.MockTransport(_echo))
        for _ in range(2):
            async with client as same:
                assert same is client
                made = client.get_async_httpx_client()
                assert (await made.get("/a")).status_code == 200
            assert made.is_closed

    asyncio.run(use())


def test_an_httpx_client_of_the_caller_is_used_and_not_closed(package: Any) -> None:
    """Its owner closes it."""

    async def use() -> None:
        async with httpx.AsyncClient() as own:
            client = package.Client().set_async_httpx_client(own)
            async with client:
                assert client.get_async_httpx_client() is own
            assert not own.is_closed

    with httpx.Client() as own:
        client = package.Client().set_httpx_client(own)
        with client:
            assert client.get_httpx_client() is own
        assert not own.is_closed
        assert client.with_headers({}).get_httpx_client() is not own
    asyncio.run(use())


def test_a_client_shows_its_address_alone(package: Any) -> None:
    """No header, cookie or credential, and it does not go into a pickle."""
    client = package.Client(auth=HeaderAuth(), headers={"x-key": SECRET}, cookies={"c": SECRET})
    client.get_httpx_client()
    assert repr(client) == str(client) == f"Client(base_url={client.base_url!r})"
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(client)


def test_authentication_headers_and_cookies_are_sent(package: Any) -> None:
    """The auth's, the client's own."""
    client = package.Client(
        auth=HeaderAuth(), headers={"x-a": "1"}, cookies={"c": "2"}, transport=httpx.MockTransport(_echo)
    )
    with client:
        sent = client.get_httpx_client().get("/a").json()
    assert (sent["x-key"], sent["x-a"], sent["cookie"]) == (SECRET, "1", "c=2")
