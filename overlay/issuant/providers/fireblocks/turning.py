"""How Fireblocks' API users are rotated. The key pair is the caller's: it is sealed before the request is sent, and the
same request with the same idempotency key may be sent again for a day.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from issuant.adapters import Account, Adapter, TellsCaller
from issuant.flow import Flow
from issuant.inventory import KeyInfo
from issuant.keys import KeyRequest
from issuant.providers.fireblocks.account import FireblocksAccount
from issuant.providers.fireblocks.request import LONGEST_NAME, FireblocksKeyRequest
from issuant.secret import Secret
from issuant.turning import VALUE, Draft, Turning

if TYPE_CHECKING:
    from issuant.providers.fireblocks import FireblocksAdapter

_CSR = "csr"


class FireblocksTurning(Turning):
    """How Fireblocks' API users are rotated."""

    longest_name = LONGEST_NAME

    def like(self, key: KeyInfo) -> dict[str, Any]:
        return {"name": key.name, "role": key.role or ""}

    def fits(self, key: KeyInfo, value: Secret) -> bool:
        return "PRIVATE KEY" in value.reveal()

    def draft(self, request: KeyRequest, *, way: int) -> Draft:
        from issuant.auth.fireblocks import make_key_pair

        asked = cast("FireblocksKeyRequest", request)
        pair = make_key_pair(asked.name)
        key = str(uuid.uuid4())
        return Draft(
            request=replace(asked, csr_pem=pair.csr_pem, idempotency_key=key),
            parts={VALUE: pair.private_key, _CSR: Secret(pair.csr_pem)},
            idempotency_key=key,
        )

    def again(self, request: KeyRequest, parts: Mapping[str, Secret], idempotency_key: str | None) -> KeyRequest:
        asked = cast("FireblocksKeyRequest", request)
        return replace(asked, csr_pem=parts[_CSR].reveal(), idempotency_key=idempotency_key)

    def successor(self, account: Account, *, id: str, value: Secret, owner: str | None) -> Account:  # noqa: A002
        own = cast("FireblocksAccount", account)
        return FireblocksAccount(
            api_key=id, private_key=value, token_lifetime=own.token_lifetime, backdate=own.backdate
        )

    def probe(self, adapter: Adapter, *, owner: str | None) -> Flow[object]:
        return cast("TellsCaller", adapter).whoami()

    def traces(self, adapter: Adapter, *, name: str, since: datetime) -> Flow[str]:
        return cast("FireblocksAdapter", adapter)._seen(name, since)
