from enum import StrEnum


class CreateAPIUserCoSignerSetupType(StrEnum):
    FIREBLOCKS_CCMT = "FIREBLOCKS_CCMT"
    GCP_CONFIDENTIAL_SPACE = "GCP_CONFIDENTIAL_SPACE"
    NITRO_MACHINE = "NITRO_MACHINE"
    SGX_MACHINE = "SGX_MACHINE"

    def __str__(self) -> str:
        return str(self.value)
