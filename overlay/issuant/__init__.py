"""issuant: issue API keys at many vendors from one typed interface.

The public names, loaded on demand; nothing else happens here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from issuant.connection import AsyncConnection, Connection
    from issuant.connector import capabilities, connect, connect_async
    from issuant.errors import (
        AuthenticationError,
        ConflictError,
        CredentialError,
        Effect,
        FieldProblem,
        InvalidRequestError,
        IssuantError,
        MissingExtraError,
        NotFoundError,
        NotSentError,
        OutcomeUnknownError,
        PermissionDeniedError,
        RateLimitedError,
        RefusedError,
        SinkNotReadyError,
        StoreFailedError,
        UnsupportedError,
        UnusableReplyError,
        UsageError,
        WireError,
    )
    from issuant.keys import Capabilities, IssuedKey, KeyRequest, PendingApproval, Sink, StoredSecret, VendorFields
    from issuant.providers import provider_names
    from issuant.providers.fireblocks import FireblocksAccount, FireblocksKeyRequest
    from issuant.providers.fireworks import FireworksAccount, FireworksKeyRequest
    from issuant.providers.galileo import GalileoAccount, GalileoKeyRequest
    from issuant.secret import Secret
    from issuant.sinks import open_sink

_HOMES = {
    "connector": ("capabilities", "connect", "connect_async"),
    "connection": ("AsyncConnection", "Connection"),
    "errors": (
        "AuthenticationError",
        "ConflictError",
        "CredentialError",
        "Effect",
        "FieldProblem",
        "InvalidRequestError",
        "IssuantError",
        "MissingExtraError",
        "NotFoundError",
        "NotSentError",
        "OutcomeUnknownError",
        "PermissionDeniedError",
        "RateLimitedError",
        "RefusedError",
        "SinkNotReadyError",
        "StoreFailedError",
        "UnsupportedError",
        "UnusableReplyError",
        "UsageError",
        "WireError",
    ),
    "keys": (
        "Capabilities",
        "IssuedKey",
        "KeyRequest",
        "PendingApproval",
        "Sink",
        "StoredSecret",
        "VendorFields",
    ),
    "providers": ("provider_names",),
    "providers.fireblocks": ("FireblocksAccount", "FireblocksKeyRequest"),
    "providers.fireworks": ("FireworksAccount", "FireworksKeyRequest"),
    "providers.galileo": ("GalileoAccount", "GalileoKeyRequest"),
    "secret": ("Secret",),
    "sinks": ("open_sink",),
}

__all__ = [
    "AsyncConnection",
    "AuthenticationError",
    "Capabilities",
    "ConflictError",
    "Connection",
    "CredentialError",
    "Effect",
    "FieldProblem",
    "FireblocksAccount",
    "FireblocksKeyRequest",
    "FireworksAccount",
    "FireworksKeyRequest",
    "GalileoAccount",
    "GalileoKeyRequest",
    "InvalidRequestError",
    "IssuantError",
    "IssuedKey",
    "KeyRequest",
    "MissingExtraError",
    "NotFoundError",
    "NotSentError",
    "OutcomeUnknownError",
    "PendingApproval",
    "PermissionDeniedError",
    "RateLimitedError",
    "RefusedError",
    "Secret",
    "Sink",
    "SinkNotReadyError",
    "StoreFailedError",
    "StoredSecret",
    "UnsupportedError",
    "UnusableReplyError",
    "UsageError",
    "VendorFields",
    "WireError",
    "capabilities",
    "connect",
    "connect_async",
    "open_sink",
    "provider_names",
]

if not TYPE_CHECKING:

    def __getattr__(name):
        from importlib import import_module

        home = next((home for home, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value

    def __dir__():
        return sorted(__all__)
