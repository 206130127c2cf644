from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.gateway_api_key import GatewayApiKey
    from ...models.gateway_create_api_key_body import GatewayCreateApiKeyBody
    from ...models.status import Status


def _get_kwargs(
    account_id: str,
    user_id: str,
    *,
    body: GatewayCreateApiKeyBody,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/accounts/{account_id}/users/{user_id}/apiKeys".format(
            account_id=quote(str(account_id), safe=""),
            user_id=quote(str(user_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> GatewayApiKey | Status:
    from ...models.gateway_api_key import GatewayApiKey
    from ...models.status import Status

    if response.status_code == 200:
        response_200 = GatewayApiKey.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Status.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Status.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Status.from_dict(response.json())

        return response_403

    if response.status_code == 429:
        response_429 = Status.from_dict(response.json())

        return response_429

    response_default = Status.from_dict(response.json())

    return response_default


def _build_response(*, client: Client, response: httpx.Response) -> Response[GatewayApiKey | Status]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    account_id: str,
    user_id: str,
    *,
    client: Client,
    body: GatewayCreateApiKeyBody,
) -> Response[GatewayApiKey | Status]:
    """Create API Key

    Args:
        account_id (str):
        user_id (str):
        body (GatewayCreateApiKeyBody):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayApiKey | Status]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            account_id=account_id,
            user_id=user_id,
            body=body,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    account_id: str,
    user_id: str,
    *,
    client: Client,
    body: GatewayCreateApiKeyBody,
) -> GatewayApiKey | Status | None:
    """Create API Key

    Args:
        account_id (str):
        user_id (str):
        body (GatewayCreateApiKeyBody):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayApiKey | Status
    """

    return sync_detailed(
        account_id=account_id,
        user_id=user_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    account_id: str,
    user_id: str,
    *,
    client: Client,
    body: GatewayCreateApiKeyBody,
) -> Response[GatewayApiKey | Status]:
    """Create API Key

    Args:
        account_id (str):
        user_id (str):
        body (GatewayCreateApiKeyBody):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayApiKey | Status]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            account_id=account_id,
            user_id=user_id,
            body=body,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    account_id: str,
    user_id: str,
    *,
    client: Client,
    body: GatewayCreateApiKeyBody,
) -> GatewayApiKey | Status | None:
    """Create API Key

    Args:
        account_id (str):
        user_id (str):
        body (GatewayCreateApiKeyBody):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayApiKey | Status
    """

    return (
        await asyncio_detailed(
            account_id=account_id,
            user_id=user_id,
            client=client,
            body=body,
        )
    ).parsed
