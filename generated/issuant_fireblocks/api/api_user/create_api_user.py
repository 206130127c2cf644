from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.create_api_user import CreateAPIUser
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema


def _get_kwargs(
    *,
    body: CreateAPIUser,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    from ...sending import headers as _headers
    from ...sending import to_json as _to_json

    headers: dict[str, Any] = _headers({"Idempotency-Key": idempotency_key})
    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/management/api_users",
    }
    _kwargs["json"] = _to_json(body)
    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> Any | ErrorResponse | ErrorSchema | ErrorSchema:
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...reading import one_of as _one_of
    from ...reading import present as _present

    if response.status_code == 200:
        return None

    if response.status_code == 400:
        return ErrorSchema.from_dict(response.json())

    if response.status_code == 401:
        parsed: Any | ErrorResponse | ErrorSchema | ErrorSchema = _one_of(
            _present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False
        )
        return parsed

    if response.status_code == 403:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if response.status_code == 429:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if 500 <= response.status_code <= 599:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
    return parsed


def _build_response(
    *, client: Client, response: httpx.Response
) -> Response[Any | ErrorResponse | ErrorSchema | ErrorSchema]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    *,
    client: Client,
    body: CreateAPIUser,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | ErrorResponse | ErrorSchema | ErrorSchema]:
    """Create API Key

     Create a new API key in your workspace.
    Learn more about Fireblocks API Keys management in the following
    [guide](https://developers.fireblocks.com/docs/manage-api-keys).
    Endpoint Permission: Admin, Non-Signing Admin.

    Args:
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.
        body (CreateAPIUser):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse | ErrorSchema | ErrorSchema]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            body=body,
            idempotency_key=idempotency_key,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: Client,
    body: CreateAPIUser,
    idempotency_key: str | Unset = UNSET,
) -> Any | ErrorResponse | ErrorSchema | ErrorSchema | None:
    """Create API Key

     Create a new API key in your workspace.
    Learn more about Fireblocks API Keys management in the following
    [guide](https://developers.fireblocks.com/docs/manage-api-keys).
    Endpoint Permission: Admin, Non-Signing Admin.

    Args:
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.
        body (CreateAPIUser):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse | ErrorSchema | ErrorSchema
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: CreateAPIUser,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | ErrorResponse | ErrorSchema | ErrorSchema]:
    """Create API Key

     Create a new API key in your workspace.
    Learn more about Fireblocks API Keys management in the following
    [guide](https://developers.fireblocks.com/docs/manage-api-keys).
    Endpoint Permission: Admin, Non-Signing Admin.

    Args:
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.
        body (CreateAPIUser):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse | ErrorSchema | ErrorSchema]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
            idempotency_key=idempotency_key,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: Client,
    body: CreateAPIUser,
    idempotency_key: str | Unset = UNSET,
) -> Any | ErrorResponse | ErrorSchema | ErrorSchema | None:
    """Create API Key

     Create a new API key in your workspace.
    Learn more about Fireblocks API Keys management in the following
    [guide](https://developers.fireblocks.com/docs/manage-api-keys).
    Endpoint Permission: Admin, Non-Signing Admin.

    Args:
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.
        body (CreateAPIUser):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse | ErrorSchema | ErrorSchema
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
