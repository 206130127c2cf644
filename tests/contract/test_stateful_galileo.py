"""The life of a Galileo key along the document's links: created, listed and deleted, in whatever order they allow.

schemathesis follows the links. Galileo has no operation that gets one key, so its own use_after_free has nothing to
look at; that what is gone stays gone is held here, by a record of what was created and deleted.

Facts
- schemathesis begins no sequence with an operation that takes the id of what no operation makes. A creation takes a
  `project_id`, so that is left out of the document that it reads.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import Phase, settings
from issuant.mocks import Headers, MovableClock, Reply, Request, loopback
from issuant.mocks.galileo import GalileoSimulator

from tests.contract.credentials import credential
from tests.contract.documents import effective, load
from tests.contract.drawing import steady

CREATE = "POST /v2/users/api_keys"
LIST = "GET /v2/users/{user_id}/api_keys"
DELETE = "DELETE /v2/users/api_keys/{api_key_id}"
HEADER = "Galileo-API-Key"

EXAMPLES = 25
STEPS = 10
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


class Record:
    """What a client may believe of its keys after each reply, and whether the vendor keeps to it.

    `lives` counts keys that were created, then seen in a list, then deleted; `repeats` deletions of what is gone.
    """

    def __init__(self, probe: httpx.Client) -> None:
        self.lives = 0
        self.repeats = 0
        self.replies: Counter[tuple[str, int]] = Counter()
        self._probe = probe
        self.forget()

    def forget(self) -> None:
        """Begin anew with an empty vendor."""
        self._values: dict[str, str] = {}
        self._listed: set[str] = set()
        self._gone: set[str] = set()

    def take(self, label: str, case: Any, status: int, body: dict[str, Any]) -> None:
        """Note a reply. Raises AssertionError where it cannot follow from those before."""
        self.replies[label, status] += 1
        if label == CREATE and status == 200:
            self._created(body)
        if label == LIST and status == 200:
            self._list(case, body)
        if label == DELETE and case.path_parameters["api_key_id"] in self._values.keys() | self._gone:
            self._deleted(case.path_parameters["api_key_id"], status)

    def _created(self, body: dict[str, Any]) -> None:
        assert body["id"] not in self._values.keys() | self._gone, "an id was given twice"
        self._values[body["id"]] = body["api_key"]

    def _list(self, case: Any, body: dict[str, Any]) -> None:
        listed = {key["id"] for key in body["api_keys"]}
        assert not listed & self._gone, "a deleted key is in the list"
        is_whole = not case.query.get("starting_token") and body["next_starting_token"] is None
        assert not is_whole or listed == self._values.keys(), "a key that lives is not in the list"
        self._listed |= listed

    def _deleted(self, id_: str, status: int) -> None:
        if id_ in self._gone:
            assert status == 404, "a deleted id still answers"
            self.repeats += 1
        else:
            assert status == 200, "a key that lives cannot be deleted"
            self._gone.add(id_)
            self.lives += id_ in self._listed
            value = self._values.pop(id_)
            if _fits_a_header(value):
                refused = self._probe.get("/current_user", headers={HEADER: value}).status_code
                assert refused == 401, "a revoked key lives on"


def _fits_a_header(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip()


def follow_the_links(simulator: GalileoSimulator) -> Record:
    """Let schemathesis follow the links of the document, each time with no keys to begin with. Raises what it finds."""
    with loopback.serve(simulator) as server, httpx.Client(base_url=server.base_url) as probe:
        record = Record(probe)
        generation = {"deterministic": True, "mode": "positive", "with-security-parameters": False}
        document = effective("galileo")
        del document["components"]["schemas"]["CreateApiKeyRequest"]["properties"]["project_id"]
        schema = load(document, {"base-url": server.base_url, "generation": generation})
        schema.auth.set_from_requests(credential(simulator))

        class Life(schema.as_state_machine()):  # type: ignore[misc]
            def setup(self) -> None:
                simulator.keys.clear()
                record.forget()

            def after_call(self, response: Any, case: Any) -> None:
                record.take(case.operation.label, case, response.status_code, response.json())

        phases = (Phase.generate,)  # a sequence that fails is told as it was found
        Life.run(
            settings=settings(
                steady(EXAMPLES), stateful_step_count=STEPS, phases=phases, report_multiple_bugs=False, print_blob=False
            )
        )
    return record


def test_keys_live_from_creation_to_deletion() -> None:
    """All checks hold on every sequence, and enough of them are whole lives to mean something."""
    record = follow_the_links(GalileoSimulator(clock=MovableClock(NOW)))
    assert record.lives >= 5
    assert record.repeats >= 5
    assert {label for label, status in record.replies if status == 200} == {CREATE, LIST, DELETE, "GET /current_user"}


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
        if not self.keys:
            self.shown.clear()
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
        pytest.param(AnswersForDeletedIds, "a deleted id still answers", id="deleted-id-answers"),
        pytest.param(KeepsDeletedKeys, "a revoked key lives on", id="deleted-key-kept"),
        pytest.param(KeepsListingDeletedKeys, "a deleted key is in the list", id="deleted-key-listed"),
        pytest.param(AcceptsRevokedKeys, "a revoked key lives on", id="revoked-key-accepted"),
        pytest.param(ListsNothing, "a key that lives is not in the list", id="key-not-listed"),
    ],
)
def test_a_vendor_that_forgets_nothing_or_all_is_caught(kind: type[GalileoSimulator], found: str) -> None:
    """By what is wrong with it."""
    simulator = kind() if issubclass(kind, _Remembering) else kind(clock=MovableClock(NOW))
    with pytest.raises(AssertionError, match=found):
        follow_the_links(simulator)


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
