"""Every operation, sync and async: what is sent, what comes back, and what a bad reply becomes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.generated.hidden import assert_hidden
from tests.generated.packages import LISTED, OPERATIONS, PACKAGES, PROJECT, SECRET, Operation, document

Handler = Callable[[httpx.Request], httpx.Response]
EACH = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
BOTH = pytest.mark.parametrize("mode", ["sync", "async"])


def _call(operation: Operation, handler: Handler, mode: str, *, detailed: bool = True, **options: Any) -> Any:
    """Call the operation through a transport that stands for the vendor."""
    transport = httpx.MockTransport(handler)
    functions = operation.functions()
    if mode == "sync":
        with operation.client(transport=transport, **options) as client:
            call = functions.sync_detailed if detailed else functions.sync
            return call(client=client, **operation.arguments())

    async def run() -> Any:
        async with operation.client(async_transport=transport, **options) as client:
            call = functions.asyncio_detailed if detailed else functions.asyncio
            return await call(client=client, **operation.arguments())

    return asyncio.run(run())


def _answer(operation: Operation) -> Handler:
    code, reply = operation.status, operation.reply
    return lambda request: httpx.Response(code, json=reply) if reply else httpx.Response(code)


def test_every_operation_of_every_document_is_called_here() -> None:
    """Each once; those of a package that packages.py does not list are derived there."""
    listed = {
        (package, entry["operationId"])
        for package in PACKAGES
        for item in document(package)["paths"].values()
        for entry in item.values()
    }
    assert len(listed) == len(OPERATIONS)
    known = {name for package, name in listed if package in LISTED}
    assert known == {
        *("CreateApiKey", "ListApiKeys", "DeleteApiKey"),
        *("CreateSecret", "ListSecrets", "GetSecret", "UpdateSecret", "DeleteSecret"),
        *("CreateUser", "ListUsers", "GetUser", "UpdateUser"),
        *("createApiUser", "getApiUsers", "issueApiUserPairingToken", "getWhitelistIpAddresses"),
        *("getApprovals", "getApprovalById", "approveApproval", "rejectApproval"),
        *("create_api_key", "list_api_keys", "delete_api_key", "get_current_user"),
    }


@EACH
@BOTH
def test_what_is_sent_is_what_the_document_says(operation: Operation, mode: str) -> None:
    """Method, address with escaped parameters, content type, body and headers."""
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return _answer(operation)(request)

    _call(operation, handle, mode)
    (request,) = requests
    assert (request.method, str(request.url)) == (operation.method, operation.url)
    if operation.body is None:
        assert (request.content, "content-type" in request.headers) == (b"", False)
    else:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.content) == operation.body
    if operation.headers:
        assert request.headers["idempotency-key"] == operation.headers["idempotency_key"]


@EACH
@BOTH
def test_what_comes_back_is_parsed_and_printed_without_its_secret(operation: Operation, mode: str) -> None:
    """The parsed model holds the value; response, model and client do not show it."""
    response = _call(operation, _answer(operation), mode)
    assert response.status_code is HTTPStatus(operation.status)
    assert repr(response) == str(response) == f"<Response [{operation.status}]>"
    if operation.reply:
        parsed = _call(operation, _answer(operation), mode, detailed=False)
        assert parsed == response.parsed
        assert json.loads(json.dumps(parsed.to_dict(), default=str)).keys() == operation.reply.keys()
        assert SECRET in parsed.to_dict().values()
        assert SECRET not in repr(parsed)
    else:
        assert response.parsed is None


@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if operation.body is not None], ids=str)
def test_arguments_do_not_show_their_secret(operation: Operation) -> None:
    """Secret fields print asterisks, unknown ones their names."""
    (body,) = operation.bodies()
    assert SECRET not in repr(body)
    assert SECRET not in str(body)


def _bad_replies() -> list[Any]:
    html = f"<html><body>{SECRET}</body></html>"
    return [
        pytest.param(httpx.Response(429, html=html), id="HTML"),
        pytest.param(httpx.Response(429), id="empty"),
        pytest.param(httpx.Response(429, content=f'{{"message": "{SECRET}'), id="truncated"),
        pytest.param(httpx.Response(429, content=b"\xff\xfe" + SECRET.encode()), id="not UTF-8"),
        pytest.param(httpx.Response(429, content=b"null"), id="null"),
        pytest.param(httpx.Response(429, json=[SECRET]), id="list"),
        pytest.param(httpx.Response(429, json=[]), id="empty list"),
        pytest.param(httpx.Response(429, json=SECRET), id="string"),
        pytest.param(httpx.Response(429, json={"other": SECRET}), id="wrong object"),
        pytest.param(httpx.Response(429, content=b"[" * 100_000), id="too deep"),
        pytest.param(httpx.Response(429, html=html, headers={"content-type": SECRET}), id="odd media type"),
    ]


@EACH
@BOTH
@pytest.mark.parametrize("reply", _bad_replies())
def test_a_reply_that_cannot_be_read_is_a_typed_error(operation: Operation, mode: str, reply: httpx.Response) -> None:
    """It tells the status, has neither cause nor context, and shows nothing of what came."""
    answer = httpx.Response(reply.status_code, content=reply.content, headers=reply.headers)
    with pytest.raises(operation.errors().UnreadableReply) as caught:
        _call(operation, lambda request: answer, mode)
    error = caught.value
    assert isinstance(error, operation.errors().ApiError)
    assert error.status_code == 429
    assert error.length == len(reply.content)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert "429" in str(error)
    assert_hidden(error)


@EACH
@BOTH
@pytest.mark.parametrize("status", [200, 401, 520, 599])
def test_any_status_without_a_readable_body_is_a_typed_error(operation: Operation, mode: str, status: int) -> None:
    """Python knows no name for 520; it is a status all the same. Fireblocks' 200 has no body to read."""
    if operation.reply is None and status == operation.status:
        assert _call(operation, lambda request: httpx.Response(200, html=SECRET), mode).parsed is None
        return
    with pytest.raises(operation.errors().UnreadableReply) as caught:
        _call(operation, lambda request: httpx.Response(status, html=SECRET), mode)
    assert caught.value.status_code == status
    assert_hidden(caught.value)


@BOTH
def test_a_status_of_no_name_is_a_plain_number(mode: str) -> None:
    """A 520 with a body of the declared shape parses."""
    operation = next(operation for operation in OPERATIONS if operation.package == "issuant_fireblocks")
    response = _call(operation, lambda request: httpx.Response(520, json={"message": "m", "code": -1}), mode)
    assert response.status_code == 520
    assert not isinstance(response.status_code, HTTPStatus)
    assert response.parsed.to_dict() == {"message": "m", "code": -1}


@EACH
@BOTH
def test_no_frame_holds_the_body_when_the_wire_fails(operation: Operation, mode: str) -> None:
    """An exception of httpx carries the frames of the operation; none of their locals shows the value."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    with pytest.raises(httpx.ConnectError) as caught:
        _call(operation, fail, mode)
    assert_hidden(caught.value)


def test_the_packages_under_test_are_those_of_this_tree() -> None:
    """Not some that are installed elsewhere."""
    for operation in OPERATIONS:
        assert PROJECT / "generated" in Path(operation.functions().__file__).resolve().parents
