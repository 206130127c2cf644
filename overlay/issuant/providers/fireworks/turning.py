"""How Fireworks' keys are rotated. The vendor makes the value: a key that was lost is found by name, and removed."""

from __future__ import annotations

import uuid
from typing import Any, cast

from issuant.adapters import Account, Adapter, ListsKeys
from issuant.flow import Flow, collect
from issuant.inventory import KeyInfo
from issuant.keys import KeyRequest
from issuant.providers.fireworks.account import FireworksAccount
from issuant.providers.fireworks.request import FireworksKeyRequest
from issuant.secret import Secret
from issuant.turning import Turning, lifetime_of


class FireworksTurning(Turning):
    """How Fireworks' keys are rotated."""

    longest_name = 63  # of a user's display name; that of a key has no bound that is known
    tells_last_use = True

    def unused_id(self) -> str:
        return f"none-{uuid.uuid4()}"

    def like(self, key: KeyInfo) -> dict[str, Any]:
        return {
            "name": key.name,
            "expires_in": lifetime_of(key),
            "user_id": key.owner,
            "annotations": dict(key.annotations),
        }

    def owner(self, account: Account, request: KeyRequest) -> str | None:
        return cast("FireworksAccount", account).user(cast("FireworksKeyRequest", request).user_id, field="user_id")

    def scope(self, adapter: Adapter, account: Account, request: KeyRequest) -> Flow[str]:
        return cast("FireworksAccount", account).account(cast("FireworksKeyRequest", request).account_id)
        yield

    def successor(self, account: Account, *, id: str, value: Secret, owner: str | None) -> Account:  # noqa: A002
        own = cast("FireworksAccount", account)
        return FireworksAccount(api_key=value, account_id=own.account_id, user_id=owner or own.user_id)

    def probe(self, adapter: Adapter, *, owner: str | None) -> Flow[object]:
        return collect(cast("ListsKeys", adapter).keys(owner=owner, everyone=False), lambda page: True)
