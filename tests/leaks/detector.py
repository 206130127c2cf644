"""Looks for secrets in everything that an outcome or an error shows. It knows what the secrets are, and no rules."""

from __future__ import annotations

import base64
import copy
import dataclasses
import io
import json
import pickle
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any
from urllib.parse import quote, quote_plus

import attrs
import httpx
import issuant
import issuant_galileo
from issuant import IssuantError, Secret

OURS = (str(Path(issuant.__file__).parent), str(Path(issuant_galileo.__file__).parent.parent))
_DEPTH = 12
_PEM_PIECE = 10  # a run of 20 characters holds one of the pieces of 10 that a line is cut into


class Needles:
    """What a secret looks like: plain, quoted, in base64, escaped, and a private key in any piece."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms: set[str] = set()
        for secret in secrets:
            self._forms.update(_forms(secret))

    def found_in(self, text: str) -> bool:
        return any(form in text for form in self._forms)


@cache
def _forms(secret: str) -> frozenset[str]:
    return frozenset(_pem_pieces(secret) if "-----BEGIN" in secret else _text_forms(secret))


def _text_forms(secret: str) -> set[str]:
    raw = secret.encode()
    encoded = {base64.b64encode(bytes(shift) + raw).decode()[4:].rstrip("=")[:-1] for shift in range(3)}
    urlsafe = {form.replace("+", "-").replace("/", "_") for form in encoded}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), *escaped, *encoded, *urlsafe}


def _pem_pieces(pem: str) -> Iterator[str]:
    for line in pem.splitlines():
        if not line.startswith("-----") and len(line) == 64:
            yield from (line[at : at + _PEM_PIECE] for at in range(0, 60, _PEM_PIECE))
    yield base64.b64encode(pem.encode()).decode()[40:100]


def texts_of(value: object, channel: str, depth: int = 0, seen: set[int] | None = None) -> Iterator[tuple[str, str]]:
    """Every text in `value`: its repr, and those in containers, dataclasses and attrs objects, whatever they mask."""
    seen = set() if seen is None else seen
    if id(value) in seen or depth > _DEPTH or isinstance(value, Secret | httpx.Client | httpx.Response | httpx.Request):
        return
    seen.add(id(value))
    if isinstance(value, str):
        yield channel, value
        return
    if isinstance(value, bytes | bytearray):
        yield channel, value.decode("utf-8", "replace")
        return
    with suppress(RecursionError, AttributeError):  # a repr that fails, as of an object half made, shows nothing
        yield f"{channel} repr", repr(value)
    for name, inner in _parts(value):
        yield from texts_of(inner, f"{channel}.{name}", depth + 1, seen)


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key in value:
            yield "key", key
            yield str(key)[:20], value[key]
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (("item", item) for item in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from ((item.name, getattr(value, item.name, None)) for item in dataclasses.fields(value))
    elif attrs.has(type(value)):
        yield from ((item.name, getattr(value, item.name, None)) for item in attrs.fields(type(value)))  # type: ignore[arg-type]


def printed(value: Any) -> Iterator[tuple[str, str]]:
    """What printing, formatting, copying and pickling `value` shows."""
    yield "str", str(value)
    yield "repr", repr(value)
    yield "format", format(value)
    yield "f-string", f"{value} {value!s} {value!r} {value!a}"
    yield "%", "%s %r" % (value, value)  # noqa: UP031 - one more way to print
    with suppress(TypeError):  # what takes no format specification shows nothing
        yield "padded", f"{value:>30}"
    with suppress(TypeError):  # a copy that is refused shows nothing
        yield "copy", repr(copy.copy(value))
    with suppress(TypeError):
        yield "deepcopy", repr(copy.deepcopy(value))
    yield from pickled(value)


def pickled(value: object) -> Iterator[tuple[str, str]]:
    """The pickle of `value`, by every protocol; nothing where it is refused."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        buffer = io.BytesIO()
        refusal = None
        try:
            pickle.Pickler(buffer, protocol).dump(value)
        except (TypeError, pickle.PicklingError) as error:
            refusal = str(error)
        if refusal is None:
            yield f"pickle {protocol}", buffer.getvalue().decode("utf-8", "replace")
        else:
            yield f"pickle {protocol} refused", refusal


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it hangs on to, suppressed contexts too."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [linked for linked in (current.__cause__, current.__context__) if linked is not None]


def frames(trace: TracebackType | None) -> Iterator[FrameType]:
    """The frames of a traceback whose code is ours."""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(OURS):
            yield trace.tb_frame
        trace = trace.tb_next


def locals_of(error: BaseException) -> Iterator[tuple[str, str]]:
    """What the locals of our frames hold."""
    for frame in frames(error.__traceback__):
        for name, value in frame.f_locals.items():
            yield from texts_of(value, f"local {frame.f_code.co_name}:{name}")


def shown_by_error(error: BaseException) -> Iterator[tuple[str, str]]:
    """Everything that an exception and its chain show."""
    for linked in chain(error):
        yield from printed(linked)
        yield from texts_of(linked.args, "args")
        yield from texts_of(getattr(linked, "__notes__", []), "notes")
        yield from texts_of(vars(linked), "attributes")
        yield from locals_of(linked)
        if isinstance(linked, IssuantError):
            yield "as_dict", json.dumps(linked.as_dict())
    rendered = traceback.TracebackException.from_exception(error, capture_locals=True)
    for frame in rendered.stack:
        if frame.filename.startswith(OURS):
            yield f"captured locals of {frame.name}", repr(frame.locals)
    yield "traceback", "".join(traceback.format_exception(error))


def shown_by_outcome(outcome: object) -> Iterator[tuple[str, str]]:
    """Everything that a result prints; its fields in the vendor's words may be looked at, but print nothing."""
    yield from printed(outcome)
    with suppress(TypeError):
        yield "asdict", repr(dataclasses.asdict(outcome))  # type: ignore[call-overload]
    for item in dataclasses.fields(outcome):  # type: ignore[arg-type]
        yield f"field {item.name}", repr(getattr(outcome, item.name))


def leaks(shown: Iterable[tuple[str, str]], secrets: Iterable[str]) -> list[str]:
    """The channels through which one of `secrets` shows, without repeats and in order."""
    needles, shown = Needles(secrets), list(shown)
    if not needles.found_in("\n".join(text for _, text in shown)):  # one search through all, as nearly always
        return []
    return list(dict.fromkeys(channel for channel, text in shown if needles.found_in(text)))
