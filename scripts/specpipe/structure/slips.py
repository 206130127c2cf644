"""What an object must have to be of use, and what people write instead. Owns the rules that are peculiar to one kind of
object: each takes the object with its fields already sound, and gives it back mended, or says why it cannot be used.

Facts
- Swagger 2 wrote the type of a parameter or a header beside its name; converters leave it there.
- Swagger 2's `discriminator` was the property's name alone.
- httpx refuses a URL with a control character, or of more than 65,536 characters.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Object = dict[str, Any]
Mended = tuple[Object | None, str]
"""The object, or None; and the name of the rule that mended it, or the problem with it, or ""."""

_PARAMETER_TYPING = ("type", "format", "items", "enum", "default", "pattern", "minimum", "maximum")
_PLACES = ("path", "query", "header", "cookie")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_LONGEST_PATH = 60_000
_OPERATION_FIELDS = ("operationId", "responses", "parameters", "requestBody")
_METHOD_CASES = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")


def parameter(found: Object, raw: Object) -> Mended:
    """A name and a place."""
    if not found.get("name"):
        return None, "a parameter without a name"
    if "in" not in found:
        return None, f"the parameter {found['name'][:200]!r} does not say where it goes (`in`)"
    place = found["in"].strip().lower()
    if place == found["in"] or place not in _PLACES:
        return found, ""
    return {**found, "in": place}, "parameter_place_case"


def response(found: Object, raw: Object) -> Mended:
    """A description, which nobody needs."""
    return (found, "") if "description" in found else ({"description": "", **found}, "missing_description")


def request_body(found: Object, raw: Object) -> Mended:
    """Types of content, if only none."""
    if "content" in found:
        return found, ""
    return ({**found, "content": {}}, "") if "content" in raw else (None, "a request body without types of content")


def server(found: Object, raw: Object) -> Mended:
    """An address that can be read."""
    if "url" not in found:
        return None, "a server without an address (`url`)"
    try:
        urlsplit(found["url"])
    except ValueError:
        return None, f"the server's address {found['url'][:200]!r} cannot be read"
    return found, ""


def server_variable(found: Object, raw: Object) -> Mended:
    """A default, which may be the first of its values."""
    if "default" in found:
        return found, ""
    if found.get("enum"):
        return {**found, "default": found["enum"][0]}, "server_default"
    return None, "a server's variable without a default"


def tag(found: Object, raw: Object) -> Mended:
    """A name."""
    return (found, "") if "name" in found else (None, "a tag without a name")


def info(found: Object, raw: Object) -> Mended:
    """A title and a version."""
    missing = [key for key in ("title", "version") if key not in found]
    whole = {**found, **dict.fromkeys(missing, "")} if missing else found
    return whole, "missing_info" if missing else ""


RULES: dict[str, Callable[[Object, Object], Mended]] = {
    "parameter": parameter,
    "response": response,
    "request body": request_body,
    "server": server,
    "server variable": server_variable,
    "tag": tag,
    "info": info,
}
"""By kind of object, the rule that it has to pass."""


def shaped(value: Any, kind: str) -> tuple[Any, str]:
    """The value as an object of the kind, where it was written in short; and the rule's name, "" where it was not."""
    if kind == "example" and not isinstance(value, dict):
        return {"value": value}, "example_value"
    if kind == "tag" and isinstance(value, str):
        return {"name": value}, "tag_name"
    if kind == "server" and isinstance(value, str):
        return {"url": value}, "server_url"
    if kind == "security requirement" and isinstance(value, str):
        return {value: []}, "security_name"
    if kind == "discriminator" and isinstance(value, str):
        return {"propertyName": value}, "discriminator_name"
    if kind == "response" and isinstance(value, str):
        return {"description": value}, "response_text"
    if kind in ("parameter", "header") and isinstance(value, dict) and "$ref" not in value:
        return _typed(value)
    return value, ""


def _typed(value: Object) -> tuple[Object, str]:
    if value.get("schema") is not None or value.get("content") is not None or not isinstance(value.get("type"), str):
        return value, ""
    schema = {key: value[key] for key in _PARAMETER_TYPING if key in value}
    rest = {key: inner for key, inner in value.items() if key not in (*schema, "schema", "content")}
    return {**rest, "schema": schema}, "type_beside_schema"


def is_operation(value: Any) -> bool:
    """Whether a path item's field of a name that is no method holds an operation nevertheless."""
    return isinstance(value, dict) and any(key in value for key in _OPERATION_FIELDS)


def path_problem(path: str) -> str:
    """Why no request can be sent to the path; "" when one can."""
    if _CONTROL.search(path):
        return "the path holds a control character, so that no request can be sent to it"
    return "" if len(path) <= _LONGEST_PATH else f"the path is longer than {_LONGEST_PATH} characters"


def method_of(key: str) -> str | None:
    """The method that a path item's field of another case means."""
    return key.lower() if key.upper() in _METHOD_CASES and not key.islower() else None
