"""The models of Fireworks AI, each loaded when it is first asked for."""

from typing import TYPE_CHECKING

__all__ = [
    "GatewayApiKey",
    "GatewayApiKeyAnnotations",
    "GatewayApiKeyInput",
    "GatewayApiKeyInputAnnotations",
    "GatewayCreateApiKeyBody",
    "GatewayDeleteApiKeyBody",
    "GatewayEmpty",
    "GatewayListApiKeysResponse",
    "GatewayListSecretsResponse",
    "GatewayListUsersResponse",
    "GatewayListedApiKey",
    "GatewayListedApiKeyAnnotations",
    "GatewaySecret",
    "GatewaySecretInput",
    "GatewayStoredSecret",
    "GatewayUpdateSecretBody",
    "GatewayUser",
    "GatewayUserBody",
    "GatewayUserRole",
    "GatewayUserState",
    "Status",
    "StatusDetailsItem",
]

if TYPE_CHECKING:
    from .gateway_api_key import GatewayApiKey
    from .gateway_api_key_annotations import GatewayApiKeyAnnotations
    from .gateway_api_key_input import GatewayApiKeyInput
    from .gateway_api_key_input_annotations import GatewayApiKeyInputAnnotations
    from .gateway_create_api_key_body import GatewayCreateApiKeyBody
    from .gateway_delete_api_key_body import GatewayDeleteApiKeyBody
    from .gateway_empty import GatewayEmpty
    from .gateway_list_api_keys_response import GatewayListApiKeysResponse
    from .gateway_list_secrets_response import GatewayListSecretsResponse
    from .gateway_list_users_response import GatewayListUsersResponse
    from .gateway_listed_api_key import GatewayListedApiKey
    from .gateway_listed_api_key_annotations import GatewayListedApiKeyAnnotations
    from .gateway_secret import GatewaySecret
    from .gateway_secret_input import GatewaySecretInput
    from .gateway_stored_secret import GatewayStoredSecret
    from .gateway_update_secret_body import GatewayUpdateSecretBody
    from .gateway_user import GatewayUser
    from .gateway_user_body import GatewayUserBody
    from .gateway_user_role import GatewayUserRole
    from .gateway_user_state import GatewayUserState
    from .status import Status
    from .status_details_item import StatusDetailsItem

else:
    from ..lazy import on_demand

    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "GatewayApiKey": "gateway_api_key",
            "GatewayApiKeyAnnotations": "gateway_api_key_annotations",
            "GatewayApiKeyInput": "gateway_api_key_input",
            "GatewayApiKeyInputAnnotations": "gateway_api_key_input_annotations",
            "GatewayCreateApiKeyBody": "gateway_create_api_key_body",
            "GatewayDeleteApiKeyBody": "gateway_delete_api_key_body",
            "GatewayEmpty": "gateway_empty",
            "GatewayListApiKeysResponse": "gateway_list_api_keys_response",
            "GatewayListSecretsResponse": "gateway_list_secrets_response",
            "GatewayListUsersResponse": "gateway_list_users_response",
            "GatewayListedApiKey": "gateway_listed_api_key",
            "GatewayListedApiKeyAnnotations": "gateway_listed_api_key_annotations",
            "GatewaySecret": "gateway_secret",
            "GatewaySecretInput": "gateway_secret_input",
            "GatewayStoredSecret": "gateway_stored_secret",
            "GatewayUpdateSecretBody": "gateway_update_secret_body",
            "GatewayUser": "gateway_user",
            "GatewayUserBody": "gateway_user_body",
            "GatewayUserRole": "gateway_user_role",
            "GatewayUserState": "gateway_user_state",
            "Status": "status",
            "StatusDetailsItem": "status_details_item",
        },
    )
