"""The operations that stand in a document, and that the facade does not ask for yet. Each leaves when it does."""

from __future__ import annotations

from tests.contract.documents import Operation, operations

AWAITING = {
    "fireblocks": frozenset(
        {
            "getApiUsers",
            "issueApiUserPairingToken",
            "getWhitelistIpAddresses",
            "getApprovals",
            "getApprovalById",
            "approveApproval",
            "rejectApproval",
        }
    ),
}


def is_awaited(operation: Operation) -> bool:
    """Tell whether the facade does not ask for an operation yet."""
    return operation.id in AWAITING.get(operation.provider, ())


def asked_for() -> tuple[Operation, ...]:
    """Return every operation that the facade asks for."""
    return tuple(operation for operation in operations() if not is_awaited(operation))
