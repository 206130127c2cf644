from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.gateway_stored_secret import GatewayStoredSecret
    from ...models.gateway_update_secret_body import GatewayUpdateSecretBody
    from ...models.status import Status


def _get_kwargs(
    account_id: str,
    secret_id: str,
    *,
    body: GatewayUpdateSecretBody,
) -> dict[str, Any]:
    from ...sending import path as _path
    from ...sending import to_json as _to_json

    headers: dict[str, Any] = {}
    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/v1/accounts/{account_id}/secrets/{secret_id}".format(
            account_id=_path(account_id, "account_id"), secret_id=_path(secret_id, "secret_id")
        ),
    }
    _kwargs["json"] = _to_json(body)
    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> GatewayStoredSecret | Status:
    from ...models.gateway_stored_secret import GatewayStoredSecret
    from ...models.status import Status

    if response.status_code == 200:
        return GatewayStoredSecret.from_dict(response.json())

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


def _build_response(*, client: Client, response: httpx.Response) -> Response[GatewayStoredSecret | Status]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    account_id: str,
    secret_id: str,
    *,
    client: Client,
    body: GatewayUpdateSecretBody,
) -> Response[GatewayStoredSecret | Status]:
    """Update Secret

    Args:
        account_id (str): The account.
        secret_id (str): The last part of the name of the secret.
        body (GatewayUpdateSecretBody):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayStoredSecret | Status]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            account_id=account_id,
            secret_id=secret_id,
            body=body,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    account_id: str,
    secret_id: str,
    *,
    client: Client,
    body: GatewayUpdateSecretBody,
) -> GatewayStoredSecret | Status | None:
    """Update Secret

    Args:
        account_id (str): The account.
        secret_id (str): The last part of the name of the secret.
        body (GatewayUpdateSecretBody):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayStoredSecret | Status
    """

    return sync_detailed(
        account_id=account_id,
        secret_id=secret_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    account_id: str,
    secret_id: str,
    *,
    client: Client,
    body: GatewayUpdateSecretBody,
) -> Response[GatewayStoredSecret | Status]:
    """Update Secret

    Args:
        account_id (str): The account.
        secret_id (str): The last part of the name of the secret.
        body (GatewayUpdateSecretBody):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayStoredSecret | Status]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            account_id=account_id,
            secret_id=secret_id,
            body=body,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    account_id: str,
    secret_id: str,
    *,
    client: Client,
    body: GatewayUpdateSecretBody,
) -> GatewayStoredSecret | Status | None:
    """Update Secret

    Args:
        account_id (str): The account.
        secret_id (str): The last part of the name of the secret.
        body (GatewayUpdateSecretBody):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayStoredSecret | Status
    """

    return (
        await asyncio_detailed(
            account_id=account_id,
            secret_id=secret_id,
            client=client,
            body=body,
        )
    ).parsed
