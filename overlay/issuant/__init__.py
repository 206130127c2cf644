"""issuant: issue, list, revoke and rotate API keys at many vendors from one typed interface.

The public names, loaded on demand; nothing else happens here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from issuant.async_connection import AsyncConnection
    from issuant.connection import Connection
    from issuant.connector import capabilities, connect, connect_async
    from issuant.diagnosis import Ability, Answer, Diagnosis
    from issuant.errors import (
        AuthenticationError,
        BusyError,
        ByHandError,
        ConflictError,
        CredentialError,
        Effect,
        FieldProblem,
        InvalidRequestError,
        IssuantError,
        JournalCorruptError,
        JournalError,
        MissingExtraError,
        NotFoundError,
        NotSentError,
        OutcomeUnknownError,
        PermissionDeniedError,
        RateLimitedError,
        RefusedError,
        SealError,
        SinkNotReadyError,
        StoreFailedError,
        UnansweredError,
        UnfinishedError,
        UnsupportedError,
        UnusableReplyError,
        UsageError,
        WireError,
    )
    from issuant.inventory import (
        Approval,
        ApprovalState,
        Identity,
        ItemProblem,
        KeyInfo,
        PairingToken,
        Removed,
        UserInfo,
        WhitelistedIps,
    )
    from issuant.keys import (
        Capabilities,
        IssuedKey,
        KeyRequest,
        KeyStatus,
        PendingApproval,
        Sink,
        StoredSecret,
        VendorFields,
    )
    from issuant.listing import AsyncListing, Listing
    from issuant.pacing import RateLimit
    from issuant.providers import provider_names
    from issuant.providers.fireblocks import FireblocksAccount, FireblocksKeyRequest
    from issuant.providers.fireworks import FireworksAccount, FireworksKeyRequest
    from issuant.providers.galileo import GalileoAccount, GalileoKeyRequest
    from issuant.repeating import Retries
    from issuant.rotation.async_rotator import AsyncRotator
    from issuant.rotation.rotator import Rotator
    from issuant.secret import Secret
    from issuant.sinks import open_sink

_HOMES = {
    "async_connection": ("AsyncConnection",),
    "connection": ("Connection",),
    "connector": (
        "capabilities",
        "connect",
        "connect_async",
    ),
    "diagnosis": (
        "Ability",
        "Answer",
        "Diagnosis",
    ),
    "errors": (
        "AuthenticationError",
        "BusyError",
        "ByHandError",
        "ConflictError",
        "CredentialError",
        "Effect",
        "FieldProblem",
        "InvalidRequestError",
        "IssuantError",
        "JournalCorruptError",
        "JournalError",
        "MissingExtraError",
        "NotFoundError",
        "NotSentError",
        "OutcomeUnknownError",
        "PermissionDeniedError",
        "RateLimitedError",
        "RefusedError",
        "SealError",
        "SinkNotReadyError",
        "StoreFailedError",
        "UnansweredError",
        "UnfinishedError",
        "UnsupportedError",
        "UnusableReplyError",
        "UsageError",
        "WireError",
    ),
    "inventory": (
        "Approval",
        "ApprovalState",
        "Identity",
        "ItemProblem",
        "KeyInfo",
        "PairingToken",
        "Removed",
        "UserInfo",
        "WhitelistedIps",
    ),
    "keys": (
        "Capabilities",
        "IssuedKey",
        "KeyRequest",
        "KeyStatus",
        "PendingApproval",
        "Sink",
        "StoredSecret",
        "VendorFields",
    ),
    "listing": (
        "AsyncListing",
        "Listing",
    ),
    "pacing": ("RateLimit",),
    "providers": ("provider_names",),
    "providers.fireblocks": (
        "FireblocksAccount",
        "FireblocksKeyRequest",
    ),
    "providers.fireworks": (
        "FireworksAccount",
        "FireworksKeyRequest",
    ),
    "providers.galileo": (
        "GalileoAccount",
        "GalileoKeyRequest",
    ),
    "repeating": ("Retries",),
    "rotation.async_rotator": ("AsyncRotator",),
    "rotation.rotator": ("Rotator",),
    "secret": ("Secret",),
    "sinks": ("open_sink",),
}

__all__ = [
    "Ability",
    "Answer",
    "Approval",
    "ApprovalState",
    "AsyncConnection",
    "AsyncListing",
    "AsyncRotator",
    "AuthenticationError",
    "BusyError",
    "ByHandError",
    "Capabilities",
    "ConflictError",
    "Connection",
    "CredentialError",
    "Diagnosis",
    "Effect",
    "FieldProblem",
    "FireblocksAccount",
    "FireblocksKeyRequest",
    "FireworksAccount",
    "FireworksKeyRequest",
    "GalileoAccount",
    "GalileoKeyRequest",
    "Identity",
    "InvalidRequestError",
    "IssuantError",
    "IssuedKey",
    "ItemProblem",
    "JournalCorruptError",
    "JournalError",
    "KeyInfo",
    "KeyRequest",
    "KeyStatus",
    "Listing",
    "MissingExtraError",
    "NotFoundError",
    "NotSentError",
    "OutcomeUnknownError",
    "PairingToken",
    "PendingApproval",
    "PermissionDeniedError",
    "RateLimit",
    "RateLimitedError",
    "RefusedError",
    "Removed",
    "Retries",
    "Rotator",
    "SealError",
    "Secret",
    "Sink",
    "SinkNotReadyError",
    "StoreFailedError",
    "StoredSecret",
    "UnansweredError",
    "UnfinishedError",
    "UnsupportedError",
    "UnusableReplyError",
    "UsageError",
    "UserInfo",
    "VendorFields",
    "WhitelistedIps",
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
