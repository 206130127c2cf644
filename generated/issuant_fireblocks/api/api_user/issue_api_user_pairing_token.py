from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.issue_api_user_pairing_token_response import IssueApiUserPairingTokenResponse


def _get_kwargs(
    user_id: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    from ...sending import headers as _headers
    from ...sending import path as _path

    headers: dict[str, Any] = _headers({"Idempotency-Key": idempotency_key})
    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/management/api_users/{user_id}/pairing_token".format(user_id=_path(user_id, "user_id")),
    }
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: Client, response: httpx.Response
) -> ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse:
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.issue_api_user_pairing_token_response import IssueApiUserPairingTokenResponse
    from ...reading import one_of as _one_of
    from ...reading import present as _present

    if response.status_code == 201:
        return IssueApiUserPairingTokenResponse.from_dict(response.json())

    if response.status_code == 400:
        parsed: ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse = _one_of(
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


def _build_response(
    *, client: Client, response: httpx.Response
) -> Response[ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    user_id: str,
    *,
    client: Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse]:
    """Issue a pairing token

     Issues the token by which a co-signer is paired with an API user. The user must be
    PENDING_ACTIVATION, otherwise it is a conflict. Only an owner, an admin or a non-signing admin may
    ask.

    Args:
        user_id (str): The id of an API user, which is its API key.
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            user_id=user_id,
            idempotency_key=idempotency_key,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: str,
    *,
    client: Client,
    idempotency_key: str | Unset = UNSET,
) -> ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse | None:
    """Issue a pairing token

     Issues the token by which a co-signer is paired with an API user. The user must be
    PENDING_ACTIVATION, otherwise it is a conflict. Only an owner, an admin or a non-signing admin may
    ask.

    Args:
        user_id (str): The id of an API user, which is its API key.
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    user_id: str,
    *,
    client: Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse]:
    """Issue a pairing token

     Issues the token by which a co-signer is paired with an API user. The user must be
    PENDING_ACTIVATION, otherwise it is a conflict. Only an owner, an admin or a non-signing admin may
    ask.

    Args:
        user_id (str): The id of an API user, which is its API key.
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            user_id=user_id,
            idempotency_key=idempotency_key,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: str,
    *,
    client: Client,
    idempotency_key: str | Unset = UNSET,
) -> ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse | None:
    """Issue a pairing token

     Issues the token by which a co-signer is paired with an API user. The user must be
    PENDING_ACTIVATION, otherwise it is a conflict. Only an owner, an admin or a non-signing admin may
    ask.

    Args:
        user_id (str): The id of an API user, which is its API key.
        idempotency_key (str | Unset): A unique identifier for the request. If the request is sent
            multiple times with the same idempotency key, the server will return the same response as
            the first request. The idempotency key is valid for 24 hours.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ErrorSchema | IssueApiUserPairingTokenResponse
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
