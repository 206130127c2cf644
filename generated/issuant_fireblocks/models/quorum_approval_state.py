from ..enums import OpenStrEnum


class QuorumApprovalState(OpenStrEnum):
    APPROVED = "APPROVED"
    PENDING = "PENDING"
