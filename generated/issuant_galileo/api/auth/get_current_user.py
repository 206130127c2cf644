from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.current_user_db import CurrentUserDB
    from ...models.http_validation_error import HTTPValidationError


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/current_user",
    }
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> CurrentUserDB | HTTPValidationError:
    from ...models.current_user_db import CurrentUserDB
    from ...models.http_validation_error import HTTPValidationError

    if response.status_code == 200:
        return CurrentUserDB.from_dict(response.json())

    if response.status_code == 401:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 403:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 429:
        return HTTPValidationError.from_dict(response.json())

    return HTTPValidationError.from_dict(response.json())


def _build_response(*, client: Client, response: httpx.Response) -> Response[CurrentUserDB | HTTPValidationError]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    *,
    client: Client,
) -> Response[CurrentUserDB | HTTPValidationError]:
    """Tell whose credential it is

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CurrentUserDB | HTTPValidationError]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(),
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: Client,
) -> CurrentUserDB | HTTPValidationError | None:
    """Tell whose credential it is

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CurrentUserDB | HTTPValidationError
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[CurrentUserDB | HTTPValidationError]:
    """Tell whose credential it is

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CurrentUserDB | HTTPValidationError]
    """

    response = await client.get_async_httpx_client().request(**_get_kwargs())

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: Client,
) -> CurrentUserDB | HTTPValidationError | None:
    """Tell whose credential it is

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CurrentUserDB | HTTPValidationError
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
