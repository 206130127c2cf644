"""The models of Fireworks AI, each loaded when it is first asked for."""

from typing import TYPE_CHECKING

__all__ = [
    "GatewayApiKey",
    "GatewayApiKeyAnnotations",
    "GatewayApiKeyInput",
    "GatewayApiKeyInputAnnotations",
    "GatewayCreateApiKeyBody",
    "GatewaySecret",
    "GatewaySecretInput",
    "Status",
    "StatusDetailsItem",
]

if TYPE_CHECKING:
    from .gateway_api_key import GatewayApiKey
    from .gateway_api_key_annotations import GatewayApiKeyAnnotations
    from .gateway_api_key_input import GatewayApiKeyInput
    from .gateway_api_key_input_annotations import GatewayApiKeyInputAnnotations
    from .gateway_create_api_key_body import GatewayCreateApiKeyBody
    from .gateway_secret import GatewaySecret
    from .gateway_secret_input import GatewaySecretInput
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
            "GatewaySecret": "gateway_secret",
            "GatewaySecretInput": "gateway_secret_input",
            "Status": "status",
            "StatusDetailsItem": "status_details_item",
        },
    )
