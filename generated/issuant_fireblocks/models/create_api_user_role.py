from enum import StrEnum


class CreateAPIUserRole(StrEnum):
    ADMIN = "ADMIN"
    APPROVER = "APPROVER"
    AUDITOR = "AUDITOR"
    COLLATERALS_SIGNER = "COLLATERALS_SIGNER"
    EDITOR = "EDITOR"
    NCW_ADMIN = "NCW_ADMIN"
    NCW_SIGNER = "NCW_SIGNER"
    NON_SIGNING_ADMIN = "NON_SIGNING_ADMIN"
    OWNER = "OWNER"
    SECURITY_ADMIN = "SECURITY_ADMIN"
    SECURITY_AUDITOR = "SECURITY_AUDITOR"
    SIGNER = "SIGNER"
    VIEWER = "VIEWER"

    def __str__(self) -> str:
        return str(self.value)
