from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.gateway_user import GatewayUser
    from ...models.gateway_user_body import GatewayUserBody
    from ...models.status import Status


def _get_kwargs(
    account_id: str,
    *,
    body: GatewayUserBody,
    user_id: str | Unset = UNSET,
) -> dict[str, Any]:
    from ...sending import path as _path
    from ...sending import query as _query
    from ...sending import to_json as _to_json

    headers: dict[str, Any] = {}
    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/accounts/{account_id}/users".format(account_id=_path(account_id, "account_id")),
        "params": _query({"userId": user_id}),
    }
    _kwargs["json"] = _to_json(body)
    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> GatewayUser | Status:
    from ...models.gateway_user import GatewayUser
    from ...models.status import Status

    if response.status_code == 200:
        return GatewayUser.from_dict(response.json())

    if response.status_code == 400:
        return Status.from_dict(response.json())

    if response.status_code == 401:
        return Status.from_dict(response.json())

    if response.status_code == 403:
        return Status.from_dict(response.json())

    if response.status_code == 404:
        return Status.from_dict(response.json())

    if response.status_code == 409:
        return Status.from_dict(response.json())

    if response.status_code == 429:
        return Status.from_dict(response.json())

    return Status.from_dict(response.json())


def _build_response(*, client: Client, response: httpx.Response) -> Response[GatewayUser | Status]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    account_id: str,
    *,
    client: Client,
    body: GatewayUserBody,
    user_id: str | Unset = UNSET,
) -> Response[GatewayUser | Status]:
    """Create User

    Args:
        account_id (str): The account.
        user_id (str | Unset): The id of the user. Made of the e-mail address where it is absent.
        body (GatewayUserBody): What a user shall be. An update leaves alone what is not given.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayUser | Status]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            account_id=account_id,
            body=body,
            user_id=user_id,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    account_id: str,
    *,
    client: Client,
    body: GatewayUserBody,
    user_id: str | Unset = UNSET,
) -> GatewayUser | Status | None:
    """Create User

    Args:
        account_id (str): The account.
        user_id (str | Unset): The id of the user. Made of the e-mail address where it is absent.
        body (GatewayUserBody): What a user shall be. An update leaves alone what is not given.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayUser | Status
    """

    return sync_detailed(
        account_id=account_id,
        client=client,
        body=body,
        user_id=user_id,
    ).parsed


async def asyncio_detailed(
    account_id: str,
    *,
    client: Client,
    body: GatewayUserBody,
    user_id: str | Unset = UNSET,
) -> Response[GatewayUser | Status]:
    """Create User

    Args:
        account_id (str): The account.
        user_id (str | Unset): The id of the user. Made of the e-mail address where it is absent.
        body (GatewayUserBody): What a user shall be. An update leaves alone what is not given.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayUser | Status]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            account_id=account_id,
            body=body,
            user_id=user_id,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    account_id: str,
    *,
    client: Client,
    body: GatewayUserBody,
    user_id: str | Unset = UNSET,
) -> GatewayUser | Status | None:
    """Create User

    Args:
        account_id (str): The account.
        user_id (str | Unset): The id of the user. Made of the e-mail address where it is absent.
        body (GatewayUserBody): What a user shall be. An update leaves alone what is not given.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayUser | Status
    """

    return (
        await asyncio_detailed(
            account_id=account_id,
            client=client,
            body=body,
            user_id=user_id,
        )
    ).parsed
