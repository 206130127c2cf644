"""From httpx's reply to the Response of an operation. Owns the one place where a reply's content is parsed, and the
choice between several declared media types; refuses to let content escape through an exception.

Facts
- Whatever a parser raises about a reply, a JSONDecodeError above all, may hold the reply: in its message, its
  attributes, and the locals of its frames. So what is raised here is raised after the handler, with no context.
- The statuses 204, 205 and 304 have no content, and documents declare some for them all the same.
"""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from .client import Client
from .errors import ApiError, UnreadableReply
from .types import Response

T = TypeVar("T")

_WITHOUT_CONTENT = (204, 205, 304)
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")


def read_reply(parse: Callable[..., T | None], *, client: Client, response: httpx.Response) -> Response[T]:
    """The Response that `parse` makes of the reply.

    Raises UnexpectedStatus as `parse` does, and UnreadableReply in place of anything else that `parse` raises, unless
    there is no content and the status says so.
    """
    try:
        return _response(response, parse(client=client, response=response))
    except ApiError:
        raise
    except Exception as error:  # noqa: BLE001  # a parser may raise anything over a reply, a RecursionError too
        fault = type(error).__name__
    if response.status_code in _WITHOUT_CONTENT and not response.content:
        return _response(response, None)
    raise UnreadableReply(response.status_code, fault, named_type(response), len(response.content))


def known_status(code: int) -> int:
    """The status as HTTPStatus where Python knows the number, else the number: 520 is a status too."""
    try:
        return HTTPStatus(code)
    except ValueError:
        return code


def json_or_content(response: httpx.Response, kinds: Mapping[str, str]) -> Any:
    """The content by the media type that the reply names: parsed JSON, text, or bytes.

    `kinds` says `json`, `text` or `binary` of declared media types; of others their name tells. A reply that names none
    is of the first.
    """
    named = named_type(response) or ""
    is_silent = not response.headers.get("content-type", "").strip()
    kind = next(iter(kinds.values())) if is_silent else kinds.get(named) or _kind(named)
    if kind == "json":
        return response.json()
    return response.text if kind == "text" else response.content


def named_type(response: httpx.Response) -> str | None:
    """The media type that the reply calls itself, if that is a plain token."""
    named = response.headers.get("content-type", "").split(";")[0].strip().lower()
    return named if _MEDIA_TYPE.fullmatch(named) else None


def _response(response: httpx.Response, parsed: T | None) -> Response[T]:
    return Response(
        status_code=known_status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=parsed,
    )


def _kind(media_type: str) -> str:
    if media_type.endswith(("/json", "+json")):
        return "json"
    return "text" if media_type.startswith("text/") else "binary"


__all__ = ["json_or_content", "known_status", "named_type", "read_reply"]
