from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.get_approvals_quorum_status_mode import GetApprovalsQuorumStatusMode
    from ...models.list_approvals_response import ListApprovalsResponse


def _get_kwargs(
    *,
    include_user_approved: bool | Unset = UNSET,
    user_id: str | Unset = UNSET,
    include_all_users: bool | Unset = UNSET,
    quorum_status_mode: GetApprovalsQuorumStatusMode | Unset = UNSET,
    page_size: int | Unset = UNSET,
    page_cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    from ...sending import query as _query

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/approvals",
        "params": _query(
            {
                "includeUserApproved": include_user_approved,
                "userId": user_id,
                "includeAllUsers": include_all_users,
                "quorumStatusMode": quorum_status_mode,
                "pageSize": page_size,
                "pageCursor": page_cursor,
            }
        ),
    }
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> ErrorResponse | ErrorSchema | ListApprovalsResponse:
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.list_approvals_response import ListApprovalsResponse
    from ...reading import one_of as _one_of
    from ...reading import present as _present

    if response.status_code == 200:
        return ListApprovalsResponse.from_dict(response.json())

    if response.status_code == 400:
        parsed: ErrorResponse | ErrorSchema | ListApprovalsResponse = _one_of(
            _present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False
        )
        return parsed

    if response.status_code == 401:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
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
) -> Response[ErrorResponse | ErrorSchema | ListApprovalsResponse]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    *,
    client: Client,
    include_user_approved: bool | Unset = UNSET,
    user_id: str | Unset = UNSET,
    include_all_users: bool | Unset = UNSET,
    quorum_status_mode: GetApprovalsQuorumStatusMode | Unset = UNSET,
    page_size: int | Unset = UNSET,
    page_cursor: str | Unset = UNSET,
) -> Response[ErrorResponse | ErrorSchema | ListApprovalsResponse]:
    """List approval requests

     Lists the requests that wait for the caller's approval, or with a parameter those that wait for
    anybody's. A request that has been decided is not in the list.

    Args:
        include_user_approved (bool | Unset): Whether requests are listed too that the caller has
            approved and that wait for others.
        user_id (str | Unset): Whose requests are listed in the caller's place. Only an admin, a
            non-signing admin, a security admin or a security auditor may ask.
        include_all_users (bool | Unset): Whether all requests of the workspace are listed. The
            same roles may ask, and not together with `userId`.
        quorum_status_mode (GetApprovalsQuorumStatusMode | Unset):
        page_size (int | Unset): How many requests a page has; 20 where nothing is said.
        page_cursor (str | Unset): The `next` of the page before.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ErrorSchema | ListApprovalsResponse]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            include_user_approved=include_user_approved,
            user_id=user_id,
            include_all_users=include_all_users,
            quorum_status_mode=quorum_status_mode,
            page_size=page_size,
            page_cursor=page_cursor,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: Client,
    include_user_approved: bool | Unset = UNSET,
    user_id: str | Unset = UNSET,
    include_all_users: bool | Unset = UNSET,
    quorum_status_mode: GetApprovalsQuorumStatusMode | Unset = UNSET,
    page_size: int | Unset = UNSET,
    page_cursor: str | Unset = UNSET,
) -> ErrorResponse | ErrorSchema | ListApprovalsResponse | None:
    """List approval requests

     Lists the requests that wait for the caller's approval, or with a parameter those that wait for
    anybody's. A request that has been decided is not in the list.

    Args:
        include_user_approved (bool | Unset): Whether requests are listed too that the caller has
            approved and that wait for others.
        user_id (str | Unset): Whose requests are listed in the caller's place. Only an admin, a
            non-signing admin, a security admin or a security auditor may ask.
        include_all_users (bool | Unset): Whether all requests of the workspace are listed. The
            same roles may ask, and not together with `userId`.
        quorum_status_mode (GetApprovalsQuorumStatusMode | Unset):
        page_size (int | Unset): How many requests a page has; 20 where nothing is said.
        page_cursor (str | Unset): The `next` of the page before.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ErrorSchema | ListApprovalsResponse
    """

    return sync_detailed(
        client=client,
        include_user_approved=include_user_approved,
        user_id=user_id,
        include_all_users=include_all_users,
        quorum_status_mode=quorum_status_mode,
        page_size=page_size,
        page_cursor=page_cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: Client,
    include_user_approved: bool | Unset = UNSET,
    user_id: str | Unset = UNSET,
    include_all_users: bool | Unset = UNSET,
    quorum_status_mode: GetApprovalsQuorumStatusMode | Unset = UNSET,
    page_size: int | Unset = UNSET,
    page_cursor: str | Unset = UNSET,
) -> Response[ErrorResponse | ErrorSchema | ListApprovalsResponse]:
    """List approval requests

     Lists the requests that wait for the caller's approval, or with a parameter those that wait for
    anybody's. A request that has been decided is not in the list.

    Args:
        include_user_approved (bool | Unset): Whether requests are listed too that the caller has
            approved and that wait for others.
        user_id (str | Unset): Whose requests are listed in the caller's place. Only an admin, a
            non-signing admin, a security admin or a security auditor may ask.
        include_all_users (bool | Unset): Whether all requests of the workspace are listed. The
            same roles may ask, and not together with `userId`.
        quorum_status_mode (GetApprovalsQuorumStatusMode | Unset):
        page_size (int | Unset): How many requests a page has; 20 where nothing is said.
        page_cursor (str | Unset): The `next` of the page before.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ErrorSchema | ListApprovalsResponse]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            include_user_approved=include_user_approved,
            user_id=user_id,
            include_all_users=include_all_users,
            quorum_status_mode=quorum_status_mode,
            page_size=page_size,
            page_cursor=page_cursor,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: Client,
    include_user_approved: bool | Unset = UNSET,
    user_id: str | Unset = UNSET,
    include_all_users: bool | Unset = UNSET,
    quorum_status_mode: GetApprovalsQuorumStatusMode | Unset = UNSET,
    page_size: int | Unset = UNSET,
    page_cursor: str | Unset = UNSET,
) -> ErrorResponse | ErrorSchema | ListApprovalsResponse | None:
    """List approval requests

     Lists the requests that wait for the caller's approval, or with a parameter those that wait for
    anybody's. A request that has been decided is not in the list.

    Args:
        include_user_approved (bool | Unset): Whether requests are listed too that the caller has
            approved and that wait for others.
        user_id (str | Unset): Whose requests are listed in the caller's place. Only an admin, a
            non-signing admin, a security admin or a security auditor may ask.
        include_all_users (bool | Unset): Whether all requests of the workspace are listed. The
            same roles may ask, and not together with `userId`.
        quorum_status_mode (GetApprovalsQuorumStatusMode | Unset):
        page_size (int | Unset): How many requests a page has; 20 where nothing is said.
        page_cursor (str | Unset): The `next` of the page before.

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ErrorSchema | ListApprovalsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            include_user_approved=include_user_approved,
            user_id=user_id,
            include_all_users=include_all_users,
            quorum_status_mode=quorum_status_mode,
            page_size=page_size,
            page_cursor=page_cursor,
        )
    ).parsed
