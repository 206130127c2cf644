"""How a request proves who sends it: one public `httpx.Auth` for each scheme, for the facade and for the generated
clients alike. Loaded on demand, as signing needs packages that the others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from issuant.auth.fireblocks import FireblocksAuth
    from issuant.auth.header import BasicAuth, BearerAuth, HeaderAuth
    from issuant.auth.login import ApiKeyLoginAuth, PasswordAuth

__all__ = ["ApiKeyLoginAuth", "BasicAuth", "BearerAuth", "FireblocksAuth", "HeaderAuth", "PasswordAuth"]

_HOMES = {
    "ApiKeyLoginAuth": "login",
    "BasicAuth": "header",
    "BearerAuth": "header",
    "FireblocksAuth": "fireblocks",
    "HeaderAuth": "header",
    "PasswordAuth": "login",
}

if not TYPE_CHECKING:

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
