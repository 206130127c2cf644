"""The public names of the package, and what importing them costs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import issuant
import pytest

NAMES = [
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


def loaded_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after `code`."""
    script = f"import sys; {code}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    return set(done.stdout.split())


def type_checked_imports() -> dict[str, str]:
    """Return the names that a type checker sees, each with the module it comes from."""
    tree = ast.parse(Path(issuant.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    found = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name: node.module or "" for node in found for alias in node.names}


def test_the_public_names_are_these() -> None:
    """A name that comes or goes is a change that users see, and is made here too."""
    assert issuant.__all__ == NAMES
    assert dir(issuant) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_loads_from_where_type_checkers_look(name: str) -> None:
    """The lazy table and the imports for type checkers name the same object."""
    assert getattr(issuant, name) is getattr(import_module(type_checked_imports()[name]), name)


def test_the_lazy_table_has_every_public_name_and_no_other() -> None:
    """What type checkers see, what is listed and what is loaded are one set."""
    assert sorted(name for names in issuant._HOMES.values() for name in names) == NAMES
    assert sorted(type_checked_imports()) == NAMES


def test_every_error_is_public() -> None:
    """A caller can catch each of them by name from the package."""
    errors = import_module("issuant.errors")
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert kinds <= set(NAMES)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """The message names it."""
    with pytest.raises(AttributeError, match="no_such_name"):
        issuant.no_such_name  # type: ignore[attr-defined]  # noqa: B018 - reading it is the test


def test_importing_the_package_loads_no_dependency() -> None:
    """The package itself is no more than a table of names."""
    loaded = loaded_by("import issuant")
    assert "issuant" in loaded
    assert not loaded & {"httpx", "attr", "attrs", "click", "cryptography", "jwt", "issuant.errors", "asyncio"}


def test_connecting_names_load_neither_cryptography_nor_a_generated_client() -> None:
    """Signing is loaded by who signs."""
    loaded = loaded_by("from issuant import connect, KeyRequest")
    assert "issuant.connector" in loaded
    assert not loaded & {"cryptography", "jwt", "click", "issuant_fireblocks", "issuant_fireworks", "issuant_galileo"}


@pytest.mark.parametrize(
    ("account", "own", "others"),
    [
        pytest.param(
            "GalileoAccount(api_key='x')", "issuant_galileo", {"issuant_fireworks", "issuant_fireblocks"}, id="galileo"
        ),
        pytest.param(
            "FireworksAccount(api_key='x')",
            "issuant_fireworks",
            {"issuant_galileo", "issuant_fireblocks"},
            id="fireworks",
        ),
    ],
)
def test_connecting_to_one_provider_loads_no_other(account: str, own: str, others: set[str]) -> None:
    """Each provider costs its own client alone, and cryptography only where it signs."""
    loaded = loaded_by(f"import issuant; issuant.connect(issuant.{account})")
    assert own in loaded
    assert not loaded & (others | {"cryptography", "jwt"})
