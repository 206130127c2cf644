"""Which addresses may be talked to. Owns the check of a base URL; refuses plain HTTP to anything but this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import httpx

from issuant.errors import CredentialError


def checked_base_url(url: str, *, field: str) -> str:
    """Return `url` without a trailing slash. Raises CredentialError, naming `field`, where it cannot be a base URL.

    Plain HTTP is taken for this machine alone: anyone on the way could read the key.
    """
    parts = _split(url)
    if parts is None:
        raise CredentialError(f"{field} is not a URL.", advice="Give one such as https://api.example.com.", field=field)
    scheme, host, plain = parts
    if scheme not in ("http", "https"):
        raise CredentialError(f"{field} is neither http nor https.", advice="Give an https URL.", field=field)
    if not plain:
        raise CredentialError(
            f"{field} holds a user name, a query or a fragment.",
            advice="Give scheme, host and path alone.",
            field=field,
        )
    if scheme == "http" and not is_loopback(host):
        raise CredentialError(
            f"{field} is plain http to a host that is not this machine; the key could be read on the way.",
            advice="Use https.",
            field=field,
        )
    return url.rstrip("/")


def _split(url: object) -> tuple[str, str, bool] | None:
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        httpx.URL(url)  # stricter about hosts; the client would raise its own error later
    except (ValueError, httpx.InvalidURL):
        return None
    if not host:
        return None
    # An empty query or fragment counts: every path would stand behind it, and none be asked for.
    return parts.scheme, host, not (parts.username or parts.password or "?" in url or "#" in url)


def is_loopback(host: str) -> bool:
    """Tell whether `host` is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def may_leave(base_url: str) -> bool:
    """Tell whether the environment's proxies may be used: through one, plain HTTP would leave this machine."""
    return base_url.lower().startswith("https:")
