"""From httpx's reply to the Response of an operation. Owns the one place where a reply's content is parsed, and the
choice between several declared media types; refuses to let content escape through an exception.

Facts
- Whatever a parser raises about a reply, a JSONDecodeError above all, may hold the reply: in its message, its
  attributes, and the locals of its frames. So what is raised here is raised after the handler, with no context.
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

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")


def read_reply(parse: Callable[..., T | None], *, client: Client, response: httpx.Response) -> Response[T]:
    """The Response that `parse` makes of the reply.

    Raises UnexpectedStatus as `parse` does, and UnreadableReply in place of anything else that `parse` raises.
    """
    try:
        return Response(
            status_code=known_status(response.status_code),
            content=response.content,
            headers=response.headers,
            parsed=parse(client=client, response=response),
        )
    except ApiError:
        raise
    except Exception as error:  # noqa: BLE001  # a parser may raise anything over a reply, a RecursionError too
        fault = type(error).__name__
    raise UnreadableReply(response.status_code, fault, _media_type(response), len(response.content))


def known_status(code: int) -> int:
    """The status as HTTPStatus where Python knows the number, else the number: 520 is a status too."""
    try:
        return HTTPStatus(code)
    except ValueError:
        return code


def json_or_content(response: httpx.Response, kinds: Mapping[str, str]) -> Any:
    """The content by the media type that the reply names: parsed JSON, text, or bytes.

    `kinds` says `json`, `text` or `binary` of declared media types; of others their name tells.
    """
    named = _media_type(response) or ""
    kind = kinds.get(named) or _kind(named)
    if kind == "json":
        return response.json()
    return response.text if kind == "text" else response.content


def _kind(media_type: str) -> str:
    if media_type.endswith(("/json", "+json")):
        return "json"
    return "text" if media_type.startswith("text/") else "binary"


def _media_type(response: httpx.Response) -> str | None:
    named = response.headers.get("content-type", "").split(";")[0].strip().lower()
    return named if _MEDIA_TYPE.fullmatch(named) else None


__all__ = ["json_or_content", "known_status", "read_reply"]
