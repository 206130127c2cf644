"""Replies that a document allows, drawn from it. Owns turning a reply's schema into something schemathesis draws.

schemathesis draws requests. So a document is made in which the reply's schema is that of a request's body.

Facts
- A request would leave readOnly fields out, and a reply has them: the mark is taken off.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from tests.contract.documents import JSON, Document, Operation, effective, load, operations, response_schema
from tests.contract.drawing import drawn
from tests.extent import IS_WHOLE

EXAMPLES = 60 if IS_WHOLE else 15

# In each range that a document may declare, and none that it does declare by its number.
_RANGED = (418, 404, 502, 503, 520, 599, 302)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The statuses of an operation that declare the same body.

    Attributes:
        statuses: what the document calls them.
        schema: the schema of the body, None where the document declares no body.
    """

    operation: Operation
    statuses: tuple[str, ...]
    schema: Any

    @property
    def codes(self) -> tuple[int, ...]:
        """The HTTP statuses to send: numbers as they are, and some of each range."""
        numbers = tuple(int(status) for status in self.statuses if status.isdigit())
        return numbers + tuple(code for code in _RANGED if self.operation.declared(code) in self.statuses)

    @property
    def id(self) -> str:
        """A name for tests."""
        return f"{self.operation.test_id}-{'-'.join(self.statuses)}"

    def bodies(self, mode: GenerationMode = GenerationMode.POSITIVE) -> tuple[Any, ...]:
        """Return some bodies that follow the schema; with NEGATIVE, some that do not. The simplest come first.

        They are the same for every operation of a provider that declares this schema, and are drawn once for all tests.
        """
        return _bodies(self.operation.provider, json.dumps(self.schema), mode)


@cache
def _bodies(provider: str, schema: str, mode: GenerationMode) -> tuple[Any, ...]:
    document = _without_marks(effective(provider))
    body = {"required": True, "content": {JSON: {"schema": json.loads(schema)}}}
    definition = {"requestBody": body, "responses": {"200": {"description": "unused"}}}
    document["paths"] = {"/reply": {"post": definition}}
    document.pop("security", None)
    strategy: SearchStrategy[Any] = load(document)["/reply"]["post"].as_strategy(mode)
    # A body that is left out, or is no JSON at all, is for other tests to send.
    of_json = strategy.map(lambda case: case.body).filter(lambda body: body is not NOT_SET and not _has_bytes(body))
    return drawn(of_json, EXAMPLES)


@cache
def declared(*, with_body: bool) -> tuple[Declared, ...]:
    """Return every status of every operation that declares a body, or that declares none."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for operation in operations():
        for status in operation.statuses:
            schema = json.dumps(response_schema(operation, status))
            groups.setdefault((operation.provider, operation.id, schema), []).append(status)
    found = [
        Declared(operation=operation, statuses=tuple(statuses), schema=json.loads(schema))
        for operation in operations()
        for (provider, name, schema), statuses in groups.items()
        if (provider, name) == (operation.provider, operation.id)
    ]
    return tuple(item for item in found if (item.schema is not None) == with_body)


def _has_bytes(body: object) -> bool:
    if isinstance(body, dict):
        return any(map(_has_bytes, body.values()))
    return any(map(_has_bytes, body)) if isinstance(body, list) else isinstance(body, bytes)


def _without_marks(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_marks(value) for key, value in node.items() if not (key == "readOnly" and value is True)}
    return [_without_marks(item) for item in node] if isinstance(node, list) else node


def document_without_default(provider: str) -> Document:
    """Return the provider's document with the statuses alone that it declares by number or range."""
    document = effective(provider)
    for operation in operations():
        if operation.provider == provider:
            document["paths"][operation.path][operation.method]["responses"].pop("default", None)
    return document
