"""What people give in the place of an OpenAPI document. Owns how it is recognised and the words for it; refuses nothing
by itself.

Facts
- A server that wants a login answers with status 200 and a web page.
- A page of documentation in Markdown may begin with a tag such as `<Note>`, and is no web page for that.
- Mintlify's pages had a YAML block of its own format until 2025: `paths` holds one operation, as `path`, `method`,
  `servers`, `request` and `response`. Read as OpenAPI it would be an API without operations.
"""

import re
from typing import Any

_SWAGGER = (
    "this is Swagger 2.0, not OpenAPI 3; convert it first, for example with `npx swagger2openapi --outfile new.yaml`"
)
_OLDER = "this is a block of Mintlify's own older format, not OpenAPI"
_HEADLESS = "this has paths like OpenAPI, but no `openapi`"
_ADVICE = "fetch the page anew, or give the vendor's whole OpenAPI document"
_OLDER_KEYS = {"path", "method", "request", "response"}

_BEFORE_TAG = re.compile(r"[\s\ufeff]+|<\?[^>]*>|<!--.*?-->", re.DOTALL)
_PAGE = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)
_PASSWORD = re.compile(r"type\s*=\s*[\"']?password\b", re.IGNORECASE)
_LOGIN = re.compile(r"\b(?:log|sign)[ -]?in\b", re.IGNORECASE)
_HEADING = re.compile(r"<(?:title|h1|h2)\b[^<>]*>([^<]*)", re.IGNORECASE)
_SHORT = 4096
"""A page of so many characters that speaks of a login is about nothing else; larger ones have a link to it."""


def web_page(text: str) -> str | None:
    """What to say of a text that is a web page; None for any other."""
    start = 0
    while before := _BEFORE_TAG.match(text, start):
        start = before.end()
    if not _PAGE.match(text, start):
        return None
    headings = " ".join(_HEADING.findall(text))
    if _PASSWORD.search(text) or _LOGIN.search(headings) or (len(text) <= _SHORT and _LOGIN.search(text)):
        return "this is a login page: give an address that needs no login, or save the page and give its path"
    return "this is a web page; give the address of its Markdown, or of the OpenAPI document"


def older(data: dict[str, Any]) -> str | None:
    """What to say of data that describes an operation in another way than OpenAPI 3; None for any other data."""
    if "openapi" in data:
        return None
    if is_version(data.get("swagger")):
        return _SWAGGER
    paths = data.get("paths")
    if not isinstance(paths, dict):
        return None
    if "method" in paths and _OLDER_KEYS & set(paths) - {"method"}:
        return f"{_OLDER}; {_ADVICE}"
    return f"{_HEADLESS}; {_ADVICE}" if any(path.startswith("/") for path in paths) else None


def instead(data: dict[str, Any]) -> str:
    """What a whole document without `openapi` is."""
    if "swagger" in data:
        return _SWAGGER
    for key, what in {
        "asyncapi": "an AsyncAPI document",
        "arazzo": "an Arazzo document",
        "overlay": "an overlay",
    }.items():
        if key in data:
            return f"this is {what}, not an OpenAPI document"
    return "this is not an OpenAPI document: it has no `openapi`"


def is_version(value: Any) -> bool:
    """Whether the value can be a version, rather than the name of a file."""
    return isinstance(value, int | float) or (isinstance(value, str) and value[:1].isdecimal())
