from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ...types import Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.http_validation_error import HTTPValidationError
    from ...models.list_api_key_response import ListApiKeyResponse


def _get_kwargs(
    user_id: UUID,
    *,
    starting_token: int | Unset = 0,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    from ...sending import path as _path
    from ...sending import query as _query

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2/users/{user_id}/api_keys".format(user_id=_path(user_id, "user_id")),
        "params": _query({"starting_token": starting_token, "limit": limit}),
    }
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> HTTPValidationError | ListApiKeyResponse:
    from ...models.http_validation_error import HTTPValidationError
    from ...models.list_api_key_response import ListApiKeyResponse

    if response.status_code == 200:
        return ListApiKeyResponse.from_dict(response.json())

    if response.status_code == 401:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 403:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 404:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 422:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 429:
        return HTTPValidationError.from_dict(response.json())

    return HTTPValidationError.from_dict(response.json())


def _build_response(*, client: Client, response: httpx.Response) -> Response[HTTPValidationError | ListApiKeyResponse]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    user_id: UUID,
    *,
    client: Client,
    starting_token: int | Unset = 0,
    limit: int | Unset = 100,
) -> Response[HTTPValidationError | ListApiKeyResponse]:
    """List the API keys of a user

    Args:
        user_id (UUID): Whose keys; the caller's own id is in the current user.
        starting_token (int | Unset): Where the page starts; `next_starting_token` of the page
            before. Default: 0.
        limit (int | Unset): How many keys the page holds at most. Default: 100.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | ListApiKeyResponse]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            user_id=user_id,
            starting_token=starting_token,
            limit=limit,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: UUID,
    *,
    client: Client,
    starting_token: int | Unset = 0,
    limit: int | Unset = 100,
) -> HTTPValidationError | ListApiKeyResponse | None:
    """List the API keys of a user

    Args:
        user_id (UUID): Whose keys; the caller's own id is in the current user.
        starting_token (int | Unset): Where the page starts; `next_starting_token` of the page
            before. Default: 0.
        limit (int | Unset): How many keys the page holds at most. Default: 100.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | ListApiKeyResponse
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
        starting_token=starting_token,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    user_id: UUID,
    *,
    client: Client,
    starting_token: int | Unset = 0,
    limit: int | Unset = 100,
) -> Response[HTTPValidationError | ListApiKeyResponse]:
    """List the API keys of a user

    Args:
        user_id (UUID): Whose keys; the caller's own id is in the current user.
        starting_token (int | Unset): Where the page starts; `next_starting_token` of the page
            before. Default: 0.
        limit (int | Unset): How many keys the page holds at most. Default: 100.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | ListApiKeyResponse]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            user_id=user_id,
            starting_token=starting_token,
            limit=limit,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: UUID,
    *,
    client: Client,
    starting_token: int | Unset = 0,
    limit: int | Unset = 100,
) -> HTTPValidationError | ListApiKeyResponse | None:
    """List the API keys of a user

    Args:
        user_id (UUID): Whose keys; the caller's own id is in the current user.
        starting_token (int | Unset): Where the page starts; `next_starting_token` of the page
            before. Default: 0.
        limit (int | Unset): How many keys the page holds at most. Default: 100.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | ListApiKeyResponse
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
            starting_token=starting_token,
            limit=limit,
        )
    ).parsed
