"""Which addresses may be talked to."""

from __future__ import annotations

from typing import Any

import pytest
from issuant.addresses import checked_base_url, is_loopback
from issuant.errors import CredentialError


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        pytest.param("https://api.example.com", "https://api.example.com", id="https"),
        pytest.param("https://api.example.com/v1/", "https://api.example.com/v1", id="trailing-slash"),
        pytest.param("https://api.example.com:8443/v1", "https://api.example.com:8443/v1", id="port-and-path"),
        pytest.param("http://127.0.0.1:8080", "http://127.0.0.1:8080", id="loopback"),
        pytest.param("http://127.9.9.9", "http://127.9.9.9", id="another-loopback"),
        pytest.param("http://[::1]:8080", "http://[::1]:8080", id="loopback-6"),
        pytest.param("http://localhost:8080", "http://localhost:8080", id="localhost"),
    ],
)
def test_a_base_url_is_https_or_this_machine(given: str, taken: str) -> None:
    """It comes back without a slash at its end."""
    assert checked_base_url(given, field="base_url") == taken


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param("", "not a URL", id="empty"),
        pytest.param("api.example.com", "not a URL", id="no-scheme"),
        pytest.param("https://", "not a URL", id="no-host"),
        pytest.param("https://[::1", "not a URL", id="broken-brackets"),
        pytest.param("https://api.example.com:port", "not a URL", id="port-no-number"),
        pytest.param("https://api.example.com:99999", "not a URL", id="port-out-of-range"),
        pytest.param(" https://api.example.com", "not a URL", id="blank-before"),
        pytest.param("https://api.example.com\n", "not a URL", id="line-break"),
        pytest.param(None, "not a URL", id="None"),
        pytest.param("ftp://api.example.com", "neither http nor https", id="ftp"),
        pytest.param("file://localhost/etc", "neither http nor https", id="file"),
        pytest.param("https://me:pw@api.example.com", "user name", id="user"),
        pytest.param("https://api.example.com?x=1", "query", id="query"),
        pytest.param("https://api.example.com#x", "fragment", id="fragment"),
        pytest.param("https://api.example.com?", "query", id="empty-query"),
        pytest.param("https://api.example.com/v1#", "fragment", id="empty-fragment"),
        pytest.param("http://api.example.com", "plain http", id="plain-http"),
        pytest.param("http://127.0.0.1.example.com", "plain http", id="looks-like-loopback"),
        pytest.param("http://localhost.example.com", "plain http", id="looks-like-localhost"),
        pytest.param("http://0.0.0.0", "plain http", id="any-address"),
        pytest.param("http://10.0.0.1", "plain http", id="private-address"),
    ],
)
def test_another_base_url_is_refused_by_the_name_of_its_field(given: Any, words: str) -> None:
    """The error names the field and does not repeat the text, which may hold a password."""
    with pytest.raises(CredentialError, match=words) as caught:
        checked_base_url(given, field="GALILEO_API_URL")
    assert caught.value.field == "GALILEO_API_URL"
    assert "me:pw" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("example.com", False), ("", False)],
)
def test_this_machine_is_told_by_its_address(host: str, loopback: bool) -> None:
    """No name is looked up: who answers for a name may change."""
    assert is_loopback(host) is loopback
