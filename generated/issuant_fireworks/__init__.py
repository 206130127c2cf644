"""A typed client for Fireworks AI, generated from its OpenAPI document."""

from typing import TYPE_CHECKING

__all__ = ["SERVERS", "Client"]

if TYPE_CHECKING:
    from .client import Client
    from .servers import SERVERS

else:
    from .lazy import on_demand

    __getattr__, __dir__ = on_demand(__name__, {"Client": "client", "SERVERS": "servers"})
