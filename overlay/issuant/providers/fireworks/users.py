"""Fireworks' users and service accounts in its own words. Owns the calls, and reading what comes back.

What reads holds replies as plain text, so none of it raises: a traceback would keep its locals.
"""

from __future__ import annotations

from issuant_fireworks import models
from issuant_fireworks.api.gateway import create_user, get_user, list_users
from issuant_fireworks.types import UNSET, Unset

from issuant.flow import Call
from issuant.inventory import Identity, Page, UserInfo
from issuant.keys import VendorFields
from issuant.providers.fireworks.account import NAME
from issuant.providers.fireworks.wire import page_of, read_list, read_name
from issuant.replies import Reading, Reply, model

LOOK_FIRST = "Look with user() before you repeat the call: nothing deletes a user."


def list_call(account: str, token: str | None) -> Call:
    """Return the call that lists a page of the account's users."""
    return Call(operation="users", arguments=list_users._get_kwargs(account, **page_of(token)), reads=True)


def get_call(account: str, id: str, *, operation: str) -> Call:  # noqa: A002 - the field's own name
    """Return the call that asks for one user."""
    return Call(operation=operation, arguments=get_user._get_kwargs(account, id), reads=True)


def create_call(
    account: str,
    id: str,  # noqa: A002 - the field's own name
    *,
    role: str,
    service_account: bool,
    name: str,
    email: str | None,
) -> Call:
    """Return the call that creates a user."""
    body = models.GatewayUserBody(
        role=models.GatewayUserRole(role),
        display_name=name or UNSET,
        service_account=True if service_account else UNSET,  # admins alone may say so
        email=UNSET if email is None else email,
    )
    arguments = create_user._get_kwargs(account, body=body, user_id=id)
    return Call(operation="create_user", arguments=arguments, id_field="name", held={"advice": LOOK_FIRST})


def read_listed(reply: Reply) -> tuple[Page[UserInfo], str | None] | list[str]:
    """Return a page of users and the token of the next one, or what makes the reply unusable."""
    return read_list(
        reply, "users", lambda fields: _read_item(reply, fields), id_field="name", name_field="displayName"
    )


def read_found(reply: Reply) -> UserInfo | tuple[str, ...]:
    """Return the user in a reply, or what makes the reply unusable."""
    found = reply.fields()
    return () if found is None else _read_item(reply, found)


def identity(user: UserInfo, account: str) -> Identity:
    """Return a user as the one that a connection is set up for."""
    return Identity(
        provider=NAME,
        id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        account=account,
        is_certain=False,
        request_id=user.request_id,
        fields=user.fields,
    )


def _read_item(reply: Reply, found: VendorFields) -> UserInfo | tuple[str, ...]:
    user = model(models.GatewayUser.from_dict, found)
    if user is None:
        return ("it is not as documented",)
    read = Reading(Unset, None)
    _, user_id = read_name(read, user.name)
    name = read.text(user.display_name, "displayName")
    email = read.text(user.email, "email")
    role = read.text(getattr(user.role, "value", user.role), "role")
    state = read.text(getattr(user.state, "value", user.state), "state")
    created_at = read.moment(user.create_time, "createTime")
    is_service_account = False if isinstance(user.service_account, Unset) else user.service_account
    if not isinstance(is_service_account, bool):
        read.faults.append("serviceAccount is neither true nor false")
    if read.faults:
        return tuple(read.faults)
    return UserInfo(
        provider=NAME,
        id=user_id,
        name=name or "",
        email=email,
        role=role,
        is_service_account=is_service_account,
        state=state,
        created_at=created_at,
        request_id=reply.request_id,
        fields=found,
    )
