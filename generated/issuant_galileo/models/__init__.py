"""The models of Galileo, each loaded when it is first asked for."""

from typing import TYPE_CHECKING

__all__ = [
    "ApiKeyDeleteResponse",
    "AuthMethod",
    "CollaboratorRole",
    "CreateApiKeyRequest",
    "CreateApiKeyResponse",
    "CurrentUserDB",
    "GetApiKeyResponse",
    "HTTPValidationError",
    "ListApiKeyResponse",
    "UserRole",
    "ValidationError",
]

if TYPE_CHECKING:
    from .api_key_delete_response import ApiKeyDeleteResponse
    from .auth_method import AuthMethod
    from .collaborator_role import CollaboratorRole
    from .create_api_key_request import CreateApiKeyRequest
    from .create_api_key_response import CreateApiKeyResponse
    from .current_user_db import CurrentUserDB
    from .get_api_key_response import GetApiKeyResponse
    from .http_validation_error import HTTPValidationError
    from .list_api_key_response import ListApiKeyResponse
    from .user_role import UserRole
    from .validation_error import ValidationError

else:
    from ..lazy import on_demand

    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "ApiKeyDeleteResponse": "api_key_delete_response",
            "AuthMethod": "auth_method",
            "CollaboratorRole": "collaborator_role",
            "CreateApiKeyRequest": "create_api_key_request",
            "CreateApiKeyResponse": "create_api_key_response",
            "CurrentUserDB": "current_user_db",
            "GetApiKeyResponse": "get_api_key_response",
            "HTTPValidationError": "http_validation_error",
            "ListApiKeyResponse": "list_api_key_response",
            "UserRole": "user_role",
            "ValidationError": "validation_error",
        },
    )
