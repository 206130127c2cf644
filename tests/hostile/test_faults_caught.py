"""The fault matrix can fail: each thing that must not happen is done on purpose, and named cells say so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from issuant import AuthenticationError, Effect, OutcomeUnknownError, RateLimitedError, UnansweredError, advice, body
from issuant.providers import galileo
from issuant.repeating import ONCE
from issuant.replies import unusable

from tests.hostile.cells import cell_of
from tests.hostile.judging import run
from tests.hostile.oracle import LASTING
from tests.hostile.table import lines
from tests.hostile.trial import Stand
from tests.hostile.wrongs import BOUND


@pytest.fixture(autouse=True)
def _short_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "LONGEST_REPLY", BOUND)


def faults_of(cell: str, **options: Any) -> str:
    """Return all that is wrong with a cell, in one text; an empty one for nothing."""
    return "; ".join(run(cell_of(cell), **options).faults)


class Meddling(httpx.BaseTransport):
    """A way to a stand on which somebody does what `meddle` does with the way."""

    def __init__(self, stand: Stand, meddle: Callable[[httpx.BaseTransport, httpx.Request], httpx.Response]) -> None:
        self._way = stand.transport()
        self._meddle = meddle

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._meddle(self._way, request)


def _carry(meddle: Callable[[httpx.BaseTransport, httpx.Request], httpx.Response]) -> Callable[[Stand], Any]:
    return lambda stand: Meddling(stand, meddle)


def _repeating(way: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    try:
        return way.handle_request(request)
    except httpx.TransportError:
        return way.handle_request(request)


def _doubling(way: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    way.handle_request(request)
    return way.handle_request(request)


def _stuttering(way: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    reply = way.handle_request(request)
    document = json.loads(reply.read())
    for listed in (value for value in document.values() if isinstance(value, list)):
        listed.extend(tuple(listed))
    return httpx.Response(reply.status_code, json=document)


@pytest.mark.parametrize(
    "cell",
    [
        "galileo-issue 1 creates, drop-after once, sync",
        "galileo-issue_own_value 1 creates, drop-before once, sync",
        "fireworks-issue 1 creates, reset-after once, sync",
        "fireworks-create_user 1 creates, slow once, sync",
    ],
)
def test_a_create_that_is_sent_again_after_a_lost_reply_is_caught(cell: str) -> None:
    """Whether or not the first had an effect."""
    assert faults_of(cell) == ""
    assert "its request arrived 2 times" in faults_of(cell, carry=_carry(_repeating))


def test_a_key_that_is_made_twice_is_caught() -> None:
    """By what is there afterwards."""
    assert "2 things were made" in faults_of(
        "fireworks-issue 1 creates, reset-after once, sync", carry=_carry(_repeating)
    )
    assert "2 things were made" in faults_of("galileo-issue 1 creates, truncated once, sync", carry=_carry(_doubling))


@pytest.mark.parametrize(
    "cell",
    [
        "galileo-whoami 1 reads, drop-before once, sync",
        "fireworks-keys 1 reads, 503 once, async",
        "fireblocks-keys 1 reads, endless once, sync",
        "fireworks-revoke 1 removes, reset-after once, async",
        "fireblocks-pairing_token 1 keyed, drop-after once, sync",
        "galileo-issue 1 creates, 429 once, async",
    ],
)
def test_what_is_never_sent_again_is_caught(cell: str) -> None:
    """A fault that passes has to be survived where a second request does no harm."""
    assert faults_of(cell) == ""
    assert "has to be a " in faults_of(cell, retries=ONCE)
    assert "request arrived 1 times, and has to 2 times" in faults_of(cell, retries=ONCE)


@pytest.mark.parametrize(
    ("cell", "status", "kind"),
    [
        ("galileo-whoami 1 reads, 403 once, sync", 403, AuthenticationError),
        ("fireworks-keys 1 reads, 401 once, async", 401, RateLimitedError),
    ],
)
def test_an_error_of_another_class_is_caught(
    cell: str, status: int, kind: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two refusals that are swapped, each is named."""
    monkeypatch.setitem(advice.MEANINGS, status, (kind, "it is refused", ""))
    assert f"it is a {kind.__name__}" in faults_of(cell)


@pytest.mark.parametrize(
    ("cell", "kind", "effect", "words"),
    [
        (
            "galileo-issue 1 creates, drop-after once, sync",
            OutcomeUnknownError,
            Effect.NONE,
            "it says that nothing was changed",
        ),
        ("fireworks-keys 1 reads, drop-before for good, sync", UnansweredError, Effect.UNKNOWN, "its effect is"),
    ],
)
def test_an_effect_that_is_not_true_is_caught(
    cell: str, kind: type[Any], effect: Effect, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a key that was made, and of a reading."""
    monkeypatch.setattr(kind, "effect", effect)
    assert words in faults_of(cell)


def test_an_item_that_comes_twice_is_caught() -> None:
    """Although nothing is wrong with either."""
    assert "an item came twice" in faults_of(
        "fireworks-keys 1 reads, drop-before once, sync", carry=_carry(_stuttering)
    )


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("where", ["text", "attribute"])
def test_a_value_that_an_error_shows_is_caught(where: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its words, and in an attribute."""

    def leaking(reply: Any, faults: Any, **fields: Any) -> Any:
        error = unusable(reply, faults, **fields)
        assert error.secret is not None
        if where == "text":
            error.reason = f"the value is {error.secret.reveal()}"
        else:
            error.__dict__["seen"] = [error.secret.reveal()]
        return error

    monkeypatch.setattr(galileo, "unusable", leaking)
    assert "a secret is in" in faults_of(f"galileo-issue 1 creates, invalid-utf8 once, {mode}")


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("fault", ["pages-repeat", "pages-cycle"])
def test_pages_that_are_followed_for_ever_are_caught(fault: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the stand that puts an end to it."""

    def endlessly(fetch: Any, **named: Any) -> Iterator[Any]:
        token = None
        while True:
            page, token = yield from fetch(token)
            yield page
            if token is None:
                return

    monkeypatch.setattr(galileo, "paged", endlessly)
    assert faults_of(f"galileo-keys 2 reads, {fault} for good, {mode}") == "its requests do not end"


def test_the_table_shows_what_differs_between_the_flavours() -> None:
    """A letter for what came of it, a star where it is survived once, and a mark where the flavours differ."""
    row = "galileo-whoami 1 reads"
    once, lasting = [(row, "503", 1, "·")] * 2, [(row, "503", LASTING, "u")] * 2
    assert " u*" in "\n".join(lines([*once, *lasting]))
    assert " ## " not in "\n".join(lines([*once, *lasting]))
    assert " ##" in "\n".join(lines([*once, *lasting, (row, "503", 1, "u")]))
    assert list(lines([])) == []
