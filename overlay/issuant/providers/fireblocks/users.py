"""Fireblocks' API users in its own words. Owns the calls, and reading what comes back.

What reads holds replies as plain text, so none of it raises: a traceback would keep its locals.

Facts
- The list has all API users at once, and no field of one is promised; one without an id cannot be used. One without a
  name is listed; it may have any, so that no search by name is certain.
- What `enabled` says beside `status` is unverified: a user that is pending is not enabled in the list, and a user that
  is enabled may have no status, which then does not tell that it can call.
"""

from __future__ import annotations

from datetime import datetime

from issuant_fireblocks import models
from issuant_fireblocks.api.api_user import (
    create_api_user,
    get_api_users,
    get_whitelist_ip_addresses,
    issue_api_user_pairing_token,
)
from issuant_fireblocks.models import CreateAPIUserCoSignerSetupType, CreateAPIUserRole
from issuant_fireblocks.types import UNSET, Unset

from issuant.advice import LOOK_FIRST
from issuant.flow import Call
from issuant.inventory import KeyInfo, Page, PairingToken, WhitelistedIps
from issuant.keys import KeyStatus, VendorFields
from issuant.pages import read_page
from issuant.providers.fireblocks.account import NAME
from issuant.providers.fireblocks.refusals import WAITING
from issuant.providers.fireblocks.request import FireblocksKeyRequest
from issuant.replies import Reading, Reply, model
from issuant.secret import Secret

_PENDING = {
    "PENDING_APPROVAL": KeyStatus.PENDING_APPROVAL,
    "PENDING_ACTIVATION": KeyStatus.PENDING_ACTIVATION,
    "PENDING_DEVICE_PAIRING": KeyStatus.PENDING_ACTIVATION,
    "PENDING_DEVICE_SETUP": KeyStatus.PENDING_ACTIVATION,
}


def create_call(
    asked: FireblocksKeyRequest, csr_pem: str, idempotency_key: str, made: Secret | None, stored_in: str | None
) -> Call:
    """Return the call that asks for a user; `made` is the private key made for it, and `stored_in` its sink."""
    setup, first = asked.co_signer_setup_type, asked.co_signer_setup_is_first_user
    body = models.CreateAPIUser(
        role=CreateAPIUserRole(asked.role),
        name=asked.name,
        csr_pem=csr_pem,
        co_signer_setup_type=UNSET if setup is None else CreateAPIUserCoSignerSetupType(setup),
        co_signer_setup_is_first_user=UNSET if first is None else first,
    )
    return Call(
        operation="issue",
        arguments=create_api_user._get_kwargs(body=body, idempotency_key=idempotency_key),
        secrets=() if made is None else (made,),
        keyed=True,
        held={
            "private_key": made if stored_in is None else None,
            "csr_pem": csr_pem,
            "idempotency_key": idempotency_key,
            "stored_in": stored_in,
            "advice": f"{LOOK_FIRST} {WAITING}",
        },
    )


def list_call(operation: str) -> Call:
    """Return the call that lists all users, for an operation of ours."""
    return Call(operation=operation, arguments=get_api_users._get_kwargs(), reads=True)


def pairing_call(user: str, idempotency_key: str) -> Call:
    """Return the call that issues a pairing token."""
    arguments = issue_api_user_pairing_token._get_kwargs(user, idempotency_key=idempotency_key)
    return Call(
        operation="pairing_token",
        arguments=arguments,
        keyed=True,
        id_field="id",
        value_field="pairingToken",
        held={"idempotency_key": idempotency_key},
    )


def addresses_call(user: str) -> Call:
    """Return the call that lists the addresses of a user."""
    return Call(operation="whitelisted_ips", arguments=get_whitelist_ip_addresses._get_kwargs(user), reads=True)


def read_listed(reply: Reply) -> Page[KeyInfo] | None:
    """Return the users in a reply, None where it has no list of them."""
    listed = (reply.fields() or VendorFields({})).get("users")
    return read_page(reply, listed, lambda fields: _read_item(reply, fields), id_field="id", name_field="name")


def may_hide(name: str, users: Page[KeyInfo]) -> bool:
    """Tell whether a user of that name may be among those that cannot be read or have no name."""
    return any(one.name in (name, None) for one in users.problems) or any(not key.name for key in users.items)


def _read_item(reply: Reply, found: VendorFields) -> KeyInfo | tuple[str, ...]:
    user = model(models.APIUser.from_dict, found)
    if user is None:
        return ("it is not as documented",)
    read = Reading(Unset, None)
    user_id = read.identifier(user.id, "id")
    name = read.text(user.name, "name")
    role = read.text(getattr(user.role, "value", user.role), "role")
    if not isinstance(user.enabled, bool | Unset):
        read.faults.append("enabled is neither true nor false")
    if user_id is None or read.faults:
        return tuple(read.faults)
    return KeyInfo(
        provider=NAME,
        id=user_id,
        name=name or "",
        status=_status(getattr(user.status, "value", None), user.enabled),
        role=role,
        request_id=reply.request_id,
        fields=found,
    )


def _status(word: str | None, enabled: bool | Unset) -> KeyStatus:
    if word in _PENDING:
        return _PENDING[word]
    if enabled is False:
        return KeyStatus.DISABLED
    return KeyStatus.ACTIVE if word == "READY" else KeyStatus.UNKNOWN


def read_pairing(reply: Reply, idempotency_key: str, expires_at: datetime) -> PairingToken | tuple[str, ...]:
    """Return the token in a reply, or what makes the reply unusable."""
    found = reply.fields()
    user = model(models.IssueApiUserPairingTokenResponse.from_dict, found)
    if user is None or found is None:
        return ()
    value = reply.issued(user.pairing_token)
    read = Reading(Unset, value)
    read.names(found)
    user_id = read.identifier(user.id, "id")
    if value is None:
        read.faults.append("pairingToken is not a usable value")
    if value is None or user_id is None or read.faults:
        return tuple(read.faults)
    return PairingToken(
        provider=NAME,
        user_id=user_id,
        secret=value,
        expires_at=expires_at,
        request_id=reply.request_id,
        idempotency_key=idempotency_key,
        fields=found.without("pairingToken"),
    )


def read_addresses(reply: Reply) -> WhitelistedIps | tuple[str, ...]:
    """Return the addresses in a reply, or what makes the reply unusable."""
    found = model(models.GetWhitelistIpAddressesResponse.from_dict, reply.fields())
    if found is None:
        return ()
    read = Reading(Unset, None)
    user_id = read.identifier(found.user_id, "userId")
    listed = [] if isinstance(found.whitelisted_ips, Unset) or found.whitelisted_ips is None else found.whitelisted_ips
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        read.faults.append("whitelistedIps is not a list of texts")
        listed = []
    addresses = tuple(read.identifier(item, "an item of whitelistedIps") for item in listed)
    if user_id is None or read.faults:
        return tuple(read.faults)
    return WhitelistedIps(
        provider=NAME,
        user_id=user_id,
        addresses=tuple(address for address in addresses if address is not None),
        request_id=reply.request_id,
    )
