"""What a generated client sends is what was drawn: method, path, query, headers and body."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, unquote

import httpx
import pytest
from schemathesis import Case
from schemathesis.core import NOT_SET

from tests.contract.clients import Endpoint, canonical, endpoints, modules, path_values
from tests.contract.documents import JSON, package_names, resolved
from tests.contract.drawing import for_each, spread

BASE = "https://vendor.invalid/base"
EXAMPLES = {"sync": 60, "async": 30}

each_endpoint = pytest.mark.parametrize("endpoint", endpoints(), ids=lambda endpoint: endpoint.operation.test_id)
both_flavours = pytest.mark.parametrize("flavour", list(EXAMPLES))

# Headers that httpx writes by itself.
OF_HTTPX = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length", "content-type"}


def test_packages_hold_the_operations_of_their_documents_and_no_others() -> None:
    """Every module that sends requests is driven here."""
    held = [module.__name__ for package in package_names() for module in modules(package).values()]
    assert sorted(held) == sorted(endpoint.module.__name__ for endpoint in endpoints())


@each_endpoint
@both_flavours
def test_what_arrives_is_what_was_drawn(endpoint: Endpoint, flavour: str) -> None:
    """Nothing is lost, added or changed on the way through models and arguments.

    It means something: each field of the body and each parameter of the query is sent by some case, and left out by
    another where it can be.
    """
    bodies: list[set[str]] = []

    def check(case: Case[Any]) -> None:
        bodies.append({*_names(case.body), *(f"?{name}" for name in case.query)})
        assert differences(endpoint, case, flavour) == {}

    for_each(spread(endpoint.cases(), EXAMPLES[flavour]), check)
    required, known = _fields_declared(endpoint)
    if flavour == "sync":
        assert set.union(*bodies) >= known
        assert set.intersection(*bodies) == required


def _fields_declared(endpoint: Endpoint) -> tuple[set[str], set[str]]:
    required: set[str] = set()
    known: set[str] = set()

    def walk(schema: Any, path: str, is_required: bool) -> None:
        node = resolved(endpoint.operation.provider, schema)
        for name, inner in node.get("properties", {}).items():
            needed = is_required and name in node.get("required", ())
            known.add(f"{path}/{name}")
            if needed:
                required.add(f"{path}/{name}")
            walk(inner, f"{path}/{name}", needed)

    for item in endpoint.operation.definition.get("parameters", ()):
        parameter = resolved(endpoint.operation.provider, item)
        if parameter["in"] == "query":
            known.add(f"?{parameter['name']}")
            required |= {f"?{parameter['name']}"} if parameter.get("required") else set()
    if endpoint.body is not None:
        walk(endpoint.operation.definition["requestBody"]["content"][JSON]["schema"], "", True)
    return required, known


def _names(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}/{name}"
            yield from _names(inner, f"{path}/{name}")


Wrap = Callable[[dict[str, Any]], None]


def _lose_a_field(arguments: dict[str, Any]) -> None:
    arguments["json"].pop(next(iter(arguments["json"])))


def _change_the_path(arguments: dict[str, Any]) -> None:
    arguments["url"] += "x"


def _change_the_method(arguments: dict[str, Any]) -> None:
    arguments["method"] = "put"


def _lose_the_headers(arguments: dict[str, Any]) -> None:
    arguments["headers"].clear()


def _add_a_query(arguments: dict[str, Any]) -> None:
    arguments["params"] = {"page": "1"}


def _send_a_form(arguments: dict[str, Any]) -> None:
    arguments["headers"]["Content-Type"] = "application/x-www-form-urlencoded"


@each_endpoint
@both_flavours
@pytest.mark.parametrize(
    ("wrap", "noticed"),
    [
        pytest.param(_change_the_path, "path", id="path-changed"),
        pytest.param(_change_the_method, "method", id="method-changed"),
        pytest.param(_add_a_query, "query", id="query-added"),
    ],
)
def test_a_broken_client_is_noticed(
    endpoint: Endpoint, flavour: str, wrap: Wrap, noticed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison names the place that is wrong, and no other."""
    _break(endpoint, wrap, monkeypatch)
    cases = spread(endpoint.cases(), 3)
    assert {place for case in cases for place in differences(endpoint, case, flavour)} == {noticed}


