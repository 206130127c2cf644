from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.create_api_key_request import CreateApiKeyRequest
    from ...models.create_api_key_response import CreateApiKeyResponse
    from ...models.http_validation_error import HTTPValidationError


def _get_kwargs(
    *,
    body: CreateApiKeyRequest,
) -> dict[str, Any]:
    from ...sending import to_json as _to_json

    headers: dict[str, Any] = {}
    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/users/api_keys",
    }
    _kwargs["json"] = _to_json(body)
    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> CreateApiKeyResponse | HTTPValidationError:
    from ...models.create_api_key_response import CreateApiKeyResponse
    from ...models.http_validation_error import HTTPValidationError

    if response.status_code == 200:
        return CreateApiKeyResponse.from_dict(response.json())

    if response.status_code == 401:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 403:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 422:
        return HTTPValidationError.from_dict(response.json())

    if response.status_code == 429:
        return HTTPValidationError.from_dict(response.json())

    return HTTPValidationError.from_dict(response.json())


def _build_response(
    *, client: Client, response: httpx.Response
) -> Response[CreateApiKeyResponse | HTTPValidationError]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    *,
    client: Client,
    body: CreateApiKeyRequest,
) -> Response[CreateApiKeyResponse | HTTPValidationError]:
    """Create Api Key

    Args:
        body (CreateApiKeyRequest):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreateApiKeyResponse | HTTPValidationError]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            body=body,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: Client,
    body: CreateApiKeyRequest,
) -> CreateApiKeyResponse | HTTPValidationError | None:
    """Create Api Key

    Args:
        body (CreateApiKeyRequest):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreateApiKeyResponse | HTTPValidationError
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: CreateApiKeyRequest,
) -> Response[CreateApiKeyResponse | HTTPValidationError]:
    """Create Api Key

    Args:
        body (CreateApiKeyRequest):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreateApiKeyResponse | HTTPValidationError]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: Client,
    body: CreateApiKeyRequest,
) -> CreateApiKeyResponse | HTTPValidationError | None:
    """Create Api Key

    Args:
        body (CreateApiKeyRequest):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreateApiKeyResponse | HTTPValidationError
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
