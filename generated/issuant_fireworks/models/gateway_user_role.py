from ..enums import OpenStrEnum


class GatewayUserRole(OpenStrEnum):
    ADMIN = "admin"
    USER = "user"
    CONTRIBUTOR = "contributor"
    INFERENCE_USER = "inference-user"
