from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import Client
    from ...models.approval_request_item import ApprovalRequestItem
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...models.get_approval_by_id_quorum_status_mode import GetApprovalByIdQuorumStatusMode


def _get_kwargs(
    request_id: str,
    *,
    user_id: str | Unset = UNSET,
    quorum_status_mode: GetApprovalByIdQuorumStatusMode | Unset = UNSET,
) -> dict[str, Any]:

    from ...sending import path as _path
    from ...sending import query as _query

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/approvals/{request_id}".format(request_id=_path(request_id, "request_id")),
        "params": _query({"userId": user_id, "quorumStatusMode": quorum_status_mode}),
    }
    return _kwargs


def _parse_response(*, client: Client, response: httpx.Response) -> ApprovalRequestItem | ErrorResponse | ErrorSchema:
    from ...models.approval_request_item import ApprovalRequestItem
    from ...models.error_response import ErrorResponse
    from ...models.error_schema import ErrorSchema
    from ...reading import one_of as _one_of
    from ...reading import present as _present

    if response.status_code == 200:
        return ApprovalRequestItem.from_dict(response.json())

    if response.status_code == 400:
        parsed: ApprovalRequestItem | ErrorResponse | ErrorSchema = _one_of(
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

    if response.status_code == 429:
        parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
        return parsed

    parsed = _one_of(_present(response.json()), ErrorResponse.from_dict, ErrorSchema.from_dict, keep=False)
    return parsed


def _build_response(
    *, client: Client, response: httpx.Response
) -> Response[ApprovalRequestItem | ErrorResponse | ErrorSchema]:
    from ...replies import read_reply

    return read_reply(_parse_response, client=client, response=response)


def sync_detailed(
    request_id: str,
    *,
    client: Client,
    user_id: str | Unset = UNSET,
    quorum_status_mode: GetApprovalByIdQuorumStatusMode | Unset = UNSET,
) -> Response[ApprovalRequestItem | ErrorResponse | ErrorSchema]:
    """Get an approval request

     Returns one approval request, with what has become of it where a mode other than NONE is asked for.

    Args:
        request_id (str): The id of an approval request.
        user_id (str | Unset): For whom `userStatus` is told in the caller's place. Only an admin,
            a non-signing admin, a security admin or a security auditor may ask.
        quorum_status_mode (GetApprovalByIdQuorumStatusMode | Unset):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ApprovalRequestItem | ErrorResponse | ErrorSchema]
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            request_id=request_id,
            user_id=user_id,
            quorum_status_mode=quorum_status_mode,
        ),
    )

    return _build_response(client=client, response=response)


def sync(
    request_id: str,
    *,
    client: Client,
    user_id: str | Unset = UNSET,
    quorum_status_mode: GetApprovalByIdQuorumStatusMode | Unset = UNSET,
) -> ApprovalRequestItem | ErrorResponse | ErrorSchema | None:
    """Get an approval request

     Returns one approval request, with what has become of it where a mode other than NONE is asked for.

    Args:
        request_id (str): The id of an approval request.
        user_id (str | Unset): For whom `userStatus` is told in the caller's place. Only an admin,
            a non-signing admin, a security admin or a security auditor may ask.
        quorum_status_mode (GetApprovalByIdQuorumStatusMode | Unset):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ApprovalRequestItem | ErrorResponse | ErrorSchema
    """

    return sync_detailed(
        request_id=request_id,
        client=client,
        user_id=user_id,
        quorum_status_mode=quorum_status_mode,
    ).parsed


async def asyncio_detailed(
    request_id: str,
    *,
    client: Client,
    user_id: str | Unset = UNSET,
    quorum_status_mode: GetApprovalByIdQuorumStatusMode | Unset = UNSET,
) -> Response[ApprovalRequestItem | ErrorResponse | ErrorSchema]:
    """Get an approval request

     Returns one approval request, with what has become of it where a mode other than NONE is asked for.

    Args:
        request_id (str): The id of an approval request.
        user_id (str | Unset): For whom `userStatus` is told in the caller's place. Only an admin,
            a non-signing admin, a security admin or a security auditor may ask.
        quorum_status_mode (GetApprovalByIdQuorumStatusMode | Unset):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ApprovalRequestItem | ErrorResponse | ErrorSchema]
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            request_id=request_id,
            user_id=user_id,
            quorum_status_mode=quorum_status_mode,
        )
    )

    return _build_response(client=client, response=response)


async def asyncio(
    request_id: str,
    *,
    client: Client,
    user_id: str | Unset = UNSET,
    quorum_status_mode: GetApprovalByIdQuorumStatusMode | Unset = UNSET,
) -> ApprovalRequestItem | ErrorResponse | ErrorSchema | None:
    """Get an approval request

     Returns one approval request, with what has become of it where a mode other than NONE is asked for.

    Args:
        request_id (str): The id of an approval request.
        user_id (str | Unset): For whom `userStatus` is told in the caller's place. Only an admin,
            a non-signing admin, a security admin or a security auditor may ask.
        quorum_status_mode (GetApprovalByIdQuorumStatusMode | Unset):

    Raises:
        errors.UnreadableReply: If the reply cannot be read as what its status declares.
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ApprovalRequestItem | ErrorResponse | ErrorSchema
    """

    return (
        await asyncio_detailed(
            request_id=request_id,
            client=client,
            user_id=user_id,
            quorum_status_mode=quorum_status_mode,
        )
    ).parsed
