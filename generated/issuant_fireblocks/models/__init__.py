"""The models of Fireblocks, each loaded when it is first asked for."""

from typing import TYPE_CHECKING

__all__ = [
    "CreateAPIUser",
    "CreateAPIUserCoSignerSetupType",
    "CreateAPIUserRole",
    "ErrorResponse",
    "ErrorResponseError",
    "ErrorResponseErrorType",
    "ErrorSchema",
]

if TYPE_CHECKING:
    from .create_api_user import CreateAPIUser
    from .create_api_user_co_signer_setup_type import CreateAPIUserCoSignerSetupType
    from .create_api_user_role import CreateAPIUserRole
    from .error_response import ErrorResponse
    from .error_response_error import ErrorResponseError
    from .error_response_error_type import ErrorResponseErrorType
    from .error_schema import ErrorSchema

else:
    from ..lazy import on_demand

    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "CreateAPIUser": "create_api_user",
            "CreateAPIUserCoSignerSetupType": "create_api_user_co_signer_setup_type",
            "CreateAPIUserRole": "create_api_user_role",
            "ErrorResponse": "error_response",
            "ErrorResponseError": "error_response_error",
            "ErrorResponseErrorType": "error_response_error_type",
            "ErrorSchema": "error_schema",
        },
    )
