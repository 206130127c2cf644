from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.gateway_list_secrets_response import GatewayListSecretsResponse
    from ...models.status import Status


def _get_kwargs(
    account_id: str,
    *,
    page_size: int | Unset = UNSET,
    page_token: str | Unset = UNSET,
) -> dict[str, Any]:

    from ...sending import path as _path
    from ...sending import query as _query

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/accounts/{account_id}/secrets".format(account_id=_path(account_id, "account_id")),
        "params": _query({"pageSize": page_size, "pageToken": page_token}),
    }
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> GatewayListSecretsResponse | Status:
    from ...models.gateway_list_secrets_response import GatewayListSecretsResponse
    from ...models.status import Status

    if response.status_code == 200:
        return GatewayListSecretsResponse.from_dict(response.json())

    if response.status_code == 400:
        return Status.from_dict(response.json())

    if response.status_code == 401:
        return Status.from_dict(response.json())

    if response.status_code == 403:
        return Status.from_dict(response.json())

    if response.status_code == 404:
        return Status.from_dict(response.json())

    if response.status_code == 429:
        return Status.from_dict(response.json())

    return Status.from_dict(response.json())


def _build_response(*, client: Client, response: httpx.Response) -> Response[GatewayListSecretsResponse | Status]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    account_id: str,
    *,
    client: Client,
    page_size: int | Unset = UNSET,
    page_token: str | Unset = UNSET,
) -> Response[GatewayListSecretsResponse | Status]:
    """List Secrets

    Args:
        account_id (str): The account.
        page_size (int | Unset): How many to return at most. 50 where it is 0 or absent; more than
            200 count as 200.
        page_token (str | Unset): The nextPageToken of an earlier page, for the page after it;
            every other parameter has to be as it was there. Empty or absent for the first page.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayListSecretsResponse | Status]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            account_id=account_id,
            page_size=page_size,
            page_token=page_token,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    account_id: str,
    *,
    client: Client,
    page_size: int | Unset = UNSET,
    page_token: str | Unset = UNSET,
) -> GatewayListSecretsResponse | Status | None:
    """List Secrets

    Args:
        account_id (str): The account.
        page_size (int | Unset): How many to return at most. 50 where it is 0 or absent; more than
            200 count as 200.
        page_token (str | Unset): The nextPageToken of an earlier page, for the page after it;
            every other parameter has to be as it was there. Empty or absent for the first page.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayListSecretsResponse | Status
    """

    return sync_detailed(
        account_id=account_id,
        client=client,
        page_size=page_size,
        page_token=page_token,
    ).parsed


async def asyncio_detailed(
    account_id: str,
    *,
    client: Client,
    page_size: int | Unset = UNSET,
    page_token: str | Unset = UNSET,
) -> Response[GatewayListSecretsResponse | Status]:
    """List Secrets

    Args:
        account_id (str): The account.
        page_size (int | Unset): How many to return at most. 50 where it is 0 or absent; more than
            200 count as 200.
        page_token (str | Unset): The nextPageToken of an earlier page, for the page after it;
            every other parameter has to be as it was there. Empty or absent for the first page.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayListSecretsResponse | Status]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            account_id=account_id,
            page_size=page_size,
            page_token=page_token,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    account_id: str,
    *,
    client: Client,
    page_size: int | Unset = UNSET,
    page_token: str | Unset = UNSET,
) -> GatewayListSecretsResponse | Status | None:
    """List Secrets

    Args:
        account_id (str): The account.
        page_size (int | Unset): How many to return at most. 50 where it is 0 or absent; more than
            200 count as 200.
        page_token (str | Unset): The nextPageToken of an earlier page, for the page after it;
            every other parameter has to be as it was there. Empty or absent for the first page.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayListSecretsResponse | Status
    """

    return (
        await asyncio_detailed(
            account_id=account_id,
            client=client,
            page_size=page_size,
            page_token=page_token,
        )
    ).parsed
