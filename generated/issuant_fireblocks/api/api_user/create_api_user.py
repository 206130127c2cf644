from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

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
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/management/api_users",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> Any | ErrorResponse | ErrorSchema | ErrorSchema:
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema

    if response.status_code == 200:
        response_200 = cast(Any, None)
        return response_200

    if response.status_code == 400:
        response_400 = ErrorSchema.from_dict(response.json())

        return response_400

    if response.status_code == 401:

        def _parse_response_401(data: object) -> ErrorResponse | ErrorSchema:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_401_type_0 = ErrorResponse.from_dict(data)

                return response_401_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_401_type_1 = ErrorSchema.from_dict(data)

            return response_401_type_1

        response_401 = _parse_response_401(response.json())

        return response_401

    if response.status_code == 403:

        def _parse_response_403(data: object) -> ErrorResponse | ErrorSchema:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_403_type_0 = ErrorResponse.from_dict(data)

                return response_403_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_403_type_1 = ErrorSchema.from_dict(data)

            return response_403_type_1

        response_403 = _parse_response_403(response.json())

        return response_403

    if response.status_code == 429:

        def _parse_response_429(data: object) -> ErrorResponse | ErrorSchema:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_429_type_0 = ErrorResponse.from_dict(data)

                return response_429_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_429_type_1 = ErrorSchema.from_dict(data)

            return response_429_type_1

        response_429 = _parse_response_429(response.json())

        return response_429

    if 500 <= response.status_code <= 599:

        def _parse_response_5xx(data: object) -> ErrorResponse | ErrorSchema:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_5xx_type_0 = ErrorResponse.from_dict(data)

                return response_5xx_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_5xx_type_1 = ErrorSchema.from_dict(data)

            return response_5xx_type_1

        response_5xx = _parse_response_5xx(response.json())

        return response_5xx

    def _parse_response_default(data: object) -> ErrorResponse | ErrorSchema:
        try:
            if not isinstance(data, dict):
                raise TypeError()
            response_default_type_0 = ErrorResponse.from_dict(data)

            return response_default_type_0
        except (TypeError, ValueError, AttributeError, KeyError):
            pass
        if not isinstance(data, dict):
            raise TypeError()
        response_default_type_1 = ErrorSchema.from_dict(data)

        return response_default_type_1

    response_default = _parse_response_default(response.json())

    return response_default


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
        idempotency_key (str | Unset):
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
        idempotency_key (str | Unset):
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
        idempotency_key (str | Unset):
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
        idempotency_key (str | Unset):
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
