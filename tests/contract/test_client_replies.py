"""A reply that a document allows comes out of the generated client as it went in; any other one as a typed error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, cycle, product
from typing import Any

import httpx
import pytest
from schemathesis import Case, GenerationMode
from specpipe import pipeline

from tests.contract.clients import Endpoint, canonical, endpoint, endpoints
from tests.contract.documents import operations, variants
from tests.contract.drawing import for_each, spread
from tests.contract.replies import Declared, declared, document_without_default
from tests.extent import IS_WHOLE

EXAMPLES = {"sync": 60, "async": 30} if IS_WHOLE else {"sync": 15, "async": 8}
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"

with_body = pytest.mark.parametrize("reply", declared(with_body=True), ids=lambda reply: reply.id)
without_body = pytest.mark.parametrize("reply", declared(with_body=False), ids=lambda reply: reply.id)
both_flavours = pytest.mark.parametrize("flavour", list(EXAMPLES))


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The client of an operation, with arguments that fit it."""

    endpoint: Endpoint
    case: Case[Any]

    @property
    def errors(self) -> Any:
        """The errors of the client's package."""
        return self.endpoint.errors

    def receive(self, code: int, content: bytes, flavour: str) -> Any:
        """Call the operation, let `content` be the reply, and return what the call returns."""
        answer = httpx.Response(code, content=content, headers={"Content-Type": "application/json"})
        return self.endpoint.call(self.case, lambda _: answer, flavour, "https://vendor.invalid")


def caller(client: Endpoint) -> Caller:
    """Return `client` with the simplest case that is drawn for it."""
    return Caller(endpoint=client, case=client.cases()[0])


@cache
def caller_of(provider: str, operation_id: str) -> Caller:
    """Return the client of an operation."""
    wanted = (provider, operation_id)
    return caller(next(item for item in endpoints() if (item.operation.provider, item.operation.id) == wanted))


def test_every_declared_status_is_sent() -> None:
    """None is left out because no number was found for it."""
    for item in [*declared(with_body=True), *declared(with_body=False)]:
        assert item.codes, item.id
        assert {item.operation.declared(code) for code in item.codes} == set(item.statuses)


@with_body
@both_flavours
def test_a_reply_that_the_document_allows_goes_round(reply: Declared, flavour: str) -> None:
    """Parsed and written again it is the same JSON, under its status."""
    client = caller_of(reply.operation.provider, reply.operation.id)

    def check(sent: tuple[int, Any]) -> None:
        code, body = sent
        found = client.receive(code, _json(body), flavour)
        assert found.status_code == code
        back = canonical(reply.operation.provider, reply.schema, found.parsed.to_dict())
        assert back == canonical(reply.operation.provider, reply.schema, body)

    bodies = spread(reply.bodies(), EXAMPLES[flavour])
    for_each([*zip(cycle(reply.codes), bodies)], check)


@with_body
def test_a_parser_that_loses_a_field_is_noticed(reply: Declared) -> None:
    """What comes back is compared whole: with the first field gone, it is another reply."""
    body = next(body for body in reply.bodies() if body)
    parsed = (
        caller_of(reply.operation.provider, reply.operation.id)
        .receive(reply.codes[0], _json(body), "sync")
        .parsed.to_dict()
    )
    parsed.pop(next(iter(parsed)))
    schema, provider = reply.schema, reply.operation.provider
    assert canonical(provider, schema, parsed) != canonical(provider, schema, body)


@without_body
@both_flavours
def test_a_status_without_a_body_has_nothing_to_parse(reply: Declared, flavour: str) -> None:
    """Its status alone tells; the content is left alone."""
    for code in reply.codes:
        found = caller_of(reply.operation.provider, reply.operation.id).receive(code, b"", flavour)
        assert (found.status_code, found.parsed, found.content) == (code, None, b"")


@with_body
@both_flavours
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HTML, id="html"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe\x00", id="not-utf-8"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'"text"', id="text"),
        pytest.param(b"12", id="number"),
        pytest.param(b"{}", id="no-fields"),
        pytest.param(b"[" * 100_000, id="too-deep"),
    ],
)
def test_a_reply_of_the_wrong_shape_is_a_typed_error(reply: Declared, flavour: str, content: bytes) -> None:
    """The error is the package's own, tells the status, and holds nothing of the content.

    An empty object is the right shape where nothing is required.
    """
    client = caller_of(reply.operation.provider, reply.operation.id)
    if content == b"{}" and frozenset() in _required(reply):
        assert client.receive(reply.codes[0], content, flavour).parsed.to_dict() == {}
        return
    for code in reply.codes:
        with pytest.raises(client.errors.UnreadableReply) as caught:
            client.receive(code, content, flavour)
        assert (caught.value.status_code, caught.value.length) == (code, len(content))
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


