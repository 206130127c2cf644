from enum import StrEnum


class ErrorResponseErrorType(StrEnum):
    AUTHENTICATION = "AUTHENTICATION"
    AUTHORIZATION = "AUTHORIZATION"
    FORBIDDEN = "FORBIDDEN"
    INTERNAL = "INTERNAL"
    NOT_FOUND = "NOT_FOUND"
    UNPROCESSABLE_ENTITY = "UNPROCESSABLE_ENTITY"
    VALIDATION = "VALIDATION"

    def __str__(self) -> str:
        return str(self.value)
