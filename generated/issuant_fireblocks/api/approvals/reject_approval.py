from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema


def _get_kwargs(
    request_id: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    from ...sending import headers as _headers
    from ...sending import path as _path

    headers: dict[str, Any] = _headers({"Idempotency-Key": idempotency_key})
    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/approvals/{request_id}/reject".format(request_id=_path(request_id, "request_id")),
    }
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> Any | ErrorResponse | ErrorSchema:
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...reading import one_of as _one_of
    from ...reading import present as _present

    if response.status_code == 204:
        return None

    if response.status_code == 400:
        parsed: Any | ErrorResponse | ErrorSchema = _one_of(
            _present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False
        )
        return parsed

    if response.status_code == 401:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if response.status_code == 403:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if response.status_code == 404:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if response.status_code == 409:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    if response.status_code == 429:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
    return parsed


def _build_response(*, client: Client, response: httpx.Response) -> Response[Any | ErrorResponse | ErrorSchema]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    request_id: str,
    *,
    client: Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | ErrorResponse | ErrorSchema]:
    """Reject an approval request

     Rejects a request as the caller. No signature is needed, and the request is decided by it.

    Args:
        request_id (str): The id of an approval request.
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse | ErrorSchema]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            request_id=request_id,
            idempotency_key=idempotency_key,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    request_id: str,
    *,
    client: Client,
    idempotency_key: str | Unset = UNSET,
) -> Any | ErrorResponse | ErrorSchema | None:
    """Reject an approval request

     Rejects a request as the caller. No signature is needed, and the request is decided by it.

    Args:
        request_id (str): The id of an approval request.
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse | ErrorSchema
    """

    return sync_detailed(
        request_id=request_id,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    request_id: str,
    *,
    client: Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | ErrorResponse | ErrorSchema]:
    """Reject an approval request

     Rejects a request as the caller. No signature is needed, and the request is decided by it.

    Args:
        request_id (str): The id of an approval request.
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse | ErrorSchema]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            request_id=request_id,
            idempotency_key=idempotency_key,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    request_id: str,
    *,
    client: Client,
    idempotency_key: str | Unset = UNSET,
) -> Any | ErrorResponse | ErrorSchema | None:
    """Reject an approval request

     Rejects a request as the caller. No signature is needed, and the request is decided by it.

    Args:
        request_id (str): The id of an approval request.
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse | ErrorSchema
    """

    return (
        await asyncio_detailed(
            request_id=request_id,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
