"""The life of a Galileo key along the document's links: created, listed and deleted, in whatever order they allow.

Galileo has no operation that gets one key, so schemathesis' own use_after_free has nothing to look at; that what is
gone stays gone is held here, by a record of what was created and deleted.

Facts
- schemathesis begins no sequence with an operation that takes the id of what no operation makes. A creation takes a
  `project_id`, so that is left out of the document that it reads.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from issuant.mocks import Headers, MovableClock, Reply, Request
from issuant.mocks.galileo import GalileoSimulator

from tests.contract.credentials import credential
from tests.contract.documents import Document, effective, operations
from tests.contract.stateful import Step, Walk, walk_until

HEADER = "Galileo-API-Key"
SEQUENCES = 25
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

GONE_BUT_ANSWERS = "a deleted id still answers"
GONE_BUT_LISTED = "a deleted key is in the list"
LIVES_ON = "a revoked key lives on"
NOT_LISTED = "a key that lives is not in the list"


class Record:
    """What a client may believe of its keys after each reply, and in `faults` where the vendor does not keep to it.

    `lives` counts keys that were created, then seen in a list, then deleted; `repeats` deletions of what is gone.
    """

    def __init__(self, simulator: GalileoSimulator) -> None:
        self.lives = 0
        self.repeats = 0
        self.replies: Counter[tuple[str, int]] = Counter()
        self.faults: set[str] = set()
        self._simulator = simulator
        self._living = set(simulator.keys)
        self._values: dict[str, str] = {}
        self._listed: set[str] = set()
        self._gone: set[str] = set()

    def take(self, step: Step) -> None:
        """Note a reply, and what of it cannot follow from those before."""
        self.replies[step.operation, step.status] += 1
        match step.operation:
            case "create_api_key" if step.succeeded:
                self._created(step.reply)
            case "list_api_keys" if step.succeeded:
                self._list(step)
            case "delete_api_key":
                self._deleted(step.path.rsplit("/", 1)[-1], step.status)

    def _created(self, body: dict[str, Any]) -> None:
        self._expect(body["id"] not in self._living | self._gone, "an id was given twice")
        self._living.add(body["id"])
        self._values[body["id"]] = body["api_key"]

    def _list(self, step: Step) -> None:
        listed = {key["id"] for key in step.reply["api_keys"]}
        self._expect(not listed & self._gone, GONE_BUT_LISTED)
        is_whole = step.query.get("starting_token", "0") == "0" and step.reply["next_starting_token"] is None
        self._expect(not is_whole or listed >= self._living, NOT_LISTED)
        self._listed |= listed

    def _deleted(self, id_: str, status: int) -> None:
        if id_ in self._gone:
            self._expect(status == 404, GONE_BUT_ANSWERS)
            self.repeats += 1
        elif id_ in self._living:
            self._expect(status == 200, "a key that lives cannot be deleted")
            self._living.remove(id_)
            self._gone.add(id_)
            self.lives += id_ in self._listed

    def end(self) -> None:
        """Try the values of the keys that are gone, but for what a caller chose anew for another key."""
        living = {self._values[id_] for id_ in self._living & self._values.keys()}
        revoked = {self._values[id_] for id_ in self._gone & self._values.keys()} - living
        self._expect(not any(map(self._is_accepted, revoked)), LIVES_ON)

    def _is_accepted(self, value: str) -> bool:
        headers = Headers({HEADER: value}.items())
        request = Request(method="GET", path="/current_user", headers=headers)
        return self._simulator.handle(request).status != 401

    def _expect(self, is_so: bool, fault: str) -> None:
        self.faults |= set() if is_so else {fault}


def document() -> Document:
    """Return the document in which a creation asks for no project."""
    found = effective("galileo")
    del found["components"]["schemas"]["CreateApiKeyRequest"]["properties"]["project_id"]
    return found


def follow_the_links(simulator: GalileoSimulator, is_enough: Callable[[Record], bool]) -> Record:
    """Let schemathesis follow the links of the document, and return what came of it, with what it found."""
    record = Record(simulator)
    seen = 0

    def take(found: Walk) -> bool:
        nonlocal seen
        for step in (step for steps in found.sequences[seen:] for step in steps):
            record.take(step)
        seen = len(found.sequences)
        record.end()
        record.faults |= set(found.failures)
        return is_enough(record)

    walk_until(take, simulator, document(), credential(simulator), parameters={}, sequences=SEQUENCES)
    return record


def is_whole(record: Record) -> bool:
    """Tell whether keys were created, listed and deleted, what was gone deleted again, and every operation reached."""
    reached = {operation for operation, status in record.replies if status == 200}
    return bool(record.lives and record.repeats) and reached == {
        operation.id for operation in operations() if operation.provider == "galileo"
    }


def test_keys_live_from_creation_to_deletion() -> None:
    """All checks hold on every sequence, and some of them are whole lives."""
    record = follow_the_links(GalileoSimulator(clock=MovableClock(NOW)), is_whole)
    assert record.faults == set()
    assert is_whole(record)


class _Remembering(GalileoSimulator):
    """Notes the ids that were deleted and the values that were issued."""

    def __init__(self) -> None:
        super().__init__(clock=MovableClock(NOW))
        self.deleted: set[str] = set()
        self.issued: set[str] = set()

    def handle(self, request: Request) -> Reply:
        reply = super().handle(request)
        if request.method == "DELETE" and reply.status == 200:
            self.deleted.add(request.path)
        if request.method == "POST" and reply.status == 200:
            self.issued.add(json.loads(reply.body)["api_key"])
        return reply


class AnswersForDeletedIds(_Remembering):
    """Says of a key that is gone that it has just been deleted."""

    def handle(self, request: Request) -> Reply:
        was_deleted = request.method == "DELETE" and request.path in self.deleted
        reply = super().handle(request)
        return Reply.json(200, {"message": "API key deleted"}) if was_deleted and reply.status == 404 else reply


class KeepsDeletedKeys(GalileoSimulator):
    """Says that a key is deleted, and keeps it."""

    def handle(self, request: Request) -> Reply:
        before = dict(self.keys)
        reply = super().handle(request)
        if request.method == "DELETE":
            self.keys = before
        return reply


class KeepsListingDeletedKeys(_Remembering):
    """Refuses a deleted key, and shows it in the list."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[str, dict[str, Any]] = {}

    def handle(self, request: Request) -> Reply:
        self.shown |= {id_: key.document() for id_, key in self.keys.items()}
        reply = super().handle(request)
        if request.method == "GET" and request.path.endswith("/api_keys") and reply.status == 200:
            body = {**json.loads(reply.body), "api_keys": list(self.shown.values())}
            return replace(reply, body=json.dumps(body).encode())
        return reply


