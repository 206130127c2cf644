from ..enums import OpenStrEnum


class GetApprovalsQuorumStatusMode(OpenStrEnum):
    NONE = "NONE"
    SUMMARY = "SUMMARY"
