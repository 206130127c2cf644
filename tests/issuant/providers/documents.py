"""What the effective documents say of what the facade sends: operations, fields of requests, replies that fit them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml

from tests.contract.documents import GENERATED_ONLY

PACKAGES = ("issuant_fireblocks", "issuant_fireworks", "issuant_galileo")
NO_BODY: Mapping[str, Any] = {"content": {"application/json": {"schema": {}}}}
"""A request or a reply that the document gives no body."""

_FIREWORKS_KEY = {
    "id": "keyId",
    "name": "displayName",
    "expires_at": "expireTime",
    "created_at": "createTime",
    "last_used": "lastUsed",
    "hint": "prefix",
    "annotations": "annotations",
}
_FIREWORKS_USER = {
    "id": "name",
    "name": "displayName",
    "email": "email",
    "role": "role",
    "is_service_account": "serviceAccount",
    "state": "state",
    "created_at": "createTime",
}
_STORED = {"id": "name", "name": "name", "key_name": "keyName"}
_GALILEO_KEY = {
    "id": "id",
    "name": "description",
    "expires_at": "expires_at",
    "created_at": "created_at",
    "last_used": "last_used",
    "owner": "created_by",
    "hint": "truncated",
}
ATTRIBUTES = {
    "fireworks-CreateApiKey": _FIREWORKS_KEY,
    "fireworks-ListApiKeys": _FIREWORKS_KEY,
    "fireworks-CreateSecret": _STORED,
    "fireworks-UpdateSecret": _STORED,
    "fireworks-GetSecret": _STORED,
    "fireworks-ListSecrets": _STORED,
    "fireworks-CreateUser": _FIREWORKS_USER,
    "fireworks-GetUser": _FIREWORKS_USER,
    "fireworks-ListUsers": _FIREWORKS_USER,
    "fireblocks-getApiUsers": {"id": "id", "name": "name", "role": "role"},
    "fireblocks-issueApiUserPairingToken": {"user_id": "id"},
    "galileo-create_api_key": _GALILEO_KEY,
    "galileo-list_api_keys": {**_GALILEO_KEY, "role": "project_role"},
    "galileo-get_current_user": {"id": "id", "email": "email", "role": "role", "account": "organization_name"},
}
"""Which fields of a reply the attributes of an outcome are, by the operation's name for tests."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of a document: where it is, its parameters by place, and its two schemas, every $ref followed."""

    method: str
    path: str
    success: int
    parameters: Mapping[str, tuple[str, ...]]
    request: Mapping[str, Any]
    reply: Mapping[str, Any]
    reply_headers: tuple[str, ...]

    def request_fields(self) -> set[tuple[str, ...]]:
        """Return the path of every field of the request's body."""
        return set(leaves(self.request))

    @property
    def items(self) -> Mapping[str, Any] | None:
        """The schema of what a reply lists, None where it lists no objects."""
        lists = [inner["items"] for inner in self.reply_fields().values() if "properties" in inner.get("items", {})]
        return lists[0] if lists else None

    def reply_fields(self) -> dict[str, Mapping[str, Any]]:
        """Return the fields of the reply's body, each with its schema."""
        return dict(self.reply.get("properties", {}))


def operations(package: str) -> dict[str, Operation]:
    """Return the operations of the document inside `package` that the facade can be asked for, by operationId."""
    provider = package.removeprefix("issuant_")
    document = yaml.safe_load(files(package).joinpath("openapi.yaml").read_text(encoding="utf-8"))
    found = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            name = operation["operationId"]
            if f"{provider}-{name}" not in GENERATED_ONLY:
                found[name] = _operation(document, method, path, operation)
    return found