class AcceptsRevokedKeys(_Remembering):
    """Takes every value that was ever issued."""

    def handle(self, request: Request) -> Reply:
        if request.headers.get(HEADER) in self.issued:
            fields = {**{name.lower(): value for name, value in request.headers.items()}, HEADER.lower(): self.api_key}
            request = replace(request, headers=Headers(fields.items()))
        return super().handle(request)


class ListsNothing(GalileoSimulator):
    """Creates keys that are in no list."""

    def handle(self, request: Request) -> Reply:
        reply = super().handle(request)
        if request.method == "GET" and request.path.endswith("/api_keys") and reply.status == 200:
            return replace(reply, body=json.dumps({**json.loads(reply.body), "api_keys": []}).encode())
        return reply


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        pytest.param(AnswersForDeletedIds, {GONE_BUT_ANSWERS}, id="deleted-id-answers"),
        pytest.param(KeepsDeletedKeys, {GONE_BUT_ANSWERS, GONE_BUT_LISTED, LIVES_ON}, id="deleted-key-kept"),
        pytest.param(KeepsListingDeletedKeys, {GONE_BUT_LISTED}, id="deleted-key-listed"),
        pytest.param(AcceptsRevokedKeys, {LIVES_ON}, id="revoked-key-accepted"),
        pytest.param(ListsNothing, {NOT_LISTED}, id="key-not-listed"),
    ],
)
def test_a_vendor_that_forgets_nothing_or_all_is_caught(kind: type[GalileoSimulator], found: set[str]) -> None:
    """By what is wrong with it."""
    simulator = kind() if issubclass(kind, _Remembering) else kind(clock=MovableClock(NOW))
    assert follow_the_links(simulator, lambda record: record.faults >= found).faults == found


def test_without_its_links_the_document_tells_no_sequence() -> None:
    """The count is of something: what is followed are the links, and each leads where it should."""
    document = effective("galileo")
    led = {
        (operation["operationId"], link["operationId"], *link["parameters"])
        for item in document["paths"].values()
        for operation in item.values()
        for link in operation["responses"]["200"].get("links", {}).values()
    }
    assert led == {
        ("create_api_key", "list_api_keys", "user_id"),
        ("create_api_key", "delete_api_key", "api_key_id"),
        ("list_api_keys", "delete_api_key", "api_key_id"),
        ("get_current_user", "list_api_keys", "user_id"),
    }
