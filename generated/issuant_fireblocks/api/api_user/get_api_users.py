from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.get_api_users_response import GetAPIUsersResponse


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/management/api_users",
    }
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> ErrorResponse | ErrorSchema | GetAPIUsersResponse:
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.get_api_users_response import GetAPIUsersResponse
    from ...reading import one_of as _one_of
    from ...reading import present as _present

    if response.status_code == 200:
        return GetAPIUsersResponse.from_dict(response.json())

    if response.status_code == 401:
        parsed: ErrorResponse | ErrorSchema | GetAPIUsersResponse = _one_of(
            _present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False
        )
        return parsed

    if response.status_code == 403:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if response.status_code == 429:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
    return parsed


def _build_response(
    *, client: Client, response: httpx.Response
) -> Response[ErrorResponse | ErrorSchema | GetAPIUsersResponse]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    *,
    client: Client,
) -> Response[ErrorResponse | ErrorSchema | GetAPIUsersResponse]:
    """List API users

     Lists all API users of the workspace. There are no pages. Only an admin or a non-signing admin may
    ask. A user that waits for approval is not in the list.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ErrorSchema | GetAPIUsersResponse]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(),
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: Client,
) -> ErrorResponse | ErrorSchema | GetAPIUsersResponse | None:
    """List API users

     Lists all API users of the workspace. There are no pages. Only an admin or a non-signing admin may
    ask. A user that waits for approval is not in the list.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ErrorSchema | GetAPIUsersResponse
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
) -> Response[ErrorResponse | ErrorSchema | GetAPIUsersResponse]:
    """List API users

     Lists all API users of the workspace. There are no pages. Only an admin or a non-signing admin may
    ask. A user that waits for approval is not in the list.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ErrorSchema | GetAPIUsersResponse]
    """

    response = await client.get_async_httpx_client().request(**_get_kwargs())

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: Client,
) -> ErrorResponse | ErrorSchema | GetAPIUsersResponse | None:
    """List API users

     Lists all API users of the workspace. There are no pages. Only an admin or a non-signing admin may
    ask. A user that waits for approval is not in the list.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ErrorSchema | GetAPIUsersResponse
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