@with_body
@both_flavours
def test_a_truncated_reply_is_a_typed_error(reply: Declared, flavour: str) -> None:
    """Wherever it is cut off."""
    client = caller_of(reply.operation.provider, reply.operation.id)
    unreadable = client.errors.UnreadableReply

    def check(content: bytes) -> None:
        with pytest.raises(unreadable):
            client.receive(reply.codes[0], content, flavour)

    for_each(_cut(spread(reply.bodies(), EXAMPLES[flavour] // 2)), check)


@with_body
def test_a_reply_without_a_required_field_is_a_typed_error(reply: Declared) -> None:
    """Each of the required fields, one at a time, of replies that have no other field."""
    client = caller_of(reply.operation.provider, reply.operation.id)
    for body in _least_bodies(reply):
        for name, flavour in product(body, EXAMPLES):
            content = _json({key: value for key, value in body.items() if key != name})
            with pytest.raises(client.errors.UnreadableReply):
                client.receive(reply.codes[0], content, flavour)


@with_body
@both_flavours
def test_a_reply_that_breaks_the_schema_is_parsed_or_a_typed_error(reply: Declared, flavour: str) -> None:
    """Nothing but the package's own error leaves a call, whatever stands where another type belongs."""
    client = caller_of(reply.operation.provider, reply.operation.id)
    unreadable = client.errors.UnreadableReply

    def check(body: Any) -> None:
        try:
            found = client.receive(reply.codes[0], _json(body), flavour)
        except unreadable:
            return
        assert found.status_code == reply.codes[0]

    for_each(spread(reply.bodies(GenerationMode.NEGATIVE), EXAMPLES[flavour]), check)


@pytest.fixture(scope="module", params=sorted({operation.provider for operation in operations()}))
def strict_package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """The client of an operation, generated from its document without `default`: some statuses are undeclared now."""
    folder = tmp_path_factory.mktemp("generated")
    # A name of its own each time: a module that was loaded once is not loaded again.
    name = f"strict_{request.param}_{folder.name}"
    pipeline.build(document_without_default(request.param), folder / name, title=request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        operation = next(item for item in operations() if item.provider == request.param)
        yield caller(endpoint(operation, name))


@both_flavours
@pytest.mark.parametrize("start", [201, 302, 404, 418])
@pytest.mark.parametrize("content", [HTML, b"", b'{"message": "no"}'], ids=["html", "empty", "json"])
def test_an_undeclared_status_is_a_typed_error(
    strict_package: Caller, flavour: str, start: int, content: bytes
) -> None:
    """Whatever the body; the error tells the status alone. It is the first undeclared one from each start."""
    operation = strict_package.endpoint.operation
    code = next(code for code in count(start) if operation.declared(code) in (None, "default"))
    with pytest.raises(strict_package.errors.UnexpectedStatus) as caught:
        strict_package.receive(code, content, flavour)
    assert caught.value.status_code == code
    assert caught.value.args == (code,)


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _cut(bodies: list[Any]) -> list[bytes]:
    """Return each body cut off, each at another part of it: from before all of it to before its last byte."""
    contents = [_json(body) for body in bodies]
    return [content[: number * (len(content) - 1) // (len(bodies) - 1)] for number, content in enumerate(contents)]


def _least_bodies(reply: Declared) -> list[dict[str, Any]]:
    """Return, for each form of the reply, a drawn body with its required fields alone."""
    bodies = reply.bodies()
    forms: dict[frozenset[str], dict[str, Any]] = {}
    for required in _required(reply):
        for body in bodies:
            if required <= set(body):
                forms.setdefault(required, {name: body[name] for name in required})
    assert set(forms) == _required(reply), "some form of the reply was not drawn"
    return list(forms.values())


def _required(reply: Declared) -> set[frozenset[str]]:
    return {frozenset(form.get("required", ())) for form in variants(reply.operation.provider, reply.schema)}
