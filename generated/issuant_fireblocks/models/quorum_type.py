from ..enums import OpenStrEnum


class QuorumType(OpenStrEnum):
    SIMPLE = "SIMPLE"
    RULESET = "RULESET"
