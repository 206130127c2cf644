"""Good replies broken in one field, one place or one byte, and what is left of the key that they issue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from issuant import Effect, UnusableReplyError

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
    for name in good:
        faults = {**WRONG, **(NO_TIME if name in (*TIMES, operation.time_field) else {})}
        if name == "project_role":
            faults["unknown"] = "overlord"
        for fault, value in faults.items():
            reply = {key: kept for key, kept in {**good, name: value}.items() if kept is not ...}
            # Of a provider that has no list above, this alone is sure: without its value, a key is no success.
            succeeds: bool | None = fault == "long" if name == operation.value_field else None
            if known is not None:
                succeeds = (name, fault) in known
            yield _row(operation, mode, f"{name}-{fault}", json.dumps(reply).encode(), reply, succeeds=succeeds)
    for name, reply in _odd_documents(operation).items():
        yield _row(operation, mode, name, json.dumps(reply).encode(), reply, succeeds=False)


def _odd_documents(operation: Operation) -> dict[str, dict[str, Any]]:
    good = operation.reply or {}
    odd: dict[str, dict[str, Any]] = {"within": {"result": dict(good)}, "within-a-list": {"results": [good]}}
    if not operation.value_field:
        return odd
    decoy = {operation.id_field: "decoy", operation.value_field: "decoy_TEST_not_a_key"}
    value = {operation.value_field: good[operation.value_field], operation.id_field: good[operation.id_field]}
    rest = {name: kept for name, kept in good.items() if name not in value}
    if operation.time_field:
        broken = {operation.time_field: 3}
        odd["behind-a-decoy"] = {"extra": decoy, **rest, **broken, **value}
        odd["long-value"] = {**good, **broken, operation.value_field: "x_TEST_" * 100}
    odd["id-is-the-value"] = {**good, operation.id_field: good[operation.value_field]}
    odd["id-holds-the-value"] = {**good, operation.id_field: f"key/{good[operation.value_field]}"}
    if operation.name_field:
        odd["name-is-the-value"] = {**good, operation.name_field: good[operation.value_field]}
    if operation is GALILEO_ISSUE:
        odd["id-not-a-uuid"] = {**good, "id": "key-17"}
    for fault, broken_value in {
        "blank": "   ",
        "spaced": "a TEST key",
        "line-end": "fw_TEST_not_a_key\n",
        "escape": "fw_TEST\u001b[31m",
        "bidi": "fw_TEST\u202enot_a_key",
    }.items():
        odd[f"value-{fault}"] = {**good, operation.value_field: broken_value}
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
    inner = reply.get("result", reply)
    inner = inner["results"][0] if "results" in inner else inner
    value = usable(inner.get(operation.value_field))
    known = shown_id(inner.get(operation.id_field), value)
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
    value_first = dict(sorted(good.items(), key=lambda item: item[0] != operation.value_field))
    for order, reply in {"": good, "-value-first": value_first}.items():
        whole = json.dumps(reply).encode()
        ends = {
            name: whole.index(json.dumps(reply[name]).encode(), whole.index(f'"{name}":'.encode()))
            + len(json.dumps(reply[name]))
            for name in (operation.id_field, operation.value_field)
            if name
        }
        for length in range(1, len(whole), step):
            known = str(good[operation.id_field]) if length >= ends[operation.id_field] else None
            has_value = bool(operation.value_field) and length >= ends[operation.value_field]
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
        if not operation.value_field:
            return


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
            id=str((operation.reply or {})[operation.id_field]),
            secret=operation.value or None,
        )


def _odd_successes(operation: Operation, mode: Mode) -> Iterator[Row]:
    """What is no fault: unknown fields, other content types, times without an offset, a name given twice, a BOM."""
    good = json.dumps(operation.reply).encode()
    naive = json.dumps({name: _naive(value) for name, value in (operation.reply or {}).items()}).encode()
    sendings = {
        "unknown-fields": Sent(body=good[:-1] + b', "brandNew": {"a": [1, null]}, "": 3}'),
        "text-plain": Sent(body=good, content_type="text/plain"),
        "octet-stream": Sent(body=good, content_type="application/octet-stream"),
        "no-type": Sent(body=good, content_type=""),
        "created": Sent(body=good, status=201),
        "naive-times": Sent(body=naive),
        "id-twice": Sent(body=b'{"' + operation.id_field.encode() + b'": "earlier", ' + good[1:]),
        "bom": Sent(body=b"\xef\xbb\xbf" + good),
        "huge": Sent(body=good[:-1] + b', "note": "' + b"x" * 5_000_000 + b'"}'),
        "cookie": Sent(body=good, headers={"Set-Cookie": "session=TEST_cookie_not_a_key; Secure"}),
    }
    for name, sent in sendings.items():
        yield Row(name=f"tolerated-{name}", operation=operation, mode=mode, answer=sent, kind=None)


def _naive(value: object) -> object:
    return value.removesuffix("Z").removesuffix("+00:00") if isinstance(value, str) and value[:2] == "20" else value


def rows() -> Iterator[Row]:
    for mode in MODES:
        for operation in (operation for operation in OPERATIONS if operation.id_field):
            yield from _rows(operation, mode)
            yield from _cut_rows(operation, mode, step=7 if mode == "sync" else 41)
            yield from _damaged_rows(operation, mode)
            yield from _odd_successes(operation, mode)


FIELD_ROWS = tuple(rows())
