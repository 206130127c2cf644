from ..enums import OpenStrEnum


class UserType(OpenStrEnum):
    API = "API"
    CONSOLE = "CONSOLE"
