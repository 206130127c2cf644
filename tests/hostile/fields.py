"""Good replies broken in one field, one place or one byte, and what is left of the key that they issue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from issuant import Effect, UnusableReplyError

from tests.contract.places import Place, at, places, put
from tests.hostile.matrix import Row
from tests.hostile.operations import (
    GALILEO_ISSUE,
    MODES,
    OPERATIONS,
    Mode,
    Operation,
)
from tests.hostile.wire import Sent

# A field that is not there, null, of another type, or no text that can be shown.
WRONG: dict[str, object] = {
    "absent": ...,
    "null": None,
    "number": 12,
    "list": ["a"],
    "object": {"a": "b"},
    "nested": {"a": {"b": ["c"]}},
    "true": True,
    "empty": "",
    "control": "a\u0000b\nc",
    "long": "x" * 20_000,
    "surrogate": "a\ud800",
}
NO_TIME: dict[str, object] = {
    "not-a-time": "soon",
    "impossible": "2030-02-30T00:00:00Z",
    "far": "99999-01-01T00:00:00Z",
}

ODD_TEXTS = ("empty", "control", "long", "surrogate")  # texts all the same

# What a key is none the worse for: (field, fault). All else makes the reply unusable.
TOLERATED = {
    "fireworks-issue": {
        *(("secure", fault) for fault in WRONG),  # of no use to anybody here; it stands in `fields` as it came
        *((name, "absent") for name in ("displayName", "createTime", "email", "prefix", "expireTime", "annotations")),
        ("lastUsed", "absent"),
        *((name, "null") for name in ("createTime", "expireTime", "annotations", "lastUsed")),
        *((name, fault) for name in ("displayName", "email", "prefix") for fault in ("null", *ODD_TEXTS)),
        ("annotations", "object"),
        ("key", "long"),
        ("keyId", "number"),  # an integer is an id
    },
    "fireworks-put-secret": {("keyName", fault) for fault in ODD_TEXTS},
    "galileo-issue": {
        *((name, fault) for name in ("expires_at", "last_used", "project_role") for fault in ("absent", "null")),
        *((name, "null") for name in ("created_at", "updated_at")),
        *(("project_id", fault) for fault in WRONG),  # what was asked for is known; it stands in `fields` as it came
        *((name, fault) for name in ("description", "truncated") for fault in ("null", *ODD_TEXTS)),
        *(("project_role", fault) for fault in ODD_TEXTS),
        ("project_role", "unknown"),
        ("api_key", "long"),
    },
}
TIMES = ("createTime", "expireTime", "lastUsed", "expires_at", "created_at", "updated_at", "last_used")


def _rows(operation: Operation, mode: Mode) -> Iterator[Row]:
    good, known = operation.reply or {}, TOLERATED.get(operation.name)
    for place in places(good) if known is None else ((name,) for name in good):
        name = ".".join(place)
        faults = {**WRONG, **(NO_TIME if name in TIMES or place == operation.time_place else {})}
        if name == "project_role":
            faults["unknown"] = "overlord"
        for fault, value in faults.items():
            reply = put(good, place, value)
            # Of a provider that has no list above, this alone is sure: without its value, a key is no success.
            succeeds: bool | None = None
            if operation.value_place[: len(place)] == place:
                succeeds = fault == "long" and place == operation.value_place
            if known is not None:
                succeeds = (name, fault) in known
            yield _row(operation, mode, f"{name}-{fault}", json.dumps(reply).encode(), reply, succeeds=succeeds)
    for name, reply in _odd_documents(operation).items():
        yield _row(operation, mode, name, json.dumps(reply).encode(), reply, succeeds=False)


def _odd_documents(operation: Operation) -> dict[str, dict[str, Any]]:
    good = operation.reply or {}
    odd: dict[str, dict[str, Any]] = {"within": {"outer": dict(good)}, "within-a-list": {"outers": [good]}}
    if not operation.value:
        return odd
    decoy = {operation.id_place[-1]: "decoy", operation.value_place[-1]: "decoy_TEST_not_a_key"}
    if operation.time_place:
        broken = put(good, operation.time_place, 3)
        last = (operation.value_place[0], operation.id_place[0])
        odd["behind-a-decoy"] = {"extra": decoy, **dict(sorted(broken.items(), key=lambda item: item[0] in last))}
        odd["long-value"] = put(broken, operation.value_place, "x_TEST_" * 100)
    odd["id-is-the-value"] = put(good, operation.id_place, operation.value)
    odd["id-holds-the-value"] = put(good, operation.id_place, f"key/{operation.value}")
    if operation.name_place:
        odd["name-is-the-value"] = put(good, operation.name_place, operation.value)
    if operation is GALILEO_ISSUE:
        odd["id-not-a-uuid"] = {**good, "id": "key-17"}
    for fault, broken_value in {
        "blank": "   ",
        "spaced": "a TEST key",
        "line-end": "fw_TEST_not_a_key\n",
        "escape": "fw_TEST\u001b[31m",
        "bidi": "fw_TEST\u202enot_a_key",
    }.items():
        odd[f"value-{fault}"] = put(good, operation.value_place, broken_value)
    return odd


def usable(value: object) -> str | None:
    """The value of a key that an error may carry: printable, no blank in it, not empty."""
    if not isinstance(value, str) or not value or not value.isprintable() or len(value.split()) != 1:
        return None
    return value


def shown_id(found: object, value: str | None) -> str | None:
    """The id that an error may carry: text or a number, not too long, and without the value in it."""
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    text = str(found)
    return text if text and len(text) <= 200 and text.isprintable() and not (value and value in text) else None


def _row(
    operation: Operation, mode: Mode, name: str, body: bytes, reply: dict[str, Any], *, succeeds: bool | None
) -> Row:
    inner = reply.get("outer", reply)
    inner = inner["outers"][0] if "outers" in inner else inner
    value = usable(at(inner, operation.value_place))
    known = shown_id(at(inner, operation.id_place), value)
    return Row(
        name=f"field-{name}",
        operation=operation,
        mode=mode,
        answer=Sent(body=body),
        kind=None if succeeds else UnusableReplyError,
        may_succeed=succeeds is None,
        effect=Effect.CREATED,
        id=known,
        secret=value,
    )


def _cut_rows(operation: Operation, mode: Mode, step: int) -> Iterator[Row]:
    """The good reply cut at every so many bytes, the id first and the value first."""
    good = operation.reply or {}
    for order, reply in {"": good, "-value-first": _leading(good, operation.value_place)}.items():
        whole = json.dumps(reply).encode()
        for length in range(1, len(whole), step):
            known = operation.id if length >= _end(reply, operation.id_place) else None
            has_value = bool(operation.value) and length >= _end(reply, operation.value_place)
            yield Row(
                name=f"cut{order}-at-{length}",
                operation=operation,
                mode=mode,
                answer=Sent(body=whole[:length]),
                kind=UnusableReplyError,
                effect=Effect.CREATED if known or has_value else Effect.UNKNOWN,
                id=known,
                secret=operation.value if has_value else None,
            )
        if not operation.value:
            return


def _leading(body: dict[str, Any], place: Place) -> dict[str, Any]:
    """The same body with a field in front of all others, and so the objects that it is in."""
    if not place:
        return body
    first, deeper = place[0], place[1:]
    rest = {name: kept for name, kept in body.items() if name != first}
    return {first: _leading(body[first], deeper) if deeper else body[first], **rest}


def _end(body: dict[str, Any], place: Place) -> int:
    """The number of bytes after which a field can be read of a body; a number ends where something follows it."""
    mark = "END-OF-THE-FIELD"
    marked = json.dumps(put(body, place, mark)).encode().index(json.dumps(mark).encode())
    value = at(body, place)
    return marked + len(json.dumps(value)) + (not isinstance(value, str))


def _damaged_rows(operation: Operation, mode: Mode) -> Iterator[Row]:
    """JSON that no parser takes, around an id and a value that can be read."""
    good = json.dumps(operation.reply)
    damages = {
        "not-utf8": good.encode()[:-1] + b', "note": "\xff\xfe"}',
        "deep": good.encode()[:-1] + b', "note": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        "trailing": good.encode() + b"}}",
        "twice": good.encode() + good.encode(),
        "comment": b"/* key */ " + good.encode(),
        "unquoted-tail": good.encode()[:-1] + b", note: 1}",
        "huge": good.encode()[:-1] + b', "note": "' + b"x" * 5_000_000,
    }
    for name, body in damages.items():
        yield Row(
            name=f"damaged-{name}",
            operation=operation,
            mode=mode,
            answer=Sent(body=body),
            kind=UnusableReplyError,
            effect=Effect.CREATED,
            id=operation.id,
            secret=operation.value or None,
        )


def _odd_successes(operation: Operation, mode: Mode) -> Iterator[Row]:
    """What is no fault: unknown fields, other content types, times without an offset, a name given twice, a BOM."""
    good = json.dumps(operation.reply).encode()
    naive = json.dumps(_naive(operation.reply)).encode()
    sendings = {
        "unknown-fields": Sent(body=good[:-1] + b', "brandNew": {"a": [1, null]}, "": 3}'),
        "text-plain": Sent(body=good, content_type="text/plain"),
        "octet-stream": Sent(body=good, content_type="application/octet-stream"),
        "no-type": Sent(body=good, content_type=""),
        "created": Sent(body=good, status=201),
        "naive-times": Sent(body=naive),
        "id-twice": Sent(body=b'{"' + operation.id_place[0].encode() + b'": "earlier", ' + good[1:]),
        "bom": Sent(body=b"\xef\xbb\xbf" + good),
        "huge": Sent(body=good[:-1] + b', "note": "' + b"x" * 5_000_000 + b'"}'),
        "cookie": Sent(body=good, headers={"Set-Cookie": "session=TEST_cookie_not_a_key; Secure"}),
    }
    for name, sent in sendings.items():
        yield Row(name=f"tolerated-{name}", operation=operation, mode=mode, answer=sent, kind=None)


def _naive(value: object) -> object:
    if isinstance(value, dict):
        return {name: _naive(inner) for name, inner in value.items()}
    return value.removesuffix("Z").removesuffix("+00:00") if isinstance(value, str) and value[:2] == "20" else value


def rows() -> Iterator[Row]:
    for mode in MODES:
        for operation in (operation for operation in OPERATIONS if operation.id_place):
            yield from _rows(operation, mode)
            yield from _cut_rows(operation, mode, step=7 if mode == "sync" else 41)
            yield from _damaged_rows(operation, mode)
            yield from _odd_successes(operation, mode)


FIELD_ROWS = tuple(rows())
