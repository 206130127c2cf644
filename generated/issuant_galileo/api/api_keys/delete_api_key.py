from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.api_key_delete_response import ApiKeyDeleteResponse
    from ...models.http_validation_error import HTTPValidationError


def _get_kwargs(
    api_key_id: UUID,
) -> dict[str, Any]:

    from ...sending import path as _path

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/v2/users/api_keys/{api_key_id}".format(api_key_id=_path(api_key_id, "api_key_id")),
    }
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> ApiKeyDeleteResponse | HTTPValidationError:
    from ...models.api_key_delete_response import ApiKeyDeleteResponse
    from ...models.http_validation_error import HTTPValidationError

    if response.status_code == 200:
        return ApiKeyDeleteResponse.from_dict(response.json())

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


def _build_response(
    *, client: Client, response: httpx.Response
) -> Response[ApiKeyDeleteResponse | HTTPValidationError]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    api_key_id: UUID,
    *,
    client: Client,
) -> Response[ApiKeyDeleteResponse | HTTPValidationError]:
    """Delete an API key

    Args:
        api_key_id (UUID): The id that the creation or the list gave.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ApiKeyDeleteResponse | HTTPValidationError]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            api_key_id=api_key_id,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    api_key_id: UUID,
    *,
    client: Client,
) -> ApiKeyDeleteResponse | HTTPValidationError | None:
    """Delete an API key

    Args:
        api_key_id (UUID): The id that the creation or the list gave.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ApiKeyDeleteResponse | HTTPValidationError
    """

    return sync_detailed(
        api_key_id=api_key_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    api_key_id: UUID,
    *,
    client: Client,
) -> Response[ApiKeyDeleteResponse | HTTPValidationError]:
    """Delete an API key

    Args:
        api_key_id (UUID): The id that the creation or the list gave.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ApiKeyDeleteResponse | HTTPValidationError]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            api_key_id=api_key_id,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    api_key_id: UUID,
    *,
    client: Client,
) -> ApiKeyDeleteResponse | HTTPValidationError | None:
    """Delete an API key

    Args:
        api_key_id (UUID): The id that the creation or the list gave.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ApiKeyDeleteResponse | HTTPValidationError
    """

    return (
        await asyncio_detailed(
            api_key_id=api_key_id,
            client=client,
        )
    ).parsed
