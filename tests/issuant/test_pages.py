"""Reading a page of a list: each item by itself, so that one that cannot be read costs no other."""

from __future__ import annotations

import json

import httpx
import pytest
from issuant.errors import NotSentError
from issuant.flow import Flow, Stream, collect, exchange, run
from issuant.inventory import KeyInfo, Page
from issuant.keys import KeyStatus, VendorFields
from issuant.pages import read_page
from issuant.redaction import Redactor, Traces
from issuant.replies import Reply
from issuant.salvage import Field
from issuant.secret import Secret

from tests.issuant.paging import Pages, page, stream
from tests.issuant.recording import a_call

VALUE = "galileo_TEST_not_a_key"


def read(fields: VendorFields) -> KeyInfo | tuple[str, ...]:
    if not isinstance(fields.get("id"), str):
        return ("id is not a text",)
    return KeyInfo(provider="galileo", id=str(fields["id"]), name=str(fields.get("name")), status=KeyStatus.ACTIVE)


def page_of(listed: object, *, id_field: Field = "id") -> Page[KeyInfo] | None:
    response = httpx.Response(200, headers={"X-Request-ID": "req-1"})
    content = json.dumps({"keys": listed}).encode()
    redactor = Redactor([Traces([Secret(VALUE)])])
    reply = Reply(response, content, provider="galileo", operation="keys", redactor=redactor, reads=True)
    return read_page(reply, listed, read, id_field=id_field, name_field="name")


def test_the_items_of_a_list_are_read_in_order() -> None:
    """And the page knows its request."""
    found = page_of([{"id": "a"}, {"id": "b"}])
    assert found is not None
    assert [key.id for key in found.items] == ["a", "b"]
    assert (found.problems, found.request_id) == ((), "req-1")


@pytest.mark.parametrize("listed", [None, {}, "[]", 0, True], ids=["null", "object", "text", "number", "truth"])
def test_what_is_no_list_is_no_page(listed: object) -> None:
    """An empty list is one."""
    assert page_of(listed) is None
    assert page_of([]) == Page(items=(), request_id="req-1")


@pytest.mark.parametrize(
    ("item", "id_", "name", "fault"),
    [
        pytest.param({"id": 5, "name": "k"}, "5", "k", "id is not a text", id="id-of-another-kind"),
        pytest.param({"name": "k"}, None, "k", "id is not a text", id="no-id"),
        pytest.param({"id": None, "name": ["k"]}, None, None, "id is not a text", id="neither"),
        pytest.param({"id": [], "name": VALUE}, None, None, "id is not a text", id="name-that-is-a-secret"),
        pytest.param({"id": [], "name": "a\nb"}, None, None, "id is not a text", id="name-that-cannot-be-shown"),
        pytest.param({"id": [], "name": "x" * 1001}, None, None, "id is not a text", id="name-beyond-reason"),
        pytest.param(None, None, None, "it is no object", id="null"),
        pytest.param(["a"], None, None, "it is no object", id="list"),
        pytest.param("a", None, None, "it is no object", id="text"),
    ],
)
def test_an_item_that_cannot_be_read_is_a_problem_of_that_item(
    item: object, id_: str | None, name: str | None, fault: str
) -> None:
    """With its place, and what can be shown of its id and name."""
    found = page_of([{"id": "a"}, item, {"id": "b"}])
    assert found is not None
    assert [key.id for key in found.items] == ["a", "b"]
    (problem,) = found.problems
    assert (problem.position, problem.id, problem.name, problem.faults) == (1, id_, name, (fault,))
    assert problem.request_id == "req-1"
    assert VALUE not in f"{problem} {problem!r}"


def test_a_problem_reads_as_a_sentence() -> None:
    """With the id where it is known, and never with the name, which anybody may have chosen."""
    found = page_of([{"id": 7, "name": "k"}, 3])
    assert found is not None
    assert [str(problem) for problem in found.problems] == ["item 0 (7): id is not a text", "item 1: it is no object"]


def test_an_id_that_stands_deeper_is_found() -> None:
    """By all the names that lead to it."""
    found = page_of([{"meta": {"id": 7}}], id_field=("meta", "id"))
    assert found is not None
    assert found.problems[0].id == "7"


def taken(most: int) -> Flow[list[str]]:
    found: list[str] = []

    def take(one: Page[KeyInfo]) -> bool:
        found.extend(key.id for key in one.items)
        return len(found) >= most

    yield from collect(stream(), take)
    return found


@pytest.mark.parametrize(("most", "asked"), [(1, 1), (2, 2), (99, 3)])
def test_an_operation_goes_through_a_list_as_far_as_it_must(most: int, asked: int) -> None:
    """No page is fetched beyond."""
    sender = Pages([page("a", token="1"), page("b", token="2"), page("c")])
    assert run(taken(most), sender) == ["a", "b", "c"][:most]
    assert sender.asked == asked


def test_an_error_of_a_page_reaches_the_operation_and_the_list() -> None:
    """The list may clean up after itself; the operation is told."""
    cleaned: list[bool] = []

    def careful() -> Stream[KeyInfo]:
        try:
            yield from exchange(a_call(reads=True))
        finally:
            cleaned.append(True)

    def gone_through() -> Flow[None]:
        yield from collect(careful(), lambda _: True)

    failure = NotSentError("no connection.")
    with pytest.raises(NotSentError) as caught:
        run(gone_through(), Pages([failure]))
    assert caught.value is failure
    assert cleaned == [True]