def _operation(document: Any, method: str, path: str, operation: Any) -> Operation:
    parameters: dict[str, tuple[str, ...]] = {}
    for parameter in operation.get("parameters", []):
        known = resolved(document, parameter)
        parameters[known["in"]] = (*parameters.get(known["in"], ()), known["name"])
    body = resolved(document, operation.get("requestBody", NO_BODY))["content"]["application/json"]["schema"]
    success = next(status for status in operation["responses"] if status.startswith("2"))
    reply = resolved(document, operation["responses"][success])
    content = {**NO_BODY, **reply}["content"]
    return Operation(
        method=method.upper(),
        path=path,
        success=int(success),
        parameters=parameters,
        request=resolved(document, body),
        reply=resolved(document, content["application/json"]["schema"]),
        reply_headers=tuple(reply.get("headers", ())),
    )


def resolved(document: Any, value: Any) -> Any:
    """Return `value` with every $ref in it followed."""
    if isinstance(value, list):
        return [resolved(document, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        target = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = {**target, **{name: item for name, item in value.items() if name != "$ref"}}
    return {name: resolved(document, item) for name, item in value.items()}


def leaves(schema: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each property that has no properties of its own."""
    for name, inner in schema.get("properties", {}).items():
        if "properties" in inner:
            yield from leaves(inner, (*at, name))
        else:
            yield (*at, name)


def sent_fields(body: Mapping[str, Any], schema: Mapping[str, Any], at: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return the path of each field of a body that was sent, as deep as the schema goes."""
    found: set[tuple[str, ...]] = set()
    for name, value in body.items():
        inner = schema.get("properties", {}).get(name, {})
        found |= sent_fields(value, inner, (*at, name)) if "properties" in inner else {(*at, name)}
    return found


def may_be_null(schema: Mapping[str, Any]) -> bool:
    """Tell whether a property may be null."""
    named = schema.get("type")
    is_named = "null" in (named if isinstance(named, list) else [named]) or schema.get("nullable", False)
    return is_named or any(map(may_be_null, schema.get("anyOf", ())))


def _kind(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the first schema that is not null alone."""
    choices = schema.get("anyOf") or schema.get("allOf") or [schema]
    found: Mapping[str, Any] = next(item for item in choices if item.get("type") != "null")
    return found


def sample(name: str, schema: Mapping[str, Any], numbers: Iterator[int]) -> Any:
    """Return a value that fits a property's schema, with a number in it that no other sample has.

    An object has every property, a list as few items as it may have but for none. A boolean is true, and an enum has no
    more values than it has.
    """
    kind, number = _kind(schema), next(numbers)
    if "enum" in kind:
        return kind["enum"][number % len(kind["enum"])]
    named = kind.get("type")
    match next((one for one in named if one != "null"), None) if isinstance(named, list) else named, kind.get("format"):
        case "string", "date-time":
            return (datetime(2031, 1, 1, tzinfo=UTC) + timedelta(days=number)).isoformat()
        case "string", "date":
            return (date(2031, 1, 1) + timedelta(days=number)).isoformat()
        case "string", "uuid":
            return str(uuid.UUID(int=number, version=4))
        case "string", _:
            return f"accounts/a/secrets/s{number}" if "pattern" in kind and name == "name" else f"TEST_{number}"
        case "boolean", _:
            return True
        case "integer" | "number", _:
            return number
        case "object", _ if "properties" in kind:
            return {field: sample(field, inner, numbers) for field, inner in kind["properties"].items()}
        case "object", _:
            return {f"k{number}": f"v{number}"}
        case "array", _:
            return [sample(name, kind["items"], numbers) for _ in range(max(1, kind.get("minItems", 0)))]
    raise AssertionError(f"no sample for {name}: {kind}")


def least(schema: Mapping[str, Any], full: Any) -> Any:
    """Return of a sample what has to be there, null where it may be null."""
    if may_be_null(schema):
        return None
    kind = _kind(schema)
    if not isinstance(full, dict) or "properties" not in kind:
        return full
    return {
        name: least(inner, full[name]) for name, inner in kind["properties"].items() if name in kind.get("required", ())
    }
