"""The models of Galileo, each loaded when it is first asked for."""

from typing import TYPE_CHECKING

__all__ = ["CollaboratorRole", "CreateApiKeyRequest", "CreateApiKeyResponse", "HTTPValidationError", "ValidationError"]

if TYPE_CHECKING:
    from .collaborator_role import CollaboratorRole
    from .create_api_key_request import CreateApiKeyRequest
    from .create_api_key_response import CreateApiKeyResponse
    from .http_validation_error import HTTPValidationError
    from .validation_error import ValidationError

else:
    from ..lazy import on_demand

    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "CollaboratorRole": "collaborator_role",
            "CreateApiKeyRequest": "create_api_key_request",
            "CreateApiKeyResponse": "create_api_key_response",
            "HTTPValidationError": "http_validation_error",
            "ValidationError": "validation_error",
        },
    )
