"""What of a vendor's words may be shown. Owns the scrubber and the filter of the HTTP libraries' logs.

It lets through what is known to be safe and masks the rest; it does not look for what is known to be bad.
A text that holds a piece of a secret of the same call is withheld whole.
"""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from issuant.errors import FieldProblem
from issuant.secret import Secret

_MASKED = "…"
_WITHHELD = "(the provider's words are withheld: they repeat a secret)"
_LONGEST_TEXT = 300
_SHORTEST_PIECE = 10  # characters of a secret in a row that make a text withheld; a shorter run is an English word

_WORD = re.compile(r"[A-Za-z]{1,24}(?:[-'’][A-Za-z]{1,24}){0,3}\Z")
_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?%?\Z")
_EDGES = "\"'`.,:;!?()[]{}<>=“”‘’"
_KIND = re.compile(r"[A-Za-z]{1,24}(?:[_. ][A-Za-z]{1,24}){0,6}\Z")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}\Z")

# Names that pydantic and proto put in front of a field; the fields themselves come with the call.
_PLACES = frozenset({"body", "query", "path", "header", "cookie", "__root__"})


class Redactor:
    """Scrubs what the provider said about one call.

    `secrets` are the values that the call carried; `names` are the field names that it sent, which are safe to show.
    """

    __slots__ = ("_names", "_secrets")

    def __init__(self, secrets: Iterable[Secret], names: Iterable[str]) -> None:
        self._secrets = tuple(secrets)
        self._names = _PLACES.union(names)

    def text(self, words: object) -> str:
        """Return a vendor's free text fit to be shown, at most 300 characters; empty for anything but text."""
        if not isinstance(words, str):
            return ""
        if self.betrays(words):
            return _WITHHELD
        shown = " ".join(self._token(token) for token in words[: 4 * _LONGEST_TEXT].split())
        return shown if len(shown) <= _LONGEST_TEXT else shown[: _LONGEST_TEXT - 1] + _MASKED

    def code(self, value: object) -> str | None:
        """Return a vendor's error code or enum as text, None for what is neither."""
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return str(int(value)) if abs(value) < 1_000_000 and value == int(value) else None
        return value if isinstance(value, str) and _KIND.match(value) and not self.betrays(value) else None

    def request_id(self, value: str | None) -> str | None:
        """Return the vendor's request id where it looks like one."""
        return value if value and _REQUEST_ID.match(value) and not self.betrays(value) else None

    def problems(self, items: object) -> tuple[FieldProblem, ...]:
        """Return the fields that a list of `{loc, msg, type}` names. `input` and `ctx` may echo a value: not read."""
        if not isinstance(items, list):
            return ()
        return tuple(self._problem(item) for item in items[:20] if isinstance(item, dict))

    def betrays(self, words: str) -> bool:
        """Tell whether `words` hold a secret of the call, or ten characters of one in a row, plain or encoded."""
        return any(_holds(words, secret) for secret in self._secrets)

    def _token(self, token: str) -> str:
        core = token.strip(_EDGES)
        if not core or _WORD.match(core) or _NUMBER.match(core) or all(part in self._names for part in core.split(".")):
            return token
        return token.replace(core, _MASKED)

    def _problem(self, item: dict[str, object]) -> FieldProblem:
        location = item.get("loc")
        parts = location if isinstance(location, list) else []
        kind = item.get("type")
        return FieldProblem(
            location=tuple(self._place(part) for part in parts[:20]),
            kind=self.code(kind) or _MASKED,
            message=self.text(item.get("msg")),
        )

    def _place(self, part: object) -> str | int:
        if isinstance(part, int) and not isinstance(part, bool) and 0 <= part < 1_000_000:
            return part
        return part if isinstance(part, str) and part in self._names else _MASKED


def field_names(value: object) -> set[str]:
    """Return every name in a JSON value that is about to be sent."""
    if isinstance(value, dict):
        return set(value).union(*(field_names(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(field_names(inner) for inner in value))
    return set()


def _holds(words: str, secret: Secret) -> bool:
    return any(_share(words, form, _SHORTEST_PIECE) for form in _forms(secret.reveal()))


def _forms(text: str) -> Sequence[str]:
    encoded = base64.b64encode(text.encode()).decode().rstrip("=")
    return (text, json.dumps(text)[1:-1], quote(text, safe=""), encoded, text[::-1])


def _share(words: str, form: str, length: int) -> bool:
    if len(form) <= length:
        return bool(form) and form in words
    return any(form[start : start + length] in words for start in range(len(form) - length + 1))


class ResponseHeadersFilter(logging.Filter):
    """Takes the headers of a reply out of httpcore's DEBUG lines: a Set-Cookie is a credential."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str) and record.msg.startswith("receive_response_headers.complete"):
            record.msg = "receive_response_headers.complete (headers withheld by issuant)"
            record.args = None
        return True


_HEADERS_FILTER = ResponseHeadersFilter()


def quiet_http_logs() -> None:
    """Install the filter on httpcore's loggers. Safe to call again: a logger keeps one copy of a filter."""
    for name in ("httpcore.http11", "httpcore.http2"):
        logging.getLogger(name).addFilter(_HEADERS_FILTER)