@pytest.mark.parametrize(
    "endpoint",
    [endpoint for endpoint in endpoints() if endpoint.body is not None],
    ids=lambda endpoint: endpoint.operation.test_id,
)
@both_flavours
@pytest.mark.parametrize(
    ("wrap", "noticed"),
    [
        pytest.param(_lose_a_field, "body", id="field-lost"),
        pytest.param(_send_a_form, "content-type", id="content-type-changed"),
    ],
)
def test_a_client_that_breaks_a_body_is_noticed(
    endpoint: Endpoint, flavour: str, wrap: Wrap, noticed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for every operation that takes a body."""
    test_a_broken_client_is_noticed(endpoint, flavour, wrap, noticed, monkeypatch)


@both_flavours
def test_a_client_that_loses_a_header_is_noticed(flavour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For every operation that takes a header."""
    with_headers = [
        item
        for item in endpoints()
        for parameter in item.operation.definition.get("parameters", ())
        if resolved(item.operation.provider, parameter)["in"] == "header"
    ]
    assert with_headers
    for endpoint in with_headers:
        _break(endpoint, _lose_the_headers, monkeypatch)
        cases = spread(endpoint.cases(), 20)
        assert {place for case in cases for place in differences(endpoint, case, flavour)} == {"headers"}


def _break(endpoint: Endpoint, wrap: Wrap, monkeypatch: pytest.MonkeyPatch) -> None:
    make = endpoint.module._get_kwargs

    def broken(*args: Any, **kwargs: Any) -> dict[str, Any]:
        arguments: dict[str, Any] = make(*args, **kwargs)
        wrap(arguments)
        return arguments

    monkeypatch.setattr(endpoint.module, "_get_kwargs", broken)


def differences(endpoint: Endpoint, case: Case[Any], flavour: str) -> dict[str, tuple[object, object]]:
    """Send `case` with the generated client, and return what was drawn and what arrived by place, where they differ."""
    arrived = _send(endpoint, case, flavour)
    expected, found = _drawn(endpoint, case), _arrived(endpoint, arrived)
    return {place: (expected[place], found[place]) for place in expected if expected[place] != found[place]}


def _send(endpoint: Endpoint, case: Case[Any], flavour: str) -> httpx.Request:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(299, content=b"not a reply of anybody's")

    # The reply is beside the point, and is none that can be read.
    with pytest.raises(endpoint.errors.ApiError):
        endpoint.call(case, answer, flavour, BASE)
    assert len(requests) == 1
    return requests[0]


def _drawn(endpoint: Endpoint, case: Case[Any]) -> dict[str, object]:
    operation = endpoint.operation
    parts = ["base", *operation.path.strip("/").split("/")]
    values = path_values(case)
    path = [values[part[1:-1]] if part.startswith("{") else part for part in parts]
    has_body = case.body is not NOT_SET
    return {
        "method": operation.method.upper(),
        "path": path,
        "query": {
            name: [value if isinstance(value, str) else json.dumps(value)]
            for name, value in {**_defaults(endpoint), **case.query}.items()
        },
        "headers": {name.lower(): value for name, value in case.headers.items()},
        "content-type": case.media_type if has_body else None,
        "body": _body(endpoint, case.body) if has_body else None,
    }


def _defaults(endpoint: Endpoint) -> dict[str, object]:
    """Return what the document says of parameters in the query that are left out: a client may as well send it."""
    parameters = [
        resolved(endpoint.operation.provider, item) for item in endpoint.operation.definition.get("parameters", ())
    ]
    return {
        item["name"]: item["schema"]["default"]
        for item in parameters
        if item["in"] == "query" and "default" in item["schema"]
    }


def _arrived(endpoint: Endpoint, request: httpx.Request) -> dict[str, object]:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = {name: value for name, value in request.headers.items() if name not in OF_HTTPX}
    return {
        "method": request.method,
        "path": [unquote(part) for part in path.strip("/").split("/")],
        "query": parse_qs(query, keep_blank_values=True),
        "headers": headers,
        "content-type": request.headers.get("content-type"),
        "body": _body(endpoint, json.loads(request.content)) if request.content else None,
    }


def _body(endpoint: Endpoint, body: object) -> str:
    schema = endpoint.operation.definition["requestBody"]["content"][JSON]["schema"]
    return canonical(endpoint.operation.provider, schema, body)
