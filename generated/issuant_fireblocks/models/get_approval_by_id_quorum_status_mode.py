from ..enums import OpenStrEnum


class GetApprovalByIdQuorumStatusMode(OpenStrEnum):
    NONE = "NONE"
    SUMMARY = "SUMMARY"
    FULL = "FULL"
