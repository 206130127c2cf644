from ..enums import OpenStrEnum


class UserRole(OpenStrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    USER = "user"
    READ_ONLY = "read_only"
