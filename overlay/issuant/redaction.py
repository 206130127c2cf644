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

# A run of 12 characters of a secret holds one of its pieces of 8, of which one starts at every fifth character.
# A shorter run is an English word.
_PIECE = 8
_STRIDE = 5

# A secret of fewer characters is looked for as a word by itself: `eval` stands in half of all texts.
SHORTEST_TRACED = 8

# Texts, not compiled patterns: they are needed for a refusal alone, and re keeps what it has compiled.
_WORD = r"[A-Za-z]{1,24}(?:[-'’][A-Za-z]{1,24}){0,3}"
_ENUM = r"(?=[A-Z_]{3,48}\Z)[A-Z]{1,24}(?:_[A-Z]{1,24}){1,5}"
_NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,6})?%?"
_EDGES = "\"'`.,:;!?()[]{}<>=“”‘’"
_KIND = r"[A-Za-z]{1,24}(?:[_. ][A-Za-z]{1,24}){0,6}"
_REQUEST_ID = r"[A-Za-z0-9._:/+=-]{1,128}"

# Names that pydantic and proto put in front of a field; the fields themselves come with the call.
_PLACES = frozenset({"body", "query", "path", "header", "cookie", "__root__"})


class Traces:
    """By what some secrets are recognised in a text. Worked out when first asked for, then kept."""

    __slots__ = ("_pieces", "_secrets", "_whole")

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._secrets = tuple(secrets)
        self._pieces: frozenset[str] | None = None
        self._whole: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Traces({len(self._secrets)} secrets)"

    def are_in(self, words: str) -> bool:
        """Tell whether `words` hold one of the secrets, or 12 characters of one in a row, plain or encoded."""
        if not self._secrets:
            return False
        if self._pieces is None:
            self._whole, self._pieces = _pieces(self._secrets)
        pieces = self._pieces
        return any(_stands_in(form, words) for form in self._whole) or any(
            words[at : at + _PIECE] in pieces for at in range(len(words) - _PIECE + 1)
        )


def _stands_in(form: str, words: str) -> bool:
    """Tell whether a form of a secret stands in `words`; a short one only as a word by itself."""
    if len(form) >= SHORTEST_TRACED or form not in words:
        return form in words
    return re.search(as_word(form), words) is not None


def as_word(text: str) -> str:
    """Return the pattern that finds a text where it is a word by itself."""
    return rf"(?<!\w){re.escape(text)}(?!\w)"


class Redactor:
    """Scrubs what the provider said about one call.

    `traces` are those of the values that the call carried; `body` is the JSON that it sent, whose field names are safe
    to show.
    """

    __slots__ = ("_body", "_traces")

    def __init__(self, traces: Iterable[Traces], body: object = None) -> None:
        self._traces = tuple(traces)
        self._body = body

    @property
    def _names(self) -> frozenset[str]:
        return _PLACES | _field_names(self._body)

    def text(self, words: object) -> str:
        """Return a vendor's free text fit to be shown, at most 300 characters; empty for anything but text."""
        if not isinstance(words, str):
            return ""
        words = words[: 4 * _LONGEST_TEXT]  # no more can be shown, and a search through megabytes takes seconds
        if self.betrays(words):
            return _WITHHELD
        shown = " ".join(self._token(token) for token in words.split())
        return shown if len(shown) <= _LONGEST_TEXT else shown[: _LONGEST_TEXT - 1] + _MASKED

    def code(self, value: object) -> str | None:
        """Return a vendor's error code or enum as text, None for what is neither."""
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return str(int(value)) if abs(value) < 1_000_000 and value == int(value) else None
        return value if isinstance(value, str) and re.fullmatch(_KIND, value) and not self.betrays(value) else None

    def request_id(self, value: str | None) -> str | None:
        """Return the vendor's request id where it looks like one."""
        return value if value and re.fullmatch(_REQUEST_ID, value) and not self.betrays(value) else None

    def problems(self, items: object) -> tuple[FieldProblem, ...]:
        """Return the fields that a list of `{loc, msg, type}` names. `input` and `ctx` may echo a value: not read."""
        if not isinstance(items, list):
            return ()
        return tuple(self._problem(item) for item in items[:20] if isinstance(item, dict))

    def guarding(self, secret: Secret) -> Redactor:
        """Return one that knows `secret` besides."""
        return Redactor((*self._traces, Traces((secret,))), self._body)

    def betrays(self, words: str) -> bool:
        """Tell whether `words` hold a secret of the call, as `Traces.are_in` does."""
        return any(traces.are_in(words) for traces in self._traces)

    def _token(self, token: str) -> str:
        core = token.strip(_EDGES)
        if not core or re.fullmatch(f"{_WORD}|{_ENUM}|{_NUMBER}", core) or self._names.issuperset(core.split(".")):
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


def _field_names(value: object) -> set[str]:
    """Return every name in a JSON value that is about to be sent."""
    if isinstance(value, dict):
        return set(value).union(*(_field_names(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_field_names(inner) for inner in value))
    return set()


def _pieces(secrets: Iterable[Secret]) -> tuple[frozenset[str], frozenset[str]]:
    looks = {form for secret in secrets for form in forms(secret) if form}
    short = {form for form in looks if len(form) < _PIECE + _STRIDE}
    pieces = {form[at : at + _PIECE] for form in looks - short for at in range(0, len(form) - _PIECE + 1, _STRIDE)}
    return frozenset(short), frozenset(pieces)


def forms(secret: Secret) -> Sequence[str]:
    """Return what a secret looks like in a text: plain, escaped, quoted, backwards, and in base64."""
    text = secret.reveal()
    raw = text.encode(errors="surrogatepass")
    encoded = [_within_base64(raw, shift) for shift in range(3)]
    if re.fullmatch(r"[A-Za-z0-9_-]*", text):  # as most keys are; escaping and quoting leave it as it is
        return (text, text[::-1], *encoded)
    return (text, text[::-1], json.dumps(text)[1:-1], quote(raw, safe=""), *encoded)


def _within_base64(raw: bytes, shift: int) -> str:
    # How a text looks depends on how many bytes stand before it, modulo 3: the user name of basic auth is the case.
    return base64.b64encode(bytes(shift) + raw).decode()[(0, 2, 3)[shift] : (len(raw) + shift) * 8 // 6]


# `failed` too: the error quotes the line that is no header, or no size of a chunk.
_QUOTES_REPLY = ("receive_response_headers.complete", "receive_response_headers.failed", "receive_response_body.failed")


class ResponseHeadersFilter(logging.Filter):
    """Takes what a reply says out of httpcore's DEBUG lines: a Set-Cookie is a credential, and a body may be a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str) and record.msg.startswith(_QUOTES_REPLY):
            record.msg = f"{record.msg.split()[0]} (withheld by issuant)"
            record.args = None
        return True


_HEADERS_FILTER = ResponseHeadersFilter()


def quiet_http_logs() -> None:
    """Install the filter on httpcore's loggers. Safe to call again: a logger keeps one copy of a filter."""
    for name in ("httpcore.http11", "httpcore.http2"):
        logging.getLogger(name).addFilter(_HEADERS_FILTER)
