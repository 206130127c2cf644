"""A vendor that answers one operation as a test wants, and whatever is asked on the way to it or after it as the
provider's simulator did.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import httpx
from issuant import mocks

from tests.contract.documents import Operation, operations, resolved, response_schema, variants
from tests.contract.exchanges import exchange_of, session, template
from tests.contract.unlisted import BASE_URL


class Answering(httpx.MockTransport):
    """Answers `operation` with `replies` in turn, the last one again and again; its requests are in `requests`.

    All others are answered as in the session of `method`, or else as whoever asks for them alone would be.
    """

    def __init__(self, operation: Operation, method: str, replies: Sequence[httpx.Response]) -> None:
        super().__init__(self._answer)
        self.requests: list[httpx.Request] = []
        self._operation = operation
        self._method = method
        self._replies = list(replies)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        found = _asked_for(self._operation.provider, request)
        if found == self._operation:
            self.requests.append(request)
            reply = self._replies[min(len(self.requests), len(self._replies)) - 1]
        else:
            reply = _good_reply(found, self._method)
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)


@cache
def base_url(provider: str) -> str:
    """Return a base URL with the path that the vendor's own ends with."""
    return BASE_URL + mocks.simulator(provider).base_path


def _asked_for(provider: str, request: httpx.Request) -> Operation:
    path = request.url.path.removeprefix(httpx.URL(base_url(provider)).path.rstrip("/"))
    for operation in operations():
        is_method = operation.provider == provider and operation.method == request.method.lower()
        if is_method and re.fullmatch(template(operation.path), path):
            return operation
    raise LookupError(f"{provider}: {request.method} {request.url.path} is no operation of the document")


def _good_reply(operation: Operation, method: str) -> httpx.Response:
    found = session(operation.provider, method).exchange_of(operation) or exchange_of(operation)
    return found.reply


def list_field(operation: Operation) -> str | None:
    """Return the field of a good reply in which its items are, None for a reply that lists no objects."""
    forms = variants(operation.provider, response_schema(operation, str(operation.successes[0])) or {})
    found = [
        str(name)
        for form in forms
        for name, inner in form.get("properties", {}).items()
        if _item_schema(operation.provider, inner) is not None
    ]
    assert len(found) <= 1, f"{operation.test_id} lists {found}"
    return found[0] if found else None


def item_schema(operation: Operation) -> Any:
    """Return the schema of an item of a good reply that lists."""
    schema = resolved(operation.provider, response_schema(operation, str(operation.successes[0])))
    return _item_schema(operation.provider, schema["properties"][list_field(operation)])


def _item_schema(provider: str, schema: Any) -> Any:
    items = (form.get("items") for form in variants(provider, schema) if form.get("type") == "array")
    found = (item for item in items if any("properties" in form for form in variants(provider, item or {})))
    return next(found, None)
