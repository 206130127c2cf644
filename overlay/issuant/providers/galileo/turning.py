"""How Galileo's keys are rotated. The caller brings the value, so that it is sealed before it is sent.

Facts
- Whether a value that is no UUID-like or vendor-shaped text is refused is unverified. Where it is, Galileo makes it.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any, cast

from issuant.adapters import Account, Adapter, TellsCaller
from issuant.errors import IssuantError, RefusedError
from issuant.flow import Flow
from issuant.inventory import KeyInfo
from issuant.keys import KeyRequest
from issuant.providers.galileo.account import GalileoAccount
from issuant.providers.galileo.request import GalileoKeyRequest
from issuant.secret import Secret
from issuant.turning import VALUE, Draft, Turning, lifetime_of

_BAD_REQUEST = frozenset({400, 422})


class GalileoTurning(Turning):
    """How Galileo's keys are rotated."""

    longest_name = 200  # of a description; the vendor's own bound is unverified
    ways = 2

    def like(self, key: KeyInfo) -> dict[str, Any]:
        return {
            "name": key.name,
            "expires_in": lifetime_of(key),
            "project_id": key.fields.get("project_id"),
            "project_role": key.role,
        }

    def draft(self, request: KeyRequest, *, way: int) -> Draft:
        asked = cast("GalileoKeyRequest", request)
        if way > 0:
            return Draft(request=asked)
        value = Secret(secrets.token_urlsafe(32))
        return Draft(request=replace(asked, api_key=value), parts={VALUE: value})

    def is_refused_way(self, error: IssuantError) -> bool:
        named = {part for problem in error.problems for part in problem.location}
        return isinstance(error, RefusedError) and error.status in _BAD_REQUEST and "api_key" in named

    def scope(self, adapter: Adapter, account: Account, request: KeyRequest) -> Flow[str]:
        return (yield from cast("TellsCaller", adapter).whoami()).id

    def successor(self, account: Account, *, id: str, value: Secret, owner: str | None) -> Account:  # noqa: A002
        own = cast("GalileoAccount", account)
        return GalileoAccount(api_key=value, header=own.header, scheme=own.scheme if own.api_key is not None else None)

    def probe(self, adapter: Adapter, *, owner: str | None) -> Flow[object]:
        return cast("TellsCaller", adapter).whoami()
