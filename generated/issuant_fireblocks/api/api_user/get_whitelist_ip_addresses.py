from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.get_whitelist_ip_addresses_response import GetWhitelistIpAddressesResponse


def _get_kwargs(
    user_id: str,
) -> dict[str, Any]:

    from ...sending import path as _path

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/management/api_users/{user_id}/whitelist_ip_addresses".format(user_id=_path(user_id, "user_id")),
    }
    return _kwargs


def _parse_response(
    *, client: Client, response: httpx.Response
) -> ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse:
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.get_whitelist_ip_addresses_response import GetWhitelistIpAddressesResponse
    from ...reading import one_of as _one_of
    from ...reading import present as _present

    if response.status_code == 200:
        return GetWhitelistIpAddressesResponse.from_dict(response.json())

    if response.status_code == 401:
        parsed: ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse = _one_of(
            _present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False
        )
        return parsed

    if response.status_code == 403:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if response.status_code == 404:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if response.status_code == 429:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
    return parsed


def _build_response(
    *, client: Client, response: httpx.Response
) -> Response[ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    user_id: str,
    *,
    client: Client,
) -> Response[ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse]:
    """List the whitelisted addresses of an API user

     Lists the IP addresses that an API user may send from. Only an admin or a non-signing admin may ask.

    Args:
        user_id (str): The id of an API user, which is its API key.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            user_id=user_id,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: str,
    *,
    client: Client,
) -> ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse | None:
    """List the whitelisted addresses of an API user

     Lists the IP addresses that an API user may send from. Only an admin or a non-signing admin may ask.

    Args:
        user_id (str): The id of an API user, which is its API key.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    user_id: str,
    *,
    client: Client,
) -> Response[ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse]:
    """List the whitelisted addresses of an API user

     Lists the IP addresses that an API user may send from. Only an admin or a non-signing admin may ask.

    Args:
        user_id (str): The id of an API user, which is its API key.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            user_id=user_id,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: str,
    *,
    client: Client,
) -> ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse | None:
    """List the whitelisted addresses of an API user

     Lists the IP addresses that an API user may send from. Only an admin or a non-signing admin may ask.

    Args:
        user_id (str): The id of an API user, which is its API key.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ErrorSchema | GetWhitelistIpAddressesResponse
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
        )
    ).parsed
